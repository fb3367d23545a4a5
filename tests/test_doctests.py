import doctest
import importlib
import pkgutil

import pytest

import jscgc_model
import jscgc_theory

MODULES = sorted(
    found.name
    for package in (jscgc_theory, jscgc_model)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_there_are_examples():
    assert doctest.testmod(importlib.import_module("jscgc_theory.units")).attempted >= 4
