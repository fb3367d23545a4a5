"""The trained part of the demonstration: ``tiny_images`` from its training to its verdicts."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jscgc_model.cli.sweeping import DEFAULT_SNR_DB, sweep_command, sweep_results
from jscgc_model.cli.training import train_command
from jscgc_model.recipes import make_recipe
from jscgc_model.recipes.recipe import RECIPE_NAME
from jscgc_model.recipes.sources import DrawnImagesSource
from jscgc_model.training.whole_folder import written_whole
from jscgc_theory.analysis.demo import OUTAGES, DemoPart
from jscgc_theory.errors import InputError

if TYPE_CHECKING:
    from jscgc_theory.cli.demo_plug_ins import Effort
    from jscgc_theory.cli.running import Run

RECIPE = "tiny_images"


class _Size(NamedTuple):
    n_steps: int
    n_samples: int
    n_information_samples: int


_SIZES: dict[str, _Size] = {
    "quick": _Size(150, 300, 32),
    "usual": _Size(1000, 800, 96),
    "full": _Size(3000, 2000, 256),
}


def training_part(run: "Run", folder: Path, effort: "Effort") -> DemoPart:
    """Train the system, in two processes where there are two cores.

    Args:
        run: The command at work.
        folder: Folder of the results; the run in it, if any, is replaced when the new one is
            finished.
        effort: How long to train.

    Returns:
        The part.

    Raises:
        InputError: If the place of the run is taken by something else.
    """
    place = folder / RECIPE
    if place.exists() and not (place / RECIPE_NAME).is_file():
        raise InputError(f"{place} holds no training run; name another folder with --out")
    n_steps = _SIZES[effort].n_steps
    with written_whole(place) as building:
        report = train_command(
            run,
            RECIPE,
            building,
            [f"training.n_steps={n_steps}"],
            resume=False,
            n_processes=min(2, _usable_cores()),
        ).model_copy(update={"folder": str(place)})
    return DemoPart(
        "tiny_images_training",
        "train",
        "Drawn images: a system is trained",
        "Encoder, channel, adapter and generator are trained together, for every SNR at once: "
        f"{make_recipe(RECIPE).about}.",
        report,
        {"recipe": RECIPE, "n_steps": n_steps},
        report.to_dict(),
    )


def sweep_part(run: "Run", folder: Path, effort: "Effort") -> DemoPart:
    """Send held-out images at each SNR and hold what is generated against the bounds.

    Args:
        run: The command at work.
        folder: Folder of the results, with the training run in it.
        effort: How many images to send.

    Returns:
        The part.
    """
    size = _SIZES[effort]
    found = sweep_command(
        run,
        folder / RECIPE,
        snr_db=None,
        outages=OUTAGES,
        n_samples=size.n_samples,
        n_steps=None,
        n_draws=1,
        n_information_samples=size.n_information_samples,
    )
    return DemoPart(
        "tiny_images_sweep",
        "sweep",
        "Drawn images: the trained system held against the bounds",
        "Images it has never seen are sent at each SNR and generated from what arrives. "
        f"{_known_truth()} The drawing says how real a generated image is and what it means.",
        found,
        {"recipe": RECIPE, "snr_db": DEFAULT_SNR_DB, "outage": OUTAGES, **size._asdict()},
        sweep_results(found),
    )


def _known_truth() -> str:
    source = make_recipe(RECIPE).source
    factors = source.factors if isinstance(source, DrawnImagesSource) else ()
    return f"Their true dimension is {len(factors)}: {', '.join(factors)} vary."


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
