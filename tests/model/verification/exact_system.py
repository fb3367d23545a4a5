"""A system whose velocity field is exact: a sphere over white noise, known in every number."""

import math

import torch
from torch import nn

from jscgc_model.channel import Channel, ChannelSettings
from jscgc_model.encoder.uncoded import UncodedEncoder
from jscgc_model.generator.samplers import SamplerSettings
from jscgc_model.pipelines import JSCGCPipeline
from jscgc_model.system import JSCGCSystem
from jscgc_theory.sources import ExactVelocity, SphereChannel


class OnCPU(nn.Module):
    """What a pipeline asks of its modules."""

    device, dtype = torch.device("cpu"), torch.float32


class CarryFeatures(OnCPU):
    """An adapter that only hands on what was received."""

    def forward(self, features, noisy, time):
        return {0: features}


class ExactField(OnCPU):
    """The field of the sphere of radius sqrt(d + 1), with what was received or without.

    ``conditional`` and ``unconditional`` may replace the two exact denoisers by wrong ones, given
    the right ones.
    """

    def __init__(self, dim, conditional=None, unconditional=None):
        super().__init__()
        self.place = nn.Parameter(torch.zeros(1), requires_grad=False)
        self.dim, self.scale = dim, math.sqrt(dim + 1)
        self.wrong = {True: conditional, False: unconditional}

    def forward(self, noisy, time, residuals=None):
        # At s = 1 the limit is taken: there the field is x_T - E[x_0 | y_hat].
        time = time.double().clamp(max=1.0 - 1e-7)
        z, sigma = noisy.double() / (1.0 - time[:, None]), time / (1.0 - time)
        denoised = torch.empty_like(z)
        if residuals is None:
            denoised = self._denoised(z, sigma, None, 0.0)
        else:
            level = residuals[0][:, 0, 2]
            for one in level.unique():
                rows = level == one
                denoised[rows] = self._denoised(
                    z[rows], sigma[rows], residuals[0][rows], float(one)
                )
        return ((z - denoised) / sigma[:, None] - denoised).to(noisy)

    def _denoised(self, z, sigma, features, level):
        noise_power = 10.0 ** (2.0 * level)
        field = ExactVelocity(SphereChannel(self.dim, -20.0 * level))
        y_hat = None
        if features is not None:
            symbols = features[:, :, :2].double().flatten(1) * math.sqrt(2.0 + 2.0 * noise_power)
            y_hat = symbols[:, : self.dim + 1].numpy()
        found = field.denoise((z / self.scale).numpy(), (sigma / self.scale).numpy(), y_hat)
        exact = self.scale * torch.from_numpy(found)
        wrong = self.wrong[features is not None]
        return exact if wrong is None else wrong(exact, z, sigma)


def exact_pipeline(dim=2, **wrong):
    encoder = UncodedEncoder(dim + 1)
    channel = Channel(ChannelSettings(power_constraint="none"))
    system = JSCGCSystem(encoder, channel, CarryFeatures(), ExactField(dim, **wrong))
    return JSCGCPipeline.from_system(
        system, SamplerSettings(n_steps=64), latent_scale=math.sqrt(dim + 1)
    )
