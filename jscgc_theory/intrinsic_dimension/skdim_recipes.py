"""How each scikit-dimension estimator is called: scale of work, defaults, what is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from jscgc_theory.errors import InputError

Settings = Mapping[str, Any]
_Defaults = Callable[[int, int, Settings], dict[str, Any]]

LARGEST_CAP = 100
"""Highest dimension that the estimators with a finite search range are asked about."""

_DANCO_FIT_POINTS = (20, 5000)
_SET_BY_WRAPPER = ("dist", "DM", "fit_explained_variance", "produce_plots", "verbose", "n_jobs")


def _no_defaults(n_points: int, ambient_dim: int, settings: Settings) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Recipe:
    """How one estimator is called."""

    n_neighbours: int = 1
    """Neighbours read from the shared table, where the estimator accepts one."""
    is_local: bool = False
    """Whether it averages over neighbourhoods; ``fit`` then takes ``n_neighbors`` and ``comb``."""
    takes_table: bool = False
    """Whether ``fit`` accepts precomputed neighbours."""
    max_points: int | None = None
    """Points beyond which a random subsample is taken: N x N memory or slow loops."""
    max_neighbourhoods: int | None = None
    """Number of neighbourhoods to average, for the estimator that takes one at a time."""
    defaults: _Defaults = _no_defaults
    """Defaults of ours, from the number of points, the ambient dimension and the settings."""
    caveat: str | None = None
    """What a reader must know about any answer of this method."""


def _cap(n_points: int, ambient_dim: int, settings: Settings) -> dict[str, Any]:
    # The library stops at 10 whatever the data.
    return {"D": min(ambient_dim, LARGEST_CAP), "k": min(20, n_points - 2)}


def _danco(n_points: int, ambient_dim: int, settings: Settings) -> dict[str, Any]:
    low, high = _DANCO_FIT_POINTS
    k = min(10, n_points - 2)
    tabulated = low <= n_points <= high and settings.get("k", k) == 10
    # Calibration by simulation takes seconds per dimension; the published fit is instantaneous.
    version = {"ver": "DANCoFit"} if tabulated else {}
    return {"D": min(ambient_dim, LARGEST_CAP), "k": k, **version}


def _lpca(n_points: int, ambient_dim: int, settings: Settings) -> dict[str, Any]:
    # The library's alphaRatio keeps 5 % of the variance where 95 % is meant.
    return {"alphaRatio": 0.95} if settings.get("ver") == "ratio" else {}


def _knn_graph(n_points: int, ambient_dim: int, settings: Settings) -> dict[str, Any]:
    # The library's samples of 3 to 6 points give another answer at every call.
    k = int(settings.get("k", min(5, max(1, n_points // 10))))
    largest = min(n_points, max(n_points // 10, k + 6))
    sizes = np.unique(np.geomspace(max(k + 1, largest // 5), largest, 6).astype(int))
    return {"k": k, "gamma": 1, "M": 20, "ps": sizes}


def _persistence(n_points: int, ambient_dim: int, settings: Settings) -> dict[str, Any]:
    return {"nsteps": 10, "subsamples": 5}


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "lPCA": Recipe(
            defaults=_lpca,
            caveat="lPCA counts directions of variance of the whole cloud: on a curved set it "
            "answers with the dimension of the flat space that holds it.",
        ),
        "TwoNN": Recipe(n_neighbours=2),
        "MLE": Recipe(n_neighbours=20, is_local=True, takes_table=True),
        "CorrInt": Recipe(max_points=5000),
        "MiND_ML": Recipe(max_points=10_000, defaults=_cap),
        "KNN": Recipe(max_points=3000, defaults=_knn_graph),
        "DANCo": Recipe(max_points=_DANCO_FIT_POINTS[1], defaults=_danco),
        "FisherS": Recipe(max_points=3000),
        "MOM": Recipe(n_neighbours=100, is_local=True, takes_table=True),
        "MADA": Recipe(n_neighbours=20, is_local=True, max_points=3000),
        "TLE": Recipe(n_neighbours=20, is_local=True, takes_table=True, max_points=5000),
        "ESS": Recipe(n_neighbours=100, is_local=True, max_neighbourhoods=60),
        "GRIDE": Recipe(max_points=10_000),
        "PH": Recipe(max_points=1000, defaults=_persistence),
    }
)
"""Every global estimator of scikit-dimension 0.5 by name."""


def check_settings(name: str, settings: Settings) -> None:
    """Refuse settings that the wrapper sets itself or that scikit-dimension mishandles.

    Args:
        name: Name of the estimator.
        settings: Settings handed over by the caller.

    Raises:
        InputError: If one is not to be used.
    """
    taken = [key for key in settings if key in _SET_BY_WRAPPER]
    if taken:
        raise InputError(f"{taken[0]} is set by the wrapper of {name}; leave it out")
    if name == "TwoNN" and not 0.0 < settings.get("discard_fraction", 0.1) < 1.0:
        # At 0 the library takes the logarithm of 0.
        raise InputError(
            f"discard_fraction = {settings['discard_fraction']} is outside (0, 1), where TwoNN's "
            "straight-line fit exists; try 0.1"
        )
    if name == "MLE" and settings.get("dnoise") is not None:
        # Wrapped once per fit, the noise function of the library ends up calling itself.
        raise InputError(
            "dnoise of MLE recurses without end or is ignored in scikit-dimension 0.5; leave it "
            "out and treat noise by the choice of scale"
        )
