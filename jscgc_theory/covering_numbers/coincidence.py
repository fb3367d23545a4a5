"""The coincidence probability q(r) of a data set: read off pairs, extrapolated beyond them."""

import math
from dataclasses import dataclass

import numpy as np

from jscgc_theory.covering_numbers.power_law import Z_95, PowerLaw
from jscgc_theory.covering_numbers.read_radius import from_counting, from_extrapolation
from jscgc_theory.neighbours import PairScan
from jscgc_theory.records import Estimate, Notice

MIN_PAIRS = 50
"""Radii within which fewer pairs lie are taken from the power law, not from the pairs."""


@dataclass(frozen=True)
class CoincidenceLaw:
    """q(r) = P(rho(X, X') <= r) at every scale."""

    scan: PairScan
    power_law: PowerLaw
    """q = r^d / C with the recommended d, whose C is the geometric constant."""
    tail: PowerLaw
    """What q follows below the closest pairs: the power law, or the pairs' own tail."""
    scale: float
    """r_0, the radius at which C is read, in data units."""
    notices: tuple[Notice, ...]

    @property
    def resolvable_mi_bits(self) -> float:
        """log2 of the number of pairs: q is read directly down to its inverse."""
        return math.log2(self.scan.n_pairs)

    def radius(self, log2_probability: float) -> Estimate:
        """Return the radius at which q falls to a given value.

        Where at least fifty pairs lie within it, it is an order statistic of the pair distances
        with an interval from the U-statistic's error; below, the tail law extrapolates (Weissman
        1978).

        Args:
            log2_probability: log2 q, at most 0.

        Returns:
            The radius, in data units.
        """
        finest = math.log2(MIN_PAIRS) - self.resolvable_mi_bits
        if log2_probability < finest:
            counted = self._counted(min(0.0, finest))
            return from_extrapolation(self._extrapolated(log2_probability), counted)
        return from_counting(self._counted(log2_probability), self._extrapolated(finest))

    def _extrapolated(self, log2_probability: float) -> Estimate:
        return self.tail.radius(log2_probability, "extrapolated by the power law of the pairs")

    def _counted(self, log2_probability: float) -> Estimate:
        q = 2.0**log2_probability
        error = self.relative_error(q)
        low, high = q * math.exp(-Z_95 * error), min(1.0, q * math.exp(Z_95 * error))
        return Estimate(
            value=self._quantile(q),
            interval=(self._quantile(low), self._quantile(high)),
            method="quantile of the pair distances",
            n_points_used=self.scan.n_nodes,
            details={"n_pairs_within": round(q * self.scan.n_pairs)},
        )

    def extrapolated_octaves(self, radius: float) -> float:
        """Return how many halvings lie between the closest pair and a smaller radius.

        Args:
            radius: The radius, in data units.

        Returns:
            Octaves, 0 if the radius lies within the range of the pairs.
        """
        if radius <= 0.0:
            return math.inf
        return max(0.0, math.log2(float(self.scan.distance[0]) / radius))

    def relative_error(self, q: float) -> float:
        """Return the relative standard error of the fraction of pairs at level q.

        Var(q_hat) = 4 Var(h(X)) / N + 2 q (1 - q) / (N (N - 1)) with h(x) the fraction within r
        of x (Hoeffding 1948), Var(h) from a sample of points, binomial noise removed. Where only
        the pairs of m points were counted, Var(h) (1/m - 1/N) is added, and the m (N - 1) pairs
        counted take the place of all.

        Args:
            q: The level.

        Returns:
            Standard error of q_hat divided by q.
        """
        column = int(np.searchsorted(self.scan.cumulative, q * self.scan.n_pairs))
        column = min(column, len(self.scan.radius) - 1)
        fractions = self.scan.row_fraction[:, column]
        level = max(float(fractions.mean()), 1.0 / self.scan.n_pairs)
        noise = level * (1.0 - level) / float(self.scan.pairs_per_node[0])
        spread = max(0.0, float(fractions.var(ddof=1)) - noise) if len(fractions) > 1 else 0.0
        # On a homogeneous space Var(h) is zero; its estimate then errs by sqrt(2/n + q) of the
        # noise (simulated), n rows read. Shrink it where it does not stand out from that.
        null_square = (2.0 / len(fractions) + q) * noise**2
        spread *= spread**2 / (spread**2 + null_square) if spread > 0.0 else 0.0
        # Sum over nodes of (share of pairs)^2: 4/N within one cloud, 1/N + 1/M between two.
        weight = float(np.square(self.scan.pairs_per_node / self.scan.n_pairs).sum())
        n_counted, n_rows = self.scan.n_pairs, self.scan.n_rows_counted
        if n_rows is not None and q * n_counted > len(self.scan.distance):
            weight += 1.0 / n_rows - 1.0 / self.scan.n_nodes
            n_counted = n_rows * (self.scan.n_nodes - 1)
        relative = weight * spread / level**2 + max(0.0, 1.0 - q) / (q * n_counted)
        return math.sqrt(relative)

    def _quantile(self, q: float) -> float:
        rank = q * self.scan.n_pairs
        if rank <= len(self.scan.distance):
            return float(self.scan.distance[max(0, math.ceil(rank) - 1)])
        counts = np.concatenate([[len(self.scan.distance)], self.scan.cumulative])
        radii = np.concatenate([[self.scan.distance[-1]], self.scan.radius])
        beyond = radii >= self.scan.distance[-1]
        return float(
            np.exp(np.interp(np.log(rank), np.log(counts[beyond]), np.log(radii[beyond])))
        )
