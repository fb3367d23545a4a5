"""Recipes: functions that return everything a run depends on."""

from jscgc_model.recipes.build import build_pipeline as build_pipeline
from jscgc_model.recipes.build import build_source as build_source
from jscgc_model.recipes.build import build_system as build_system
from jscgc_model.recipes.build import system_shape as system_shape
from jscgc_model.recipes.catalogue import RECIPES as RECIPES
from jscgc_model.recipes.catalogue import make_recipe as make_recipe
from jscgc_model.recipes.recipe import Recipe as Recipe
from jscgc_model.recipes.run_folder import train_recipe as train_recipe
