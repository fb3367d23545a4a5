r"""How far KSG reads low because its neighbourhoods are not small, from its trend over scales.

KSG takes the densities as constant within the k-th neighbour's distance. What it misses depends
on k and n almost only through k/n (measured: 2k neighbours of n pairs miss what k of n/2 do), as
(k/n)^a, a = 2/d for a smooth density in d coordinates, 1/2 where edges of the support decide. If
the estimate has risen by D from 4k to k neighbours, D / (4^a - 1) is still to come: strong
dependence has less to come than that (it falls off faster), so half of it is added. Tails that
resolve slowly have more: the rise from 8k to 4k then is small beside D and shows the smaller a.
"""

from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from jscgc_theory.mutual_information.nearest_neighbour.digamma_form import (
    ksg_bits,
    ksg_terms_bits,
)

COARSENING = (1, 4, 8)
"""Scales at which the trend is read, in units of k."""
_FASTEST_DECAY = 0.5
_LARGEST_SHARE = 3.0
"""Most of D allowed for in the standard error, unless a smooth density has more."""
_LIKELY_SHARE = 2.0
"""Most of D allowed for in the verdict; more would fire where the value is right."""
_SIGNIFICANT = 2.5


@dataclass(frozen=True)
class SmoothingTrend:
    """KSG at k neighbours and what its trend over scales says of the bias."""

    fine_bits: float
    """KSG with k neighbours."""
    rise_bits: float
    """D: its rise from 4k to k neighbours."""
    rise_error_bits: float
    """Standard error of D, from the spread of its terms."""
    earlier_rise_bits: float
    """Its rise from 8k to 4k neighbours, 0 where that was not counted."""
    dim: int
    """Coordinates of x and y together."""

    @classmethod
    def of(
        cls,
        x_counts: Int[NDArray[np.int64], "n_scales n_pairs"],
        y_counts: Int[NDArray[np.int64], "n_scales n_pairs"],
        n_neighbours: int,
        algorithm: int,
        dim: int,
    ) -> "SmoothingTrend":
        """Compare the estimates at several scales.

        Args:
            x_counts: n_x at the scales of ``COARSENING``; the last may be left out.
            y_counts: n_y at the same scales.
            n_neighbours: k.
            algorithm: 1 or 2.
            dim: Coordinates of x and y together.

        Returns:
            The trend.
        """
        scales = [factor * n_neighbours for factor in COARSENING]
        rows = list(zip(x_counts, y_counts, scales, strict=False))
        bits = [ksg_bits(*row, algorithm) for row in rows]
        fine, coarse = (ksg_terms_bits(*row, algorithm) for row in rows[:2])
        error = float(np.std(fine - coarse) / sqrt(x_counts.shape[1]))
        return cls(bits[0], bits[0] - bits[1], error, sum(bits[1:2]) - sum(bits[-1:]), dim)

    @property
    def value_bits(self) -> float:
        """The estimate with half of what a smooth density has still to come."""
        return self.fine_bits + 0.5 * self._smooth_share * self.rise_bits

    @property
    def doubt_bits(self) -> float:
        """How far the value may be from the end of the trend, for its standard error.

        The trend may end at once or go on as slowly as the two rises allow; the noise of D counts
        as a rise. Where D is not significant the rises allow no reading of how slowly.
        """
        share = max(self._smooth_share, _LARGEST_SHARE)
        if self._is_significant:
            share = self._slowest_share(_LARGEST_SHARE)
        reach = share - 0.5 * self._smooth_share
        return reach * hypot(self.rise_bits, self.rise_error_bits)

    @property
    def certain_doubt_bits(self) -> float:
        """The part of the doubt that noise does not explain, for the verdict.

        Where D is not significant it is that of a smooth density. One standard error of it is
        added: in many coordinates a trend that noise hides can still lead far.
        """
        smooth = 0.5 * self._smooth_share
        reach = self._slowest_share(_LIKELY_SHARE) - smooth if self._is_significant else smooth
        return reach * abs(self.rise_bits) + smooth * self.rise_error_bits

    @property
    def _is_significant(self) -> bool:
        return self.rise_bits > _SIGNIFICANT * self.rise_error_bits

    @property
    def _smooth_share(self) -> float:
        decay = min(_FASTEST_DECAY, 2.0 / self.dim)
        return 1.0 / (float(4.0**decay) - 1.0)

    def _slowest_share(self, largest: float) -> float:
        """1 / (4^a - 1) with the a of two rises, the later significant, or of a smooth density.

        With u = 2^a the earlier rise is R = u^2 / (1 + u) times D; the larger share counts.
        """
        ratio = max(0.0, self.earlier_rise_bits / self.rise_bits)
        growth = 0.5 * (ratio + sqrt(ratio * ratio + 4.0 * ratio))
        observed = 1.0 / max(growth * growth - 1.0, 1.0 / largest)
        return max(self._smooth_share, observed)
