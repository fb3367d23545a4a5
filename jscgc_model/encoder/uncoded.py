"""No code at all: the numbers of a vector are sent as they are."""

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from jaxtyping import Complex, Float
from torch import Tensor, nn

from jscgc_model.shapes import to_complex
from jscgc_theory.errors import InputError
from jscgc_theory.validation import check_count


class UncodedEncoder(ModelMixin, ConfigMixin):
    """Neighbouring numbers become one symbol, ``(x_1 + i x_2)/sqrt(2)``.

    Numbers of unit power make real dimensions of power 1/2: with noise CN(0, N0) the SNR per real
    dimension is Es/N0. A last odd number leaves its imaginary part silent. To be sent without a
    power constraint: the source has its power already.

    Args:
        n_values: Numbers in a vector.
    """

    @register_to_config
    def __init__(self, n_values: int) -> None:
        super().__init__()
        self.n_values = check_count(n_values, name="n_values")
        # A parameter, though it never learns: a model without any is nowhere.
        self.amplitude = nn.Parameter(torch.tensor(0.5**0.5), requires_grad=False)

    def forward(
        self, x: Float[Tensor, "batch n_values"], snr_db: Float[Tensor, " batch"]
    ) -> Complex[Tensor, "batch n_symbols"]:
        """Return the symbols.

        Args:
            x: Vectors.
            snr_db: Not used.

        Returns:
            Half as many symbols as numbers, rounded up.

        Raises:
            InputError: If the vectors have another length.
        """
        if x.shape[1] != self.n_values:
            raise InputError(
                f"vectors of {x.shape[1]} numbers do not fit an encoder of {self.n_values}"
            )
        return self.amplitude * to_complex(nn.functional.pad(x, (0, x.shape[1] % 2)))
