"""The training loop: the same losses however often it is stopped and over however many processes.

Each step draws everything it needs from the seed and its number, for the whole batch; every
process takes its rows.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.training_utils import EMAModel
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributed import is_initialized
from torch.optim import Optimizer

from jscgc_model.system import CommunicationSystem, TransmissionDraw
from jscgc_model.training.accelerators import this_accelerator
from jscgc_model.training.activation_recomputation import checkpoint_gradients
from jscgc_model.training.checkpoints import (
    checkpoint_folders,
    load_checkpoint,
    save_checkpoint,
)
from jscgc_model.training.draws import draw_transmission, loss_weights
from jscgc_model.training.interruption import Interruption
from jscgc_model.training.optimisers import learning_rate, make_optimisers
from jscgc_model.training.run_state import RunState, learning_parameters
from jscgc_model.training.settings import TrainingSettings
from jscgc_model.training.shards import shard, whole
from jscgc_model.training.training_log import NoLog, TrainingLog
from jscgc_theory.errors import InputError

CHECKPOINTS = "checkpoints"

Batches = Callable[[int], Float[Tensor, "batch ..."]]
"""Number of a step to its samples, for all processes and scaled for the generator."""


@dataclass(frozen=True)
class TrainingSummary:
    """How a training run ended."""

    n_steps_done: int
    was_interrupted: bool
    n_samples_per_second: float
    """Over this call's steps; NaN if there were none."""
    last_loss: float
    """NaN if this call made no step."""


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What a step works on, wrapped for the processes there are."""

    model: nn.Module
    optimisers: list[Optimizer]
    average: EMAModel
    n_symbols: int
    """Of a sample."""


class Trainer:
    """Trains a system; see :class:`~jscgc_model.training.settings.TrainingSettings`.

    Args:
        system: What is trained, in place.
        batches: The samples.
        settings: How.
        folder: Where checkpoints and logs go.
        identity: Everything the course of the run depends on, as JSON; a resumed run must share
            it with its checkpoint.
        progress: Told the finished fraction.

    Raises:
        InputError: If the processes cannot share a batch evenly, or its samples depend on each
            other.
    """

    def __init__(
        self,
        system: CommunicationSystem,
        batches: Batches,
        settings: TrainingSettings,
        folder: Path,
        *,
        identity: Mapping[str, Any],
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.system = system
        self.batches = batches
        self.settings = settings
        self.folder = folder
        self.identity = identity
        self.progress = progress or (lambda fraction: None)
        self.accelerator = this_accelerator()
        self._check_shares()

    def run(self, *, resume: bool = False) -> TrainingSummary:
        """Train up to ``n_steps``, from the start or from the newest checkpoint.

        A signal to stop is obeyed after the step at hand, with a checkpoint.

        Args:
            resume: Whether to go on from the newest checkpoint in the folder, if there is one.

        Returns:
            How it ended.

        Raises:
            InputError: If the folder holds a run and ``resume`` is off, if a checkpoint cannot
                be used, or if the loss is no longer finite.
        """
        self.system.train_backbone(self.settings.train_backbone)
        checkpoint_gradients(self.system, self.settings.gradient_checkpointing)
        n_symbols = self._n_symbols()  # Before an encoder in shards can no longer be asked alone.
        is_sharded = self.settings.sharding == "fsdp2"
        if is_sharded:
            shard(self.system.to(self.accelerator.device))
        learning = learning_parameters(self.system)
        bare = make_optimisers(learning, self.settings)
        average = EMAModel(list(learning.values()), decay=self.settings.ema_decay, foreach=True)
        state = RunState(self.system, average, bare, self.identity)
        n_done = self._restore(state, resume=resume)
        model: nn.Module = self.system
        optimisers: list[Optimizer] = list(bare)
        if not is_sharded:
            model, *optimisers = self.accelerator.prepare(self.system, *bare)
        average.to(self.accelerator.device)
        return self._loop(_Prepared(model, optimisers, average, n_symbols), state, n_done)

    def _loop(self, run: _Prepared, state: RunState, n_done: int) -> TrainingSummary:
        first, loss, started = n_done, math.nan, time.perf_counter()
        with Interruption() as interruption, self._log(n_done) as log:
            while n_done < self.settings.n_steps and not self._must_stop(interruption):
                loss, norm = self._step(run, n_done)
                log.write(n_done, loss=loss, gradient_norm=norm)
                n_done += 1
                self.progress(n_done / self.settings.n_steps)
                if n_done % self.settings.save_every == 0:
                    self._save(state, n_done, log)
            if n_done > first and n_done % self.settings.save_every:
                self._save(state, n_done, log)
        elapsed = time.perf_counter() - started
        n_samples = (n_done - first) * self.settings.batch_size
        return TrainingSummary(
            n_steps_done=n_done,
            was_interrupted=n_done < self.settings.n_steps,
            n_samples_per_second=n_samples / elapsed if n_samples else math.nan,
            last_loss=loss,
        )

    def _step(self, run: _Prepared, step: int) -> tuple[float, float]:
        x, draw = self._own_share(step, run.n_symbols)
        for optimiser in run.optimisers:
            optimiser.zero_grad()
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, self.settings)
        # Not accelerate's mixed precision, which one process can set only once.
        is_mixed = self.settings.precision == "bf16"
        with torch.autocast(self.accelerator.device.type, torch.bfloat16, enabled=is_mixed):
            losses = run.model(x, draw)
        loss = (losses * loss_weights(draw.time, self.settings)).mean()
        self.accelerator.backward(loss)
        norm = float(
            whole(
                self.accelerator.clip_grad_norm_(
                    run.model.parameters(), self.settings.largest_gradient_norm
                )
            )
        )
        mean_loss = float(self.accelerator.reduce(loss.detach(), reduction="mean"))
        if not math.isfinite(mean_loss + norm):
            raise InputError(
                f"the loss of step {step} is {mean_loss:g} and its gradient norm {norm:g}; train "
                "anew with a lower learning_rate (the checkpoints before are kept)"
            )
        for optimiser in run.optimisers:
            optimiser.step()
        run.average.step(learning_parameters(self.system).values())
        return mean_loss, norm

    def _own_share(self, step: int, n_symbols: int) -> tuple[Tensor, TransmissionDraw]:
        x = self.batches(step)
        shape = tuple(x.shape[1:])
        draw = draw_transmission(self.settings, self.system.channel, shape, n_symbols, step)
        each = self.settings.batch_size // self.accelerator.num_processes
        start = each * self.accelerator.process_index
        rows, device = slice(start, start + each), self.accelerator.device
        return x[rows].to(device), draw.take(rows).to(device)

    def _n_symbols(self) -> int:
        """Symbols of a sample, found by encoding one."""
        x = self.batches(0)[:1].to(next(self.system.parameters()).device)
        with torch.no_grad():
            symbols: Tensor = self.system.encoder(x, x.new_zeros(1))
        return symbols.shape[1]

    def _restore(self, state: RunState, *, resume: bool) -> int:
        found = checkpoint_folders(self.folder / CHECKPOINTS)
        if not found:
            return 0
        if not resume:
            raise InputError(
                f"{self.folder} holds a training run already; resume it (--resume), or choose "
                "another folder"
            )
        checkpoint = load_checkpoint(found[-1])
        state.restore(checkpoint)
        return checkpoint.step

    def _save(self, state: RunState, n_done: int, log: TrainingLog | NoLog) -> None:
        log.flush()
        # All processes gather what they share.
        checkpoint = state.checkpoint(n_done)
        if self.accelerator.is_main_process:
            save_checkpoint(self.folder / CHECKPOINTS, checkpoint)
        self.accelerator.wait_for_everyone()

    def _log(self, n_done: int) -> TrainingLog | NoLog:
        return TrainingLog(self.folder, n_done) if self.accelerator.is_main_process else NoLog()

    def _must_stop(self, interruption: Interruption) -> bool:
        """Tell whether any process was asked to stop, so that all stop after the same step."""
        if self.accelerator.num_processes == 1:
            return interruption.asked
        asked = torch.tensor(float(interruption.asked), device=self.accelerator.device)
        return bool(self.accelerator.reduce(asked, reduction="sum") > 0.0)

    def _check_shares(self) -> None:
        n_processes = self.accelerator.num_processes
        if self.settings.sharding != "none" and not is_initialized():
            raise InputError(
                f"sharding = {self.settings.sharding!r} shares weights between processes; train "
                "in several (--processes)"
            )
        if self.settings.batch_size % n_processes:
            raise InputError(
                f"batch_size = {self.settings.batch_size} cannot be shared by {n_processes} "
                "processes; give a multiple"
            )
        if n_processes > 1 and self.system.channel.settings.power_constraint == "per_batch":
            raise InputError(
                f"power_constraint = 'per_batch' couples the samples of a batch, which "
                f"{n_processes} processes share; use one process or 'per_sample'"
            )
