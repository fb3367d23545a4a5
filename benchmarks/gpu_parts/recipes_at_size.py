"""The recipes of the suite, whole or in the size of a test, and a step of their training."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gpu_parts.setting import Setting
from jscgc_model.recipes import Recipe, build_system, make_recipe, system_shape
from jscgc_model.system import CommunicationSystem
from jscgc_model.training.activation_recomputation import checkpoint_gradients
from jscgc_model.training.draws import draw_transmission
from jscgc_model.training.optimisers import make_optimisers
from jscgc_model.training.run_state import learning_parameters

_TINY = {
    "cifar_32": "tiny_images",
    "cifar_32_cjscc": "tiny_images_cjscc",
    "cifar_32_mamba": "tiny_images_mamba",
    "cifar_32_diff": "tiny_images_diff",
    "natural_64": "tiny_images",
    "natural_256": "tiny_images",
    "paper": "tiny_images",
}


def recipe_at_size(name: str, setting: Setting) -> Recipe:
    """Return a recipe, or its like in the size of a test, with nothing to be downloaded."""
    if setting.is_tiny:
        return make_recipe(_TINY[name]).changed(["training.batch_size=8", "training.n_steps=2"])
    recipe = make_recipe(name)
    return recipe.model_copy(update={"architecture": recipe.architecture.without_files()})


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """A system on its device with random weights, and noise in the shape of its latents."""

    recipe: Recipe
    system: CommunicationSystem
    x: Tensor
    n_symbols: int
    setting: Setting

    def training_step(self) -> Callable[[], float]:
        """Return a function that makes a step of training and returns its loss."""
        recipe, device = self.recipe, self.setting.device
        optimisers = make_optimisers(learning_parameters(self.system), recipe.training)
        shape = tuple(self.x.shape[1:])
        draw = draw_transmission(
            recipe.training, self.system.channel, shape, self.n_symbols, step=0
        ).to(device)
        is_mixed = recipe.training.precision == "bf16"

        def step() -> float:
            for optimiser in optimisers:
                optimiser.zero_grad()
            with torch.autocast(device.type, torch.bfloat16, enabled=is_mixed):
                loss = self.system(self.x, draw).mean()
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            return float(loss.detach())

        return step


def workplace(name: str, setting: Setting) -> Workplace:
    """Build a recipe's system where it is to be timed.

    Weights are made on the device: those of the paper take a minute on a CPU.
    """
    recipe = recipe_at_size(name, setting)
    with setting.device:
        system = build_system(recipe)
    system.to(setting.device).train_backbone(recipe.training.train_backbone)
    checkpoint_gradients(system, recipe.training.gradient_checkpointing)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(recipe.training.batch_size, *system_shape(recipe), generator=generator)
    x = x.to(setting.device)
    with torch.no_grad():
        n_symbols: int = system.encoder(x[:1], x.new_zeros(1)).shape[1]
    return Workplace(recipe=recipe, system=system, x=x, n_symbols=n_symbols, setting=setting)
