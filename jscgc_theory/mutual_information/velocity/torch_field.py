"""A torch module as a velocity field of NumPy arrays, in batches, on any device."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from jscgc_theory.errors import MissingExtraError
from jscgc_theory.mutual_information.velocity.field import VelocityField
from jscgc_theory.validation import check_count


def torch_velocity_field(
    module: Callable[[Any, Any, Any], Any],
    *,
    device: Any = None,
    dtype: Any = None,
    batch_size: int = 4096,
) -> VelocityField:
    """Wrap a torch module ``module(x_t, t, y_hat)`` as a field of NumPy arrays.

    Args:
        module: Takes tensors x_t (n, D), t (n,) and y_hat (n, m) or None; returns (n, D).
        device: Where it lives; None for the device of its parameters, or the CPU if it has none.
        dtype: Type of the tensors; None for float32. At t below 1e-4 float32 may round away what
            the loss needs: the sums are float64 either way.
        batch_size: Rows for each call.

    Returns:
        The field. It neither tracks gradients nor changes the module's training mode; call
        ``module.eval()`` first if it has dropout.

    Raises:
        InputError: If the batch size is not positive.
        MissingExtraError: If torch is not installed.
    """
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError("a torch velocity field", "model") from error
    rows_per_call = check_count(batch_size, name="batch_size")
    kind = torch.float32 if dtype is None else dtype
    place = _device_of(module) if device is None else device

    def field(
        x_t: NDArray[np.float64], t: NDArray[np.float64], y_hat: NDArray[np.float64] | None
    ) -> Float[NDArray[np.float64], "n_points x_dim"]:
        answers = []
        with torch.no_grad():
            for start in range(0, len(x_t), rows_per_call):
                rows = slice(start, start + rows_per_call)
                tensors = [
                    None if array is None else torch.as_tensor(array[rows], dtype=kind).to(place)
                    for array in (x_t, t, y_hat)
                ]
                answers.append(module(*tensors).detach().cpu().to(torch.float64).numpy())
        return np.concatenate(answers)

    return field


def _device_of(module: Any) -> Any:
    parameters = getattr(module, "parameters", None)
    first = next(iter(parameters()), None) if callable(parameters) else None
    return "cpu" if first is None else first.device
