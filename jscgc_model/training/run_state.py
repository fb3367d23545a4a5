"""What a training run must keep: weights that learn, their average, the optimisers' states."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from diffusers.training_utils import EMAModel
from torch import Tensor, nn
from torch.optim import Optimizer

from jscgc_model.training.checkpoints import Checkpoint, Tensors
from jscgc_model.training.shards import like, whole
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


def differing_names(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return the names whose values differ or that only one of two mappings has.

    Args:
        first: Values by name.
        second: Values by name.

    Returns:
        Names in alphabetical order.
    """
    nothing = object()
    names = first.keys() | second.keys()
    return sorted(name for name in names if first.get(name, nothing) != second.get(name, nothing))


class RunState:
    """The state of a run, to and from a checkpoint.

    Args:
        module: The system, not wrapped.
        average: Moving average of its learning parameters.
        optimisers: Its optimisers, not wrapped.
        identity: What a checkpoint must share with the run to go on from it, as JSON.
    """

    def __init__(
        self,
        module: nn.Module,
        average: EMAModel,
        optimisers: Sequence[Optimizer],
        identity: Mapping[str, Any],
    ) -> None:
        self.module = module
        self.average = average
        self.optimisers = optimisers
        self.identity = identity

    def checkpoint(self, n_steps_done: int) -> Checkpoint:
        """Return the state as it is now.

        Args:
            n_steps_done: Steps done.

        Processes that share the weights must ask together.

        Returns:
            A checkpoint that shares its tensors with the run, but for those that are gathered.
        """
        learning = learning_parameters(self.module)
        tensors: dict[str, Tensors] = {
            _WEIGHTS: {name: whole(one.detach()) for name, one in learning.items()},
            _AVERAGE: {
                name: whole(one)
                for name, one in zip(learning, self.average.shadow_params, strict=True)
            },
        }
        for place, optimiser in enumerate(self.optimisers):
            tensors[_optimiser(place)] = {
                f"{number}.{name}": whole(value)
                for number, state in optimiser.state_dict()["state"].items()
                for name, value in state.items()
            }
        details = {
            "n_averaged_steps": self.average.optimization_step,
            "identity": dict(self.identity),
        }
        return Checkpoint(n_steps_done, tensors, details)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a checkpoint.

        Args:
            checkpoint: The state to go on from.

        Raises:
            InputError: If it is the state of another system or another training.
        """
        other = differing_names(checkpoint.details.get("identity", {}), self.identity)
        if other:
            raise InputError(
                f"the checkpoint was made with other settings ({', '.join(other)}); go on with "
                "the same settings, or train anew in another folder"
            )
        learning = learning_parameters(self.module)
        averages = dict(zip(learning, self.average.shadow_params, strict=True))
        _copy(checkpoint, _WEIGHTS, learning)
        _copy(checkpoint, _AVERAGE, averages)
        self.average.optimization_step = checkpoint.details["n_averaged_steps"]
        for place, optimiser in enumerate(self.optimisers):
            _restore_optimiser(optimiser, _group(checkpoint, _optimiser(place)))


def restore_average(module: nn.Module, checkpoint: Checkpoint) -> None:
    """Give a system the averaged weights of a checkpoint: those that generate.

    Args:
        module: The system.
        checkpoint: State of the run that trained it.

    Raises:
        InputError: If it is the state of another system.
    """
    _copy(checkpoint, _AVERAGE, learning_parameters(module))


def _optimiser(place: int) -> str:
    return f"optimiser_{place}"


def _group(checkpoint: Checkpoint, name: str) -> Tensors:
    if name not in checkpoint.tensors:
        raise InputError(
            f"the checkpoint of step {checkpoint.step} holds no {name}; it is of another system "
            "or training: give the recipe it was made with"
        )
    return checkpoint.tensors[name]


def _copy(checkpoint: Checkpoint, group: str, into: Mapping[str, Tensor]) -> None:
    stored = _group(checkpoint, group)
    shapes = [{name: tuple(one.shape) for name, one in kind.items()} for kind in (stored, into)]
    odd = differing_names(*shapes)
    if odd:
        told = ["absent" if odd[0] not in one else f"of shape {one[odd[0]]}" for one in shapes]
        raise InputError(
            f"{odd[0]} is {told[0]} in the {group} of the checkpoint and {told[1]} in this "
            "system; give the recipe it was trained with"
        )
    with torch.no_grad():
        for name, tensor in into.items():
            tensor.copy_(like(stored[name], tensor))


def _restore_optimiser(optimiser: Optimizer, stored: Tensors) -> None:
    parameters = [one for group in optimiser.param_groups for one in group["params"]]
    states: dict[int, dict[str, Tensor]] = {}
    for key, value in stored.items():
        number, name = key.split(".", 1)
        parameter = parameters[int(number)]
        is_moment = value.shape == parameter.shape
        states.setdefault(int(number), {})[name] = like(value, parameter) if is_moment else value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": states})
