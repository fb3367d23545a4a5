"""What holds for every test: Hypothesis profiles, untouched global state, GPU tests on a GPU."""

import importlib
import os
import sys
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# jaxtyping's import hook (addopts in pyproject.toml) looks this module up by name and imports
# only its root, so it must be loaded before anything of the package is.
importlib.import_module("tests.type_checks")

settings.register_profile("fast", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# --hypothesis-profile on the command line overrides this choice.
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast")
)


def _global_state() -> dict[str, Any]:
    name, keys, position, *rest = np.random.get_state()
    state: dict[str, Any] = {"numpy random state": (name, keys.tobytes(), position, *rest)}
    # Importing torch costs seconds; a process that has not imported it cannot have changed it.
    torch = sys.modules.get("torch")
    if torch is not None:
        state["torch default dtype"] = torch.get_default_dtype()
        state["torch default device"] = torch.get_default_device()
        state["torch random state"] = torch.random.get_rng_state().numpy().tobytes()
        state["torch gradient mode"] = torch.is_grad_enabled()
        state["torch deterministic mode"] = torch.are_deterministic_algorithms_enabled()
    return state


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, Any, Any]:
    """Fail a test that leaves global state changed: randomness is an argument in this project.

    A fixture cannot see this, because pytest-randomly seeds anew between set-up, call and
    tear-down; this hook surrounds the test function alone.
    """
    before = _global_state()
    result = yield
    after = _global_state()
    changed = [name for name, value in before.items() if after[name] != value]
    if changed:
        pytest.fail(f"the test changed global state: {', '.join(changed)}")
    return result


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked ``gpu`` where there is no GPU."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked or _has_gpu():
        return
    config.hook.pytest_deselected(items=marked)
    items[:] = [item for item in items if not item.get_closest_marker("gpu")]


def _has_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())
