"""The answer of ``covering``: the three curves of K, and (d, C) with intervals."""

import math

import numpy as np
from numpy.typing import ArrayLike

from jscgc_theory.analysis.curve import Curve as Curve
from jscgc_theory.analysis.data_law import coincidence_curve, fit_data_law
from jscgc_theory.analysis.stages import Progress, stage
from jscgc_theory.covering_numbers import (
    CoveringCertificate,
    GreedyNet,
    covering_certificates,
    greedy_net,
)
from jscgc_theory.covering_numbers.certificate import LEAST_POINTS
from jscgc_theory.covering_numbers.logarithms import estimate_from_log
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import as_generator, check_count

_CURVE_POINTS = 200
_NET_NOTICE = Notice(
    code="read_at_finite_radius",
    message=(
        "Read off a farthest-point net at finite radius: its count bounds the true one on one "
        "side (covering from above, packing from below) and is not extrapolated to radius zero."
    ),
)


class CoveringReport(Record):
    """Covering, packing and coincidence curves of a data set."""

    intrinsic_dim: Estimate
    geometric_constant: Estimate
    """C in K(eps) = C eps^-d; ``details["reading"]`` names the reading of K, here ``volume``."""
    readings: dict[str, Estimate]
    """C under each reading of K: ``volume``, ``covering``, ``packing``."""
    curves: dict[str, Curve]
    """``covering``, ``packing`` and ``coincidence``."""
    certificates: tuple[CoveringCertificate, ...] = ()
    """Covering from both sides, and what the balls miss; none of fewer than 20 points."""
    resolvable_mi_bits: float
    """log2 of the number of pairs: beyond it every radius is extrapolated."""
    n_points: int
    n_duplicates: int
    ambient_dim: int
    notices: tuple[Notice, ...] = ()


def covering(
    points: ArrayLike,
    *,
    max_centres: int = 1000,
    rng: np.random.Generator | int | None = None,
    progress: Progress | None = None,
) -> CoveringReport:
    """Measure the covering, packing and coincidence curves of a data set, and C.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        max_centres: Centres of the farthest-point net at most.
        rng: Generator or seed for the net's start and for subsamples.
        progress: Told the finished fraction.

    Returns:
        The curves, d, and C under each reading of K.

    Raises:
        InputError: If the cloud is unusable.
    """
    max_centres = check_count(max_centres, name="max_centres", minimum=2)
    rng = as_generator(rng)
    law = fit_data_law(points, rng=rng, progress=stage(progress, 0.0, 0.7))
    enough = len(law.points) >= LEAST_POINTS
    net = greedy_net(
        law.points,
        max_centres=min(max_centres, len(law.points)),
        rng=rng,
        progress=stage(progress, 0.7, 0.9 if enough else 1.0),
    )
    certificates: tuple[CoveringCertificate, ...] = ()
    if enough:
        certificates = covering_certificates(
            law.points, max_centres=max_centres, rng=rng, progress=stage(progress, 0.9, 1.0)
        )
    volume = law.geometric_constant()
    return CoveringReport(
        intrinsic_dim=law.intrinsic_dim,
        geometric_constant=volume,
        readings={"volume": volume, **_net_constants(net, law.intrinsic_dim)},
        curves={**_net_curves(net), "coincidence": coincidence_curve(law.coincidence)},
        certificates=certificates,
        resolvable_mi_bits=law.coincidence.resolvable_mi_bits,
        n_points=len(law.points),
        n_duplicates=law.n_duplicates,
        ambient_dim=law.points.shape[1],
        notices=law.notices,
    )


def _net_curves(net: GreedyNet) -> dict[str, Curve]:
    ranks = np.unique(np.geomspace(1, len(net.radii), _CURVE_POINTS).round().astype(int))[::-1]
    radii = [net.radii[rank - 1] for rank in ranks if net.radii[rank - 1] > 0.0]
    return {
        "covering": Curve(
            radius=tuple(radii), count=tuple(float(net.covering_count(r)) for r in radii)
        ),
        "packing": Curve(
            radius=tuple(radii), count=tuple(float(net.packing_count(r)) for r in radii)
        ),
    }


def _net_constants(net: GreedyNet, intrinsic_dim: Estimate) -> dict[str, Estimate]:
    """Read C = k r_k^d where the net is fine enough for the law and coarse enough for the sample.

    The range sqrt(N)/4 .. sqrt(N) is read: fewer balls feel the shape, more balls feel the sample.
    """
    last = min(len(net.radii), max(2, round(math.sqrt(net.n_points))))
    first = max(1, last // 4)
    ranks = np.arange(first, last + 1)
    radii = np.asarray(net.radii)[ranks - 1]
    ranks, radii = ranks[radii > 0.0], radii[radii > 0.0]
    if ranks.size == 0:
        return {}
    error = intrinsic_dim.half_width * abs(float(np.log(radii).mean()))
    constants = {}
    for reading, counts in (("covering", ranks), ("packing", ranks + 1)):
        logs = np.log(counts) + intrinsic_dim.value * np.log(radii)
        constants[reading] = estimate_from_log(
            float(logs.mean()),
            (float(logs.min()) - error, float(logs.max()) + error),
            method=f"farthest-point net of {first} to {last} balls",
            n_points_used=net.n_points,
            notices=(_NET_NOTICE,),
            details={
                "reading": reading,
                "is_bound": "above" if reading == "covering" else "below",
            },
        )
    return constants
