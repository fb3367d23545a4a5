"""Training of one network by one loss in one process: steps, checkpoints, log as a system's."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from diffusers.training_utils import EMAModel
from jaxtyping import Float
from torch import Tensor, nn

from jscgc_model.training.checkpoints import (
    checkpoint_folders,
    load_checkpoint,
    save_checkpoint,
)
from jscgc_model.training.interruption import Interruption
from jscgc_model.training.optimisers import learning_rate, make_optimisers
from jscgc_model.training.run_state import RunState, learning_parameters
from jscgc_model.training.settings import TrainingSettings
from jscgc_model.training.training_log import TrainingLog
from jscgc_theory.errors import InputError

_CHECKPOINTS = "checkpoints"

Loss = Callable[[int], Float[Tensor, ""]]
"""Number of a step to its loss; must depend on nothing else but the weights."""


class PlainTraining:
    """A training run that is gone on with, after a stop, as if there had been none.

    Args:
        network: Trained in place; its buffers have no part in the course of the run.
        loss: What is made small.
        settings: Number of steps, optimiser, averaging, how often to save.
        identity: Everything the course of the run depends on, as JSON.
    """

    def __init__(
        self,
        network: nn.Module,
        loss: Loss,
        settings: TrainingSettings,
        identity: Mapping[str, Any],
    ) -> None:
        self._loss = loss
        self._settings = settings
        self._learning = learning_parameters(network)
        self._optimisers = make_optimisers(self._learning, settings)
        self._average = EMAModel(
            list(self._learning.values()), decay=settings.ema_decay, foreach=True
        )
        self._state = RunState(network, self._average, self._optimisers, identity)

    def run(
        self,
        folder: Path,
        *,
        resume: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> bool:
        """Train until the last step, or until a signal; then after the step at hand.

        Args:
            folder: Where checkpoints and log go.
            resume: Whether to go on from the newest checkpoint in the folder, if there is one.
            progress: Told the finished fraction.

        Returns:
            Whether the last step was made; if so the network has its averaged weights.

        Raises:
            InputError: If the folder holds another run, or the loss is no longer finite.
        """
        checkpoints, n_steps = folder / _CHECKPOINTS, self._settings.n_steps
        n_done = self._restore(checkpoints, resume=resume)
        with Interruption() as interruption, TrainingLog(folder, n_done) as log:
            while n_done < n_steps and not interruption.asked:
                log.write(n_done, loss=self._step(n_done))
                n_done += 1
                if progress is not None:
                    progress(n_done / n_steps)
                is_last = n_done == n_steps or interruption.asked
                if is_last or n_done % self._settings.save_every == 0:
                    log.flush()
                    save_checkpoint(checkpoints, self._state.checkpoint(n_done))
        if n_done < n_steps:
            return False
        self._average.copy_to(self._learning.values())
        return True

    def _restore(self, checkpoints: Path, *, resume: bool) -> int:
        """Go on from the newest checkpoint; returns the number of steps done."""
        found = checkpoint_folders(checkpoints)
        if not found:
            return 0
        if not resume:
            raise InputError(
                f"{checkpoints.parent} holds a training run already; resume it, or choose "
                "another folder"
            )
        checkpoint = load_checkpoint(found[-1])
        self._state.restore(checkpoint)
        return checkpoint.step

    def _step(self, step: int) -> float:
        """Make a step; returns its loss."""
        for optimiser in self._optimisers:
            optimiser.zero_grad()
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, self._settings)
        loss = self._loss(step)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(
            self._learning.values(), self._settings.largest_gradient_norm
        )
        value = float(loss.detach())
        if not math.isfinite(value + float(norm)):
            raise InputError(
                f"the loss of step {step} is {value:g}; train anew with a lower learning_rate"
            )
        for optimiser in self._optimisers:
            optimiser.step()
        self._average.step(self._learning.values())
        return value
