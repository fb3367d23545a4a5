"""What the model adds to ``jscgc demo``: a system trained on drawn images, and its sweep."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from jscgc_theory.errors import MissingExtraError

if TYPE_CHECKING:
    from jscgc_theory.analysis.demo import DemoPart
    from jscgc_theory.cli.demo_plug_ins import Effort
    from jscgc_theory.cli.running import Run

_NEEDED = ("torch", "diffusers", "accelerate")


def demo_parts(run: "Run", folder: Path, effort: "Effort") -> Iterator["DemoPart"]:
    """Train a system on drawn images, then hold it against the bounds over the SNR.

    Args:
        run: The command at work.
        folder: Where results go; the training run becomes ``tiny_images`` in it.
        effort: How long it may take.

    Yields:
        The training, then the sweep.

    Raises:
        MissingExtraError: If torch or what trains with it is not installed.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError("the system trained on drawn images", "model")
    from jscgc_model.cli.trained_demo import sweep_part, training_part

    yield training_part(run, folder, effort)
    yield sweep_part(run, folder, effort)
