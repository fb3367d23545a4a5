"""The answer of ``dimension``: a recommended estimate, its companions, and the scale scan."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from jscgc_theory.analysis.stages import Progress, stage
from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension import (
    STANDARD_SET,
    RecommendedDimension,
    Sample,
    make_estimator,
    scale_scan,
)
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.validation import as_generator

_SCAN_NEIGHBOURS = 64


class ScalePoint(Record):
    """The dimension read at one scale."""

    n_neighbours: int
    """Rank of the neighbour that sets the scale."""
    radius: float
    """Median distance to that neighbour, in data units."""
    intrinsic_dim: float
    interval: tuple[float, float] | None = None
    on_plateau: bool = False
    """Whether this scale belongs to the range over which the reading is stable."""


class DimensionReport(Record):
    """Intrinsic dimension of a data set by several estimators."""

    intrinsic_dim: Estimate
    """The recommended answer."""
    estimates: dict[str, Estimate]
    scale_scan: tuple[ScalePoint, ...]
    n_points: int
    n_duplicates: int
    ambient_dim: int
    notices: tuple[Notice, ...] = ()


def dimension(
    points: ArrayLike,
    *,
    estimators: Sequence[str] | None = None,
    rng: np.random.Generator | int | None = None,
    dask: Any = None,
    resume: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> DimensionReport:
    """Estimate the intrinsic dimension of a data set by several estimators.

    All estimators share one exact nearest-neighbour pass over the distinct points, which takes
    nearly all the time where there are many; it can be spread over the workers of a Dask cluster,
    and gone on with after it was killed. The answer is the same.

    Args:
        points: Cloud, shape (n_points, ambient_dim).
        estimators: Names to run beside the recommended one (see ``ESTIMATOR_NAMES``); the
            standard set by default.
        rng: Generator or seed for the estimators that subsample.
        dask: A Dask client or the address of a scheduler, whose workers find the neighbours.
        resume: Folder that keeps finished blocks of the neighbour search; called again with the
            same points and folder, the search goes on where it ended.
        progress: Told the finished fraction.

    Returns:
        The recommended estimate, one per name, and the scale scan.

    Raises:
        InputError: If the cloud is unusable, a name is unknown, or no scheduler answers.
        MissingExtraError: If Dask is asked for and not installed.
    """
    as_generator(rng)
    chosen = dict(make_estimator(name) for name in estimators or STANDARD_SET)
    recommended = RecommendedDimension()
    needed = max(
        _SCAN_NEIGHBOURS,
        recommended.n_neighbours_needed,
        *(estimator.n_neighbours_needed for estimator in chosen.values()),
    )
    sample = Sample.from_points(
        points, needed, dask=dask, resume=resume, progress=stage(progress, 0.0, 0.7)
    )
    answer = recommended.estimate(sample)
    found: dict[str, Estimate] = {}
    refused: list[Notice] = []
    for finished, (name, estimator) in enumerate(chosen.items()):
        try:
            found[name] = estimator.estimate(sample)
        except InputError as error:
            # Named by the user, a method's refusal is an error; in the standard set it is news.
            if estimators is not None:
                raise
            refused.append(Notice(code="estimator_refused", message=f"{name}: {error}"))
        if progress is not None:
            progress(0.7 + 0.25 * (finished + 1) / len(chosen))
    readings = scale_scan(sample)
    if progress is not None:
        progress(1.0)
    cloud = sample.require_points("dimension")
    return DimensionReport(
        intrinsic_dim=answer,
        estimates=found,
        scale_scan=tuple(
            ScalePoint(
                n_neighbours=reading.n_neighbours,
                radius=reading.radius,
                intrinsic_dim=reading.estimate.value,
                interval=reading.estimate.interval,
                on_plateau=reading.on_plateau,
            )
            for reading in readings
        ),
        n_points=sample.n_points,
        n_duplicates=sample.n_duplicates,
        ambient_dim=cloud.shape[1],
        notices=(*sample.notices, *answer.notices, *refused),
    )
