"""Estimators of I(Y; Y_hat) for a channel whose law p(y_hat | y) is known."""

from jscgc_theory.mutual_information.channel_aware.codebook import (
    CodebookSandwich as CodebookSandwich,
)
from jscgc_theory.mutual_information.channel_aware.denoiser_information import Denoiser as Denoiser
from jscgc_theory.mutual_information.channel_aware.denoiser_information import (
    DenoiserInformation as DenoiserInformation,
)
from jscgc_theory.mutual_information.channel_aware.gaussian_ceiling import (
    GaussianCeiling as GaussianCeiling,
)
from jscgc_theory.mutual_information.channel_aware.independent_components import (
    IndependentComponents as IndependentComponents,
)
from jscgc_theory.mutual_information.channel_aware.known_channel_mi import (
    KnownChannelMI as KnownChannelMI,
)
from jscgc_theory.mutual_information.channel_aware.least_upper_bound import (
    least_upper_bound as least_upper_bound,
)
from jscgc_theory.mutual_information.channel_aware.linear_denoiser import (
    LinearDenoiser as LinearDenoiser,
)
from jscgc_theory.mutual_information.channel_aware.output_entropy import (
    OutputEntropy as OutputEntropy,
)
