"""The baselines on CIFAR-10 at 32 x 32 pixels: budget, channel and images of ``cifar_32``."""

from dataclasses import replace

from jscgc_model.recipes.architecture import (
    Architecture,
    CJSCCArchitecture,
    DiffJSCCArchitecture,
    MambaJSCCArchitecture,
)
from jscgc_model.recipes.cifar_16 import CIFAR_SYMBOLS_PER_TOKEN
from jscgc_model.recipes.cifar_32 import cifar_32, cifar_32_source, cifar_32_training
from jscgc_model.recipes.recipe import Recipe


def cifar_32_cjscc() -> Recipe:
    """Return the recipe of CJSCC.

    Returns:
        The recipe.
    """
    return _recipe("cifar_32_cjscc", "CJSCC (squared error)", _cjscc())


def cifar_32_mamba() -> Recipe:
    """Return the recipe of MambaJSCC, trained for the squared error.

    Returns:
        The recipe.
    """
    architecture = MambaJSCCArchitecture(
        symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN,
        dims=(128, 192),
        depths=(2, 4),
        merge_sizes=(2,),
    )
    return _recipe("cifar_32_mamba", "MambaJSCC (squared error)", architecture)


def cifar_32_diff() -> Recipe:
    """Return the recipe of DiffJSCC.

    Returns:
        The recipe.
    """
    architecture = DiffJSCCArchitecture(
        stage_one=_cjscc(), unet_dims=(128, 256, 256), unet_attends=(False, True, True)
    )
    made = _recipe("cifar_32_diff", "DiffJSCC", architecture)
    return made.model_copy(
        update={
            "training": replace(made.training, optimiser="adamw", learning_rate=5e-4),
            "sampler": cifar_32().sampler,
        }
    )


def _cjscc() -> CJSCCArchitecture:
    return CJSCCArchitecture(symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN, base_width=64)


def _recipe(name: str, system: str, architecture: Architecture) -> Recipe:
    return Recipe(
        name=name,
        about=f"{system} on the images of cifar_32, at its budget, for one GPU",
        source=cifar_32_source(),
        architecture=architecture,
        training=replace(cifar_32_training(10_000), condition_dropout=0.0),
    )
