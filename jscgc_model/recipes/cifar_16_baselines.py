"""The baselines on CIFAR-10 at 16 x 16 pixels: budget, channel and core time of ``cifar_16``."""

from jscgc_model.recipes.architecture import (
    Architecture,
    CJSCCArchitecture,
    MambaJSCCArchitecture,
)
from jscgc_model.recipes.architectures.perceptual_distances import JudgeFeatureDistance
from jscgc_model.recipes.cifar_16 import CIFAR_SNR_DB, CIFAR_SYMBOLS_PER_TOKEN, cifar_16_source
from jscgc_model.recipes.recipe import Recipe
from jscgc_model.training.settings import TrainingSettings


def cifar_16_cjscc() -> Recipe:
    """Return the recipe of CJSCC.

    Returns:
        The recipe: less than twenty minutes on one core.
    """
    architecture = CJSCCArchitecture(symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN, base_width=24)
    return _recipe("cifar_16_cjscc", "CJSCC (squared error)", architecture, n_steps=4500)


def cifar_16_mamba() -> Recipe:
    """Return the recipe of MambaJSCC, trained for the squared error.

    Returns:
        The recipe: less than twenty minutes on one core.
    """
    architecture = MambaJSCCArchitecture(
        symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN, dims=(96,), depths=(3,)
    )
    return _recipe("cifar_16_mamba", "MambaJSCC (squared error)", architecture, n_steps=3000)


def cifar_16_mamba_judge() -> Recipe:
    """Return the recipe of MambaJSCC, trained for a distance on a judge's features too.

    It stands for MambaJSCC-LPIPS where there are no weights of LPIPS, and is no LPIPS.

    Returns:
        The recipe: less than twenty minutes on one core.
    """
    architecture = MambaJSCCArchitecture(
        symbols_per_token=CIFAR_SYMBOLS_PER_TOKEN,
        dims=(96,),
        depths=(3,),
        perceptual=JudgeFeatureDistance(folder="runs/cifar_16_judge"),
    )
    about = "MambaJSCC (squared error and a judge's features, set architecture.perceptual.folder)"
    return _recipe("cifar_16_mamba_judge", about, architecture, n_steps=2200)


def _recipe(name: str, system: str, architecture: Architecture, *, n_steps: int) -> Recipe:
    return Recipe(
        name=name,
        about=f"{system} on the images of cifar_16, at its budget",
        source=cifar_16_source(),
        architecture=architecture,
        training=TrainingSettings(
            n_steps=n_steps,
            batch_size=128,
            learning_rate=4e-3,
            optimiser="muon",
            ema_decay=0.995,
            snr_db=CIFAR_SNR_DB,
            condition_dropout=0.0,
        ),
    )
