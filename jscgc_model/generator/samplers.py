"""Solvers of the flow ``dx/ds = v(x, s)`` from noise at s = 1 to data at s = 0."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from jscgc_model.generator.sigma_schedule import sigma_schedule
from jscgc_theory.errors import InputError

Velocity = Callable[[Tensor, Tensor], Tensor]
"""A field: points (batch, ...) and times (batch,) to velocities shaped like the points."""


@dataclass(frozen=True, kw_only=True)
class SamplerSettings:
    """How a flow is solved."""

    method: str = "euler"
    """``euler`` (order 1), ``midpoint`` or ``heun`` (order 2)."""
    n_steps: int = 9
    """Steps."""
    shift: float = 1.0
    """Shift of the times; see :func:`sigma_schedule`."""

    def __post_init__(self) -> None:
        if self.method not in _STEPS:
            raise InputError(
                f"method = {self.method!r} is not a solver; choose from {', '.join(_STEPS)}"
            )
        # Worked out here, so that wrong settings are refused at once.
        _ = self.times

    @cached_property
    def times(self) -> tuple[float, ...]:
        """Times from 1 to 0 between which the steps lie."""
        return tuple(sigma_schedule(self.n_steps, shift=self.shift).tolist())

    @property
    def n_velocity_calls(self) -> int:
        """Evaluations of the field for a sample; guidance may make each two network calls."""
        return _STEPS[self.method][1] * self.n_steps


def sample(
    velocity: Velocity,
    noise: Float[Tensor, " batch *shape"],
    settings: SamplerSettings | None = None,
) -> Float[Tensor, " batch *shape"]:
    """Follow a velocity field from noise to data.

    Args:
        velocity: The field.
        noise: Where to start: points at s = 1.
        settings: Solver and times; 9 uniform Euler steps by default.

    Returns:
        Points at s = 0.
    """
    chosen = settings or SamplerSettings()
    step, _ = _STEPS[chosen.method]
    points = noise
    for start, end in pairwise(chosen.times):
        points = step(velocity, points, start, end)
    return points


def _euler_step(velocity: Velocity, points: Tensor, start: float, end: float) -> Tensor:
    return points + (end - start) * velocity(points, _times(points, start))


def _midpoint_step(velocity: Velocity, points: Tensor, start: float, end: float) -> Tensor:
    middle = 0.5 * (start + end)
    halfway = _euler_step(velocity, points, start, middle)
    return points + (end - start) * velocity(halfway, _times(points, middle))


def _heun_step(velocity: Velocity, points: Tensor, start: float, end: float) -> Tensor:
    first = velocity(points, _times(points, start))
    second = velocity(points + (end - start) * first, _times(points, end))
    return points + 0.5 * (end - start) * (first + second)


def _times(points: Tensor, time: float) -> Tensor:
    # Half precision cannot tell neighbouring times apart.
    dtype = points.dtype if points.element_size() > 2 else torch.float32
    return torch.full((len(points),), time, dtype=dtype, device=points.device)


_STEPS = {"euler": (_euler_step, 1), "midpoint": (_midpoint_step, 2), "heun": (_heun_step, 2)}
