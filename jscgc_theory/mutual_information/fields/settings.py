"""How long and with how large a network a velocity field is trained."""

from dataclasses import dataclass, replace

from jscgc_theory.validation import check_count, check_positive

_LEAST_STEPS = 10
_LEAST_BATCH = 8


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of :func:`train_velocity_field`; the defaults take about 15 s on one core.

    They were chosen on spheres S^2 and S^8 behind a Gaussian channel at -5 to 15 dB.
    """

    n_steps: int = 1500
    """Gradient steps."""
    batch_size: int = 512
    """Pairs for each step, half of them shown without their condition."""
    learning_rate: float = 5e-3
    """Largest step of AdamW, reached after a short warm-up; it falls to zero as a cosine."""
    width: int = 64
    """Units in each layer."""
    depth: int = 3
    """Residual blocks."""

    def __post_init__(self) -> None:
        check_count(self.n_steps, name="n_steps", minimum=_LEAST_STEPS)
        check_count(self.batch_size, name="batch_size", minimum=_LEAST_BATCH)
        check_positive(self.learning_rate, name="learning_rate")
        check_count(self.width, name="width")
        check_count(self.depth, name="depth")

    def shortened(self) -> "TrainingSettings":
        """Return the settings of a training of half the length.

        Returns:
            The settings, with half the steps.
        """
        return replace(self, n_steps=max(_LEAST_STEPS, self.n_steps // 2))
