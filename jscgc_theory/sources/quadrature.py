"""Deterministic integrals over one angle or radius: Gauss-Legendre panels."""

from collections.abc import Callable
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.bounds.roots import bracketed_root

_NODES_PER_PANEL = 24

_Vector = Float[NDArray[np.float64], " n"]


@cache
def _unit_rule(n_nodes: int) -> tuple[_Vector, _Vector]:
    node, weight = np.polynomial.legendre.leggauss(n_nodes)
    node, weight = 0.5 * (node + 1.0), 0.5 * weight
    node.flags.writeable = weight.flags.writeable = False
    return node, weight


def gauss_legendre(low: float, high: float, n_nodes: int) -> tuple[_Vector, _Vector]:
    """Return nodes and weights of the Gauss-Legendre rule on an interval.

    Args:
        low: Lower end.
        high: Upper end.
        n_nodes: Number of nodes.

    Returns:
        Nodes and weights, each of shape (n_nodes,).
    """
    node, weight = _unit_rule(n_nodes)
    return low + (high - low) * node, (high - low) * weight


class DensityLaw:
    """A law on an interval given by its density, integrated panel by panel.

    Args:
        density: Vectorised density, smooth inside every panel.
        edges: Ascending panel edges; the first and last bound the support.
    """

    def __init__(self, density: Callable[[_Vector], _Vector], edges: _Vector) -> None:
        self.density = density
        self.edges = edges
        unit_node, unit_weight = _unit_rule(_NODES_PER_PANEL)
        width = np.diff(edges)[:, None]
        self.nodes: _Vector = (edges[:-1, None] + width * unit_node).ravel()
        self.weights: _Vector = (width * unit_weight).ravel()
        self.masses: _Vector = density(self.nodes) * self.weights

    @property
    def total(self) -> float:
        """Mass of the whole interval; 1 up to the error of the rule."""
        return float(self.masses.sum())

    def mean(self, values: _Vector) -> float:
        """Return the mean of a function.

        Args:
            values: Its values at ``nodes``.

        Returns:
            The integral of values times density.
        """
        return float(np.sum(values * self.masses))

    def survival(self, point: float) -> float:
        """Return the mass above a point.

        Args:
            point: Any number.

        Returns:
            P(value > point).
        """
        last = int(np.searchsorted(self.edges, point, side="right"))
        if last >= self.edges.size:
            return 0.0
        above = float(self.masses[last * _NODES_PER_PANEL :].sum())
        low = max(point, float(self.edges[last - 1])) if last else float(self.edges[0])
        node, weight = gauss_legendre(low, float(self.edges[last]), _NODES_PER_PANEL)
        if last == 0:
            return self.total
        return above + float(np.sum(self.density(node) * weight))

    def quantile_from_above(self, outage_probability: float) -> float:
        """Return the point with a given mass above it.

        Args:
            outage_probability: Mass above, between 0 and 1.

        Returns:
            The (1 - P_e) quantile.
        """
        return bracketed_root(
            lambda point: self.survival(point) - outage_probability,
            float(self.edges[0]),
            float(self.edges[-1]),
        )
