"""What a pair of velocity fields says of I(X; Y_hat), with all its evidence."""

from jscgc_theory.records import Estimate, Notice, Record


class IntegrandCurve(Record):
    """Both integrands over ``lambda = log(t/(1-t))``, in bits per unit of lambda."""

    log_odds: tuple[float, ...]
    """Middle of each bin, ascending; ``lambda -> -inf`` is the clean end, t -> 0."""
    squared_form_bits: tuple[float, ...]
    squared_form_error_bits: tuple[float, ...]
    loss_gap_bits: tuple[float, ...]
    loss_gap_error_bits: tuple[float, ...]


class VelocityInformation(Record):
    """I(X; Y_hat) by the velocity gap and by the loss gap, their disagreement and their tails."""

    mi_bits: Estimate
    """The recommended value; its interval covers the disagreement of the two forms."""
    squared_form_bits: Estimate
    """``(1/ln 2) int (1-t)^2 E|v_c - v_u|^2 dlambda``."""
    loss_gap_bits: Estimate
    """``(1/ln 2) int (1-t)^2 (E|u - v_u|^2 - E|u - v_c|^2) dlambda``."""
    disagreement_bits: Estimate
    """Squared form less loss gap: 0 for an exact conditional field, whatever the other."""
    misfit_bits: Estimate | None
    """Least amount by which an unconditional field of another law overstates the loss gap; None
    where only losses are known."""
    curve: IntegrandCurve
    t_range: tuple[float, float]
    """Times that were sampled; the integral down to t_min is I(X_tmin; Y_hat)."""
    lower_tail_bits: float
    """Added for t below the range."""
    lower_tail_bound_bits: float
    """Most that lies there if the decay does not slow down."""
    upper_tail_bits: float
    """Added for t above the range."""
    upper_tail_bound_bits: float
    """Most that can lie there: ``gamma tr Cov(x) / (2 ln 2)``."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader must know."""
        return self.mi_bits.notices
