"""One quiet call of scikit-dimension: its warnings and printed lines are caught and returned."""

import contextlib
import importlib
import inspect
import io
import math
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.intrinsic_dimension.skdim_recipes import RECIPES, Settings

_FIT_SETTINGS = ("n_neighbors", "comb")
_FAILURES = (ValueError, TypeError, ArithmeticError, LookupError, RuntimeError)


class PreparedCloud(NamedTuple):
    """A centred cloud in units of its typical neighbour distance, with its neighbours."""

    points: Float[NDArray[np.float64], "n_points ambient_dim"]
    distances: Float[NDArray[np.float64], "n_points n_neighbours"]
    indices: Int[NDArray[np.int64], "n_points n_neighbours"]


class Answer(NamedTuple):
    """What one call returned."""

    value: float
    """The dimension, NaN if the library has none."""
    remarks: tuple[str, ...]
    """Its warnings and printed lines, each once, on one line."""


def ask_skdim(name: str, cloud: PreparedCloud, settings: Settings, random_state: int) -> Answer:
    """Call an estimator of scikit-dimension.

    Args:
        name: Name of the estimator in ``skdim.id``.
        cloud: Points and neighbours.
        settings: Settings of the estimator and of its ``fit``.
        random_state: Seed, for estimators that draw.

    Returns:
        The answer.

    Raises:
        InputError: If a setting is unknown or the library fails.
    """
    remarks: list[str] = []
    with _quiet(remarks):
        # On import the library tells Python to ignore all warnings; leaving the block undoes it.
        kind = getattr(importlib.import_module("skdim.id"), name)
        warnings.simplefilter("always")
        build, fit = _split(kind, settings)
        if "random_state" in inspect.signature(kind).parameters:
            build["random_state"] = random_state
        try:
            value = _call(kind, build, fit, cloud, random_state)
        except _FAILURES as error:
            raise InputError(
                f"{name} of scikit-dimension failed on these points ({one_line(str(error))}); "
                "use another estimator or other settings"
            ) from error
    values = np.ravel(np.asarray(value, dtype=np.float64))
    return Answer(
        float(values[0]) if len(values) else math.nan,
        tuple(dict.fromkeys(one_line(remark) for remark in remarks if remark.strip())),
    )


def one_line(text: str) -> str:
    """Fold text onto one line.

    Args:
        text: Any text.

    Returns:
        The text with runs of white space made single spaces.
    """
    return " ".join(text.split())


@contextlib.contextmanager
def _quiet(remarks: list[str]) -> Iterator[None]:
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as heard, contextlib.redirect_stdout(printed):
        yield
    # numpy says where it divided by zero; whether that mattered shows in the answer.
    remarks += [str(w.message) for w in heard if not issubclass(w.category, RuntimeWarning)]
    remarks += printed.getvalue().splitlines()


def _split(kind: Any, settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    build = {key: value for key, value in settings.items() if key not in _FIT_SETTINGS}
    fit = {key: value for key, value in settings.items() if key in _FIT_SETTINGS}
    known = set(inspect.signature(kind).parameters) - {"random_state"}
    known |= set(inspect.signature(kind.fit).parameters) & set(_FIT_SETTINGS)
    unknown = sorted(set(settings) - known)
    if unknown:
        raise InputError(
            f"{unknown[0]} is no setting of {kind.__name__}; it has {', '.join(sorted(known))}"
        )
    return build, fit


def _call(
    kind: Any, build: dict[str, Any], fit: dict[str, Any], cloud: PreparedCloud, random_state: int
) -> Any:
    name = kind.__name__
    if name == "TwoNN":
        # Handed the points, the library would hold an N x N matrix.
        return kind(**build, dist=True).fit(cloud.distances[:, :2]).dimension_
    if RECIPES[name].max_neighbourhoods is not None:
        rng = np.random.default_rng(random_state)
        return _mean_over_neighbourhoods(kind(**build), cloud, fit.get("comb", "mean"), rng)
    if RECIPES[name].takes_table:
        fit = {**fit, "precomputed_knn_arrays": (cloud.distances, cloud.indices)}
    return kind(**build).fit(cloud.points, **fit).dimension_


def _mean_over_neighbourhoods(
    estimator: Any, cloud: PreparedCloud, comb: str, rng: np.random.Generator
) -> float:
    """Take a slow estimator over a few random neighbourhoods instead of over all of them."""
    n_points = len(cloud.points)
    limit = RECIPES[type(estimator).__name__].max_neighbourhoods or n_points
    centres = rng.choice(n_points, size=min(n_points, limit), replace=False)
    answers = [
        estimator.fit_once(cloud.points[cloud.indices[centre]]).dimension_ for centre in centres
    ]
    return float(np.median(answers) if comb == "median" else np.mean(answers))
