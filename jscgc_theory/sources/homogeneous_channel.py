"""Channels whose source looks the same from each of its points."""

from jscgc_theory.sources.exact_channel import ExactChannel


class HomogeneousChannel(ExactChannel):
    """A channel whose source has a symmetry that carries any point of its support to any other.

    A ball then has the same probability about every point of the support, so that the largest,
    S(r), is the average one, q(r). A centre off the support may do better.
    """

    def small_ball_probability(self, radius: float) -> float:
        """Return S(r) over centres in the support: by symmetry the same as q(r).

        Args:
            radius: Distance in the metric of the channel.

        Returns:
            Probability.
        """
        return self.coincidence_probability(radius)

    def small_ball_radius_at_log2_probability(self, log2_probability: float) -> float:
        """Return the radius where S takes a value; the same as for q.

        Args:
            log2_probability: log2 S, at most 0.

        Returns:
            Distance in the metric of the channel.
        """
        return self.radius_at_log2_probability(log2_probability)
