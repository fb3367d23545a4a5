"""Dimension read off many statistics at once, calibrated on simulated manifolds."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.intrinsic_dimension.shape_statistics import (
    N_NEIGHBOURS,
    Statistics,
    shape_statistics,
)
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import check_count

LEAST_POINTS = 200
"""Fewest points on which the calibration was made."""
_FILE = "calibration.json"
_CLIP = 4.0
_WIDEST = math.log(110.0)
"""Half-width of an interval of ln d that says nothing: simulations had 1 to 110 dimensions."""


@dataclass(frozen=True)
class Calibration:
    """Networks from standardised statistics to ln d and the scale of its error.

    Each network has layers (weights, biases) with the nonlinearity x / (1 + exp(-x)) between them
    and two outputs: what is to be added to the statistic ``base`` to give ln d, and ln of the
    scale. The networks' answers are averaged.
    """

    names: tuple[str, ...]
    """Statistics, in the order of the columns."""
    base: str
    """The statistic that the networks correct."""
    mean: NDArray[np.float64]
    """Mean of each statistic over the simulations."""
    deviation: NDArray[np.float64]
    """Its standard deviation."""
    networks: tuple[tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...], ...]
    """Layers of every network."""
    half_width: float
    """Scales that hold the truth in 95 % of simulations that were not trained on."""
    most_points: int
    """Most points of a simulation; larger samples are read as if they had as many."""
    whitening: NDArray[np.float64]
    """Takes standardised statistics to uncorrelated ones of unit variance."""
    largest_square: float
    """Squared length of the whitened statistics that 1 % of such simulations exceed."""

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Read a calibration.

        Args:
            text: What ``benchmarks/dimension_calibration.py`` wrote.

        Returns:
            The calibration.
        """
        record = json.loads(text)
        networks = tuple(
            tuple((np.array(layer["weights"]), np.array(layer["biases"])) for layer in network)
            for network in record["networks"]
        )
        return cls(
            tuple(record["names"]),
            record["base"],
            np.array(record["mean"]),
            np.array(record["deviation"]),
            networks,
            record["half_width"],
            record["most_points"],
            np.array(record["whitening"]),
            record["largest_square"],
        )

    def log_dimension(self, statistics: Statistics) -> tuple[float, float]:
        """Return ln d and the scale of its error.

        Args:
            statistics: By name.

        Returns:
            The two numbers.
        """
        entering = np.clip(self._standardised(statistics), -_CLIP, _CLIP)
        shift, log_scale = np.mean([_forward(net, entering) for net in self.networks], axis=0)
        return statistics[self.base] + float(shift), math.exp(float(log_scale))

    def unlikeness(self, statistics: Statistics) -> float:
        """Return how far statistics lie from those of the simulations (Mahalanobis).

        Args:
            statistics: By name.

        Returns:
            The squared distance, in units of what 1 % of simulations exceed.
        """
        white = self.whitening @ self._standardised(statistics)
        return float(white @ white) / self.largest_square

    def _standardised(self, statistics: Statistics) -> NDArray[np.float64]:
        values = statistics | {"points": min(statistics["points"], math.log(self.most_points))}
        row = np.array([values[name] for name in self.names])
        return np.asarray((row - self.mean) / self.deviation)


@cache
def stored_calibration() -> Calibration:
    """Return the calibration that comes with the package.

    Returns:
        The calibration.
    """
    package = files("jscgc_theory.intrinsic_dimension")
    return Calibration.from_json((package / _FILE).read_text(encoding="utf-8"))


class CalibratedDimension(DimensionEstimator):
    r"""Dimension from ratios, angles and spectra of neighbourhoods, calibrated by simulation.

    Every statistic reads d off a neighbourhood that is small, flat and uniform; none is, and each
    errs in its own way: ratios of distances read low in high dimension and at boundaries, angles
    and spectra read high where the manifold is curved. How they err together tells d. The map from
    all of them to d was learned on manifolds drawn at random (``sources.random_manifold``) of 1 to
    110 dimensions and 200 to 12 000 points. The interval holds the truth for 95 % of such
    manifolds; for a single manifold it promises nothing. Samples whose statistics are unlike those
    of 99 % of the simulations get a notice.

    Args:
        n_centres: How many neighbourhoods are read at most.
    """

    def __init__(self, *, n_centres: int = 1000) -> None:
        self.n_centres = n_centres

    @property
    def n_neighbours_needed(self) -> int:
        """The table is not read; neighbourhoods of 64 points are found for the centres alone."""
        return 1

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension from the statistics of up to ``n_centres`` neighbourhoods.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate, with every statistic that is a logarithm given as a dimension.

        Raises:
            InputError: If only distances are known or there are too few points.
        """
        points = sample.require_points("the calibrated dimension")
        n_centres = check_count(self.n_centres, name="n_centres", minimum=10)
        if sample.n_points < LEAST_POINTS:
            raise InputError(
                f"the calibrated dimension needs {LEAST_POINTS} distinct points, and there are "
                f"{sample.n_points}; use MaximumLikelihood"
            )
        statistics = shape_statistics(points, n_centres)
        calibration = stored_calibration()
        log_dim, scale = calibration.log_dimension(statistics)
        half_width = min(calibration.half_width * scale, _WIDEST)
        unlikeness = calibration.unlikeness(statistics)
        if unlikeness > 1.0:
            # Beyond the simulations networks may answer anything; a space of D has no more than D.
            log_dim = min(log_dim, math.log(points.shape[1]))
        readings = {
            name: math.exp(value)
            for name, value in statistics.items()
            if name.split()[0] in {"ratio", "angle", "rank", "capacity"}
        }
        return Estimate(
            value=math.exp(log_dim),
            interval=(math.exp(log_dim - half_width), math.exp(log_dim + half_width)),
            method=f"calibrated statistics of neighbourhoods of up to {N_NEIGHBOURS} points",
            n_points_used=min(n_centres, sample.n_points),
            notices=(_unlike(),) if unlikeness > 1.0 else (),
            details={"readings": readings, "unlikeness": unlikeness},
        )


def _unlike() -> Notice:
    return Notice(
        code="unlike_calibration",
        message=(
            "The neighbourhoods of these points are less like those of the simulated manifolds "
            "than 99 % of these are like each other; a dimension read by their calibration is not "
            "to be relied on."
        ),
    )


def _forward(
    network: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...],
    entering: NDArray[np.float64],
) -> NDArray[np.float64]:
    for place, (weights, biases) in enumerate(network):
        if place > 0:
            entering = entering / (1.0 + np.exp(-entering))
        entering = weights @ entering + biases
    return entering
