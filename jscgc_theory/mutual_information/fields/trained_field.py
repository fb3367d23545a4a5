"""A trained velocity field as a function of NumPy arrays."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.fields.noise_range import NoiseRange
from jscgc_theory.mutual_information.fields.require_torch import require_torch
from jscgc_theory.validation import check_points

if TYPE_CHECKING:
    from jscgc_theory.mutual_information.fields.velocity_network import VelocityNetwork

_ROWS_PER_CALL = 8192
_KEY = "jscgc_velocity_network"

_Points = Float[NDArray[np.float64], "n_points x_dim"]


@dataclass(frozen=True)
class TrainedField:
    """``v(x_t, t, y_hat)`` or, with y_hat None, ``v(x_t, t)``, and the denoiser it stands for."""

    network: "VelocityNetwork"

    @property
    def t_range(self) -> tuple[float, float]:
        """Times at which the field may be asked."""
        return self.network.shape.noise_range.t_range

    @property
    def sigma_range(self) -> tuple[float, float]:
        """Noise levels on which it was trained, in the units of x."""
        levels = self.network.shape.noise_range
        return levels.smallest, levels.largest

    def __call__(self, x_t: ArrayLike, t: ArrayLike, y_hat: ArrayLike | None = None) -> _Points:
        """Return velocities.

        Args:
            x_t: Points of the path, shape (n_points, x_dim).
            t: Times in (0, 1), shape (n_points,) or a number.
            y_hat: Conditions, shape (n_points, y_dim), or None.

        Returns:
            Shape (n_points, x_dim).

        Raises:
            InputError: If the widths are not those of the training pairs.
        """
        points = self._checked(x_t, "x_t", self.network.shape.x_dim)
        time = _column(t, len(points))
        z, sigma = points / (1.0 - time), time / (1.0 - time)
        return self._noise(z, sigma, y_hat) / (1.0 - time) - z

    def denoise(self, z: ArrayLike, sigma: ArrayLike, y_hat: ArrayLike | None = None) -> _Points:
        """Return ``D(z) = E[x | x + sigma n = z, y_hat]``.

        Args:
            z: Noisy points, shape (n_points, x_dim).
            sigma: Noise levels in the units of x, shape (n_points,) or a number.
            y_hat: Conditions, shape (n_points, y_dim), or None.

        Returns:
            Shape (n_points, x_dim).

        Raises:
            InputError: If the widths are not those of the training pairs.
        """
        points = self._checked(z, "z", self.network.shape.x_dim)
        level = _column(sigma, len(points))
        return points - level * self._noise(points, level, y_hat)

    def save(self, path: str | Path) -> None:
        """Write weights and shape to a safetensors file.

        Args:
            path: Where.
        """
        from safetensors.torch import save_file

        described = {_KEY: json.dumps(asdict(self.network.shape))}
        save_file(self.network.state_dict(), Path(path), metadata=described)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a field that :meth:`save` wrote.

        Args:
            path: Where it lies.

        Returns:
            The field.

        Raises:
            InputError: If the file is not that of a trained field.
        """
        require_torch()
        from safetensors import SafetensorError, safe_open
        from safetensors.torch import load_file

        from jscgc_theory.mutual_information.fields.velocity_network import (
            NetworkShape,
            VelocityNetwork,
        )

        try:
            with safe_open(Path(path), framework="pt") as file:
                entries = json.loads((file.metadata() or {})[_KEY])
                levels = NoiseRange(*entries.pop("noise_range"))
            network = VelocityNetwork(NetworkShape(**entries, noise_range=levels))
            network.load_state_dict(load_file(path))
        except (OSError, SafetensorError, KeyError, TypeError, RuntimeError) as error:
            raise InputError(
                f"{path} holds no trained velocity field ({type(error).__name__}); give a file "
                "that TrainedField.save wrote"
            ) from error
        network.requires_grad_(False)
        return cls(network)

    def _noise(self, z: _Points, sigma: NDArray[np.float64], y_hat: Any) -> _Points:
        import torch

        shown = None if y_hat is None else self._checked(y_hat, "y_hat", self.network.shape.y_dim)
        if shown is not None and len(shown) != len(z):
            raise InputError(
                f"y_hat has {len(shown)} rows but there are {len(z)} points; "
                "rows must pair up one to one"
            )
        answers = []
        for start in range(0, len(z), _ROWS_PER_CALL):
            rows = slice(start, start + _ROWS_PER_CALL)
            condition = None if shown is None else torch.as_tensor(shown[rows])
            with torch.no_grad():
                noise = self.network.noise(
                    torch.as_tensor(z[rows]), torch.as_tensor(sigma[rows]), condition
                )
            answers.append(noise.double().numpy())
        return np.concatenate(answers)

    @staticmethod
    def _checked(array: ArrayLike, name: str, width: int) -> _Points:
        points = check_points(array, name=name, min_points=1).astype(np.float64)
        if points.shape[1] != width:
            raise InputError(
                f"{name} has {points.shape[1]} columns but the field was trained with {width}; "
                "give points of the same kind"
            )
        return points


def _column(values: ArrayLike, n_rows: int) -> NDArray[np.float64]:
    """Return one value for each row; torch wants an array of its own."""
    return np.array(np.broadcast_to(np.asarray(values, dtype=np.float64), n_rows))[:, None]
