"""The estimators of scikit-dimension behind this package's protocol, their pitfalls settled."""

import math
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.estimator import DimensionEstimator
from jscgc_theory.intrinsic_dimension.sample import Sample
from jscgc_theory.intrinsic_dimension.skdim_call import Answer, PreparedCloud, ask_skdim
from jscgc_theory.intrinsic_dimension.skdim_recipes import (
    RECIPES,
    Recipe,
    Settings,
    check_settings,
)
from jscgc_theory.neighbours import nearest_neighbours
from jscgc_theory.records import Estimate, Notice
from jscgc_theory.validation import check_count

SKDIM_NAMES = tuple(RECIPES)
"""Names that :class:`SkdimEstimator` accepts."""


class SkdimEstimator(DimensionEstimator):
    """One global estimator of scikit-dimension 0.5.

    Repeated rows are dropped first; the cloud is centred and brought to unit neighbour distance in
    float64; randomness comes from ``random_state`` alone; the library's warnings become notices
    and its failures errors of one line. Large clouds are subsampled where the library would need
    memory or time growing with their square; a notice says so. No interval is offered.

    Args:
        name: Name of the estimator in ``skdim.id``, one of ``SKDIM_NAMES``.
        random_state: Seed of subsamples and of the estimators that draw.
        **settings: Settings of the estimator; ``n_neighbors`` and ``comb`` for the local ones.

    References:
        Bac, Mirkes, Gorban, Tyukin, Zinovyev. Scikit-dimension: a Python package for intrinsic
        dimension estimation. Entropy 23 (2021).
    """

    def __init__(self, name: str = "TwoNN", *, random_state: int = 0, **settings: Any) -> None:
        self.name = name
        self.random_state = random_state
        self.settings = settings

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, those of the wrapped estimator included.

        Args:
            deep: As in scikit-learn; there are no nested estimators.

        Returns:
            Name to value.
        """
        return {**super().get_params(deep=deep), **self.settings}

    def set_params(self, **params: Any) -> Self:
        """Change parameters, those of the wrapped estimator included.

        Args:
            **params: Name to value.

        Returns:
            The estimator.
        """
        self.name = params.pop("name", self.name)
        self.random_state = params.pop("random_state", self.random_state)
        self.settings = {**self.settings, **params}
        return self

    @property
    def n_neighbours_needed(self) -> int:
        """Neighbours per point the method reads."""
        recipe = self._recipe()
        if not recipe.is_local:
            return recipe.n_neighbours
        wanted = self.settings.get("n_neighbors", recipe.n_neighbours)
        return check_count(wanted, name="n_neighbors", minimum=2)

    def estimate(self, sample: Sample) -> Estimate:
        """Estimate the dimension of a prepared sample.

        Args:
            sample: Distinct points and their neighbours.

        Returns:
            The estimate, without interval; NaN with a notice where the method has no answer.

        Raises:
            InputError: If the settings or the points cannot be used.
        """
        recipe = self._recipe()
        check_settings(self.name, self.settings)
        points = sample.require_points(self.name)
        if points.shape[1] < 2:
            raise InputError(
                f"points have 1 coordinate; {self.name} of scikit-dimension needs at least 2: use "
                "this package's own estimators"
            )
        cloud = self._prepare(sample, points, recipe)
        n_used, ambient_dim = cloud.points.shape
        settings = {**recipe.defaults(n_used, ambient_dim, self.settings), **self.settings}
        if recipe.is_local:
            settings["n_neighbors"] = cloud.indices.shape[1]
        answer = ask_skdim(self.name, cloud, settings, self.random_state)
        return Estimate(
            value=answer.value,
            method=f"scikit-dimension {self.name}",
            n_points_used=n_used,
            notices=(
                *_answer_notices(self.name, answer.value, settings, ambient_dim),
                *_call_notices(self.name, answer, n_used, sample.n_points),
            ),
            details={"settings": {key: _plain(value) for key, value in settings.items()}},
        )

    def _recipe(self) -> Recipe:
        if self.name not in RECIPES:
            raise InputError(
                f"name = {self.name!r} is no global estimator of scikit-dimension; choose from "
                f"{', '.join(SKDIM_NAMES)}"
            )
        return RECIPES[self.name]

    def _prepare(
        self, sample: Sample, points: NDArray[np.floating], recipe: Recipe
    ) -> PreparedCloud:
        table, limit = sample.neighbours, recipe.max_points or len(points)
        n_neighbours = min(self.n_neighbours_needed, min(limit, len(points)) - 1)
        if limit < len(points):
            rng = np.random.default_rng(self.random_state)
            points = points[np.sort(rng.choice(len(points), size=limit, replace=False))]
        if len(points) != table.n_points or table.n_neighbours < n_neighbours:
            table = nearest_neighbours(points, n_neighbours)
        distances = table.distances[:, :n_neighbours]
        # TLE drops distances below an absolute 1e-4: bring the neighbourhoods to unit size.
        unit = float(np.median(distances[:, -1]))
        cloud = points.astype(np.float64)
        cloud -= cloud.mean(axis=0)
        cloud /= unit
        return PreparedCloud(cloud, distances / unit, table.indices[:, :n_neighbours])


def _answer_notices(
    name: str, value: float, settings: Settings, ambient_dim: int
) -> Iterator[Notice]:
    if not math.isfinite(value):
        yield Notice(
            code="no_answer",
            message=f"{name} has no answer for these points (not a number): do not use it here.",
        )
    elif value <= 0.0:
        yield Notice(
            code="degenerate_answer",
            message=f"{name} answers {value:g}, which is no dimension of distinct points.",
        )
    elif value > 1.05 * ambient_dim:
        yield Notice(
            code="above_ambient_dim",
            message=f"{name} answers {value:.3g}, more than the {ambient_dim} coordinates there "
            "are: do not use it here.",
        )
    elif value >= settings.get("D", math.inf) - 1e-3:
        yield Notice(
            code="cap_reached",
            message=f"{name} answers at the end D = {settings['D']} of its search range: the "
            "dimension may be higher, or the method fails on these points.",
        )


def _call_notices(name: str, answer: Answer, n_used: int, n_points: int) -> Iterator[Notice]:
    yield Notice(code="no_interval", message=f"{name} of scikit-dimension offers no interval.")
    if n_used < n_points:
        yield Notice(
            code="subsampled",
            message=f"{name} saw a random {n_used} of {n_points} points; more would need memory "
            "or time growing with their square.",
        )
    caveat = RECIPES[name].caveat
    if caveat is not None:
        yield Notice(code="caveat", message=caveat)
    for remark in answer.remarks:
        yield Notice(code="skdim_remark", message=f"scikit-dimension says: {remark}")


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
