"""The demonstration: the main job of the theory on data whose truth is known."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.analysis.bound_check import BoundCheck, check
from jscgc_theory.analysis.covering_report import covering
from jscgc_theory.analysis.dataset_bound import delta_star
from jscgc_theory.analysis.dimension_report import dimension
from jscgc_theory.analysis.exact_case import exact
from jscgc_theory.records import Record
from jscgc_theory.sources import DEMO_DRAWING, demo_images
from jscgc_theory.sources.sphere_channel import SphereChannel

SPHERE_DIM = 2
SNR_DB = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0)
OUTAGES = (0.1, 0.01)
IMAGE_CHANNEL_USES = 4
SHARED_SNR_DB = 10.0
"""The SNR at which the pairs of source and generated points are handed out as files."""

_SPHERE_POINTS = {False: 4000, True: 1500}
_IMAGES = {False: 4000, True: 1500}
_EXACT_DRAWS = {False: 100_000, True: 20_000}


class DemoPart(NamedTuple):
    """One finished part of the demonstration."""

    name: str
    """File name without ending, in snake_case."""
    kind: str
    """The command that gives the same answer on the user's own data."""
    heading: str
    text: str
    """What was asked and what is known to be true."""
    result: Record
    settings: dict[str, Any]
    results: dict[str, Any] | None = None
    """``results`` of its run record; None for those documented for the command."""


class SharedPoints(NamedTuple):
    """Points of the demonstration, for the user to try the commands on."""

    sphere: NDArray[np.float64]
    sphere_generated: NDArray[np.float64]


def shared_points(*, quick: bool, seed: int) -> SharedPoints:
    """Draw pairs of a uniform point of the sphere and a sample of its exact posterior.

    Args:
        quick: Whether to draw fewer.
        seed: Seed of all randomness.

    Returns:
        Source and generated points, row by row, at ``SHARED_SNR_DB``.
    """
    return SharedPoints(*_posterior_pairs(SHARED_SNR_DB, _SPHERE_POINTS[quick], seed))


def run_demo(
    *, quick: bool, seed: int, progress: Callable[[float], None] | None = None
) -> Iterator[DemoPart]:
    """Run the demonstration part by part: sphere, drawn images, exact case, system check.

    Args:
        quick: Whether to use fewer points.
        seed: Seed of all randomness.
        progress: Told the finished fraction.

    Yields:
        Each part when it is finished; the last holds the answer, one row an SNR and an outage
        probability.
    """
    tell = progress or (lambda fraction: None)
    parts = (
        _sphere_dimension,
        _sphere_covering,
        _sphere_bounds,
        _images_dimension,
        _images_bounds,
        _sphere_exact,
        _sphere_check,
    )
    for finished, part in enumerate(parts):
        tell(finished / len(parts))
        yield part(quick, seed)
    tell(1.0)


def _sphere_dimension(quick: bool, seed: int) -> DemoPart:
    return DemoPart(
        "sphere_dimension",
        "dimension",
        "A sphere: its dimension",
        "Points spread evenly over the surface of a ball. The true dimension is 2.",
        dimension(shared_points(quick=quick, seed=seed).sphere, rng=np.random.default_rng(seed)),
        {"source": "sphere", "true_intrinsic_dim": SPHERE_DIM},
    )


def _sphere_covering(quick: bool, seed: int) -> DemoPart:
    truth = SphereChannel(SPHERE_DIM, 0.0).geometric_constant
    return DemoPart(
        "sphere_covering",
        "covering",
        "A sphere: how many balls cover it",
        f"In the volume reading the true constant is C = {truth:g}.",
        covering(shared_points(quick=quick, seed=seed).sphere, rng=np.random.default_rng(seed)),
        {"source": "sphere", "true_geometric_constant": truth},
    )


def _sphere_bounds(quick: bool, seed: int) -> DemoPart:
    information = [SphereChannel(SPHERE_DIM, snr).mutual_information_bits() for snr in SNR_DB]
    return DemoPart(
        "sphere_delta_star",
        "delta-star",
        "A sphere: the least radius any receiver can reach",
        "The information is that of the exact channel at "
        f"{', '.join(f'{snr:g}' for snr in SNR_DB)} dB.",
        delta_star(
            shared_points(quick=quick, seed=seed).sphere,
            mi_bits=information,
            outage_probability=OUTAGES,
            rng=np.random.default_rng(seed),
        ),
        {"source": "sphere", "snr_db": SNR_DB, "outage": OUTAGES},
    )


def _image_rows(quick: bool, seed: int) -> NDArray[np.float64]:
    images = demo_images(np.random.default_rng(seed), _IMAGES[quick]).images
    return np.asarray(images, dtype=np.float64).reshape(images.shape[0], -1)


def _images_dimension(quick: bool, seed: int) -> DemoPart:
    factors = DEMO_DRAWING.factors
    return DemoPart(
        "images_dimension",
        "dimension",
        "Drawn images: their dimension",
        f"Small grey images of an ellipse whose {', '.join(factors)} vary and nothing else: the "
        f"true dimension is {len(factors)}.",
        dimension(_image_rows(quick, seed), rng=np.random.default_rng(seed)),
        {"source": "drawn images", "true_intrinsic_dim": len(factors)},
    )


def _images_bounds(quick: bool, seed: int) -> DemoPart:
    return DemoPart(
        "images_delta_star",
        "delta-star",
        "Drawn images: the least radius over the channel",
        f"{IMAGE_CHANNEL_USES} complex channel uses; the information is the capacity, which no "
        "encoder exceeds.",
        delta_star(
            _image_rows(quick, seed),
            snr_db=SNR_DB,
            channel_uses=IMAGE_CHANNEL_USES,
            outage_probability=OUTAGES,
            rng=np.random.default_rng(seed),
        ),
        {
            "source": "drawn images",
            "snr_db": SNR_DB,
            "channel_uses": IMAGE_CHANNEL_USES,
            "outage": OUTAGES,
        },
    )


def _sphere_exact(quick: bool, seed: int) -> DemoPart:
    return DemoPart(
        "sphere_exact",
        "exact",
        "A sphere: where everything is known",
        "Information, radii and bounds of the sphere by quadrature.",
        exact(
            "sphere",
            dim=SPHERE_DIM,
            snr_db=SNR_DB,
            outage_probability=OUTAGES,
            n_draws=_EXACT_DRAWS[quick],
            rng=np.random.default_rng(seed),
        ),
        {"case": "sphere", "dim": SPHERE_DIM, "snr_db": SNR_DB, "outage": OUTAGES},
    )


def _sphere_check(quick: bool, seed: int) -> DemoPart:
    checks = [_check_at(snr, quick, seed) for snr in SNR_DB]
    return DemoPart(
        "sphere_check",
        "check",
        "A sphere: a perfect generator held against the bounds",
        "The generator draws from the exact posterior, as the paper's receiver aims to. Its "
        "radius is measured and held against every bound.",
        checks[0].model_copy(
            update={
                "rows": tuple(row for one in checks for row in one.rows),
                "notices": tuple(dict.fromkeys(note for one in checks for note in one.notices)),
            }
        ),
        {"source": "sphere", "snr_db": SNR_DB, "outage": OUTAGES},
    )


def _check_at(snr_db: float, quick: bool, seed: int) -> BoundCheck:
    # The same seed gives the same source points at every SNR, hence one d and one C for all.
    source, generated = _posterior_pairs(snr_db, _SPHERE_POINTS[quick], seed)
    return check(
        source,
        generated,
        mi_bits=SphereChannel(SPHERE_DIM, snr_db).mutual_information_bits(),
        outage_probability=OUTAGES,
        snr_db=snr_db,
        rng=np.random.default_rng(seed),
    )


def _posterior_pairs(
    snr_db: float, n_pairs: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    channel = SphereChannel(SPHERE_DIM, snr_db)
    source, received = channel.sample(n_pairs, rng)
    return source, channel.sample_posterior(received, rng)
