"""What a training run must keep: weights that learn, their average, the optimisers' states."""

from collections.abc import Sequence
from typing import Any

import torch
from diffusers.training_utils import EMAModel
from torch import Tensor, nn
from torch.optim import Optimizer

from jscgc_model.training.checkpoints import Checkpoint
from jscgc_theory.errors import InputError

_WEIGHTS, _AVERAGE = "weights", "average"


def learning_parameters(module: nn.Module) -> dict[str, nn.Parameter]:
    """Return the parameters that learn, by name.

    Args:
        module: The system.

    Returns:
        Parameters; a frozen backbone has no part in a checkpoint.
    """
    return {name: one for name, one in module.named_parameters() if one.requires_grad}


class RunState:
    """The state of a run, to and from a checkpoint.

    Args:
        module: The system, not wrapped.
        average: Moving average of its learning parameters.
        optimisers: Its optimisers, not wrapped.
        fingerprint: What the run must share with a checkpoint to go on from it.
    """

    def __init__(
        self,
        module: nn.Module,
        average: EMAModel,
        optimisers: Sequence[Optimizer],
        fingerprint: dict[str, Any],
    ) -> None:
        self.module = module
        self.average = average
        self.optimisers = optimisers
        self.fingerprint = fingerprint

    def checkpoint(self, n_steps_done: int) -> Checkpoint:
        """Return the state as it is now.

        Args:
            n_steps_done: Steps done.

        Returns:
            A checkpoint that shares its tensors with the run.
        """
        learning = learning_parameters(self.module)
        tensors = {
            _WEIGHTS: {name: one.detach() for name, one in learning.items()},
            _AVERAGE: dict(zip(learning, self.average.shadow_params, strict=True)),
        }
        for place, optimiser in enumerate(self.optimisers):
            tensors[f"optimiser_{place}"] = {
                f"{number}.{name}": value
                for number, state in optimiser.state_dict()["state"].items()
                for name, value in state.items()
            }
        details = {
            "n_averaged_steps": self.average.optimization_step,
            "fingerprint": self.fingerprint,
        }
        return Checkpoint(n_steps_done, tensors, details)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a checkpoint.

        Args:
            checkpoint: The state to go on from.

        Raises:
            InputError: If it is the state of another system or another training.
        """
        self._check_fingerprint(checkpoint)
        learning = learning_parameters(self.module)
        averages = dict(zip(learning, self.average.shadow_params, strict=True))
        _copy(checkpoint.tensors.get(_WEIGHTS, {}), learning, _WEIGHTS)
        _copy(checkpoint.tensors.get(_AVERAGE, {}), averages, _AVERAGE)
        self.average.optimization_step = int(checkpoint.details["n_averaged_steps"])
        for place, optimiser in enumerate(self.optimisers):
            _restore_optimiser(optimiser, checkpoint.tensors.get(f"optimiser_{place}", {}))

    def _check_fingerprint(self, checkpoint: Checkpoint) -> None:
        stored = checkpoint.details.get("fingerprint", {})
        names = sorted(set(stored) | set(self.fingerprint))
        other = [name for name in names if stored.get(name) != self.fingerprint.get(name)]
        if other:
            raise InputError(
                f"the checkpoint was made with other settings ({', '.join(other)}); go on with "
                "the same settings, or train anew in another folder"
            )


def restore_average(module: nn.Module, checkpoint: Checkpoint) -> None:
    """Give a system the averaged weights of a checkpoint: those that generate.

    Args:
        module: The system.
        checkpoint: State of the run that trained it.

    Raises:
        InputError: If it is the state of another system.
    """
    _copy(checkpoint.tensors.get(_AVERAGE, {}), learning_parameters(module), _AVERAGE)


def _copy(stored: dict[str, Tensor], into: dict[str, Any], group: str) -> None:
    if stored.keys() != into.keys():
        odd = sorted(stored.keys() ^ into.keys())
        raise InputError(
            f"the {group} of the checkpoint are those of another system (first difference: "
            f"{odd[0]}); give the recipe it was trained with"
        )
    with torch.no_grad():
        for name, tensor in into.items():
            if tensor.shape != stored[name].shape:
                raise InputError(
                    f"{name} has shape {tuple(stored[name].shape)} in the checkpoint, "
                    f"{tuple(tensor.shape)} here; give the recipe it was trained with"
                )
            tensor.copy_(stored[name])


def _restore_optimiser(optimiser: Optimizer, stored: dict[str, Tensor]) -> None:
    states: dict[int, dict[str, Tensor]] = {}
    for key, value in stored.items():
        number, name = key.split(".", 1)
        states.setdefault(int(number), {})[name] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": states})
