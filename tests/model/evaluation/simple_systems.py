"""Systems whose quality is known, and pictures to send."""

import torch

from jscgc_model.channel import ChannelSettings
from jscgc_model.evaluation import Delivered

CHANNEL = ChannelSettings()


class NoisyCopy:
    """Delivers images with noise of some strength; a third of a symbol for each value."""

    n_parameters = 7
    n_steps = None

    def __init__(self, strength, *, falls_with_snr=False):
        self.strength = strength
        self.falls_with_snr = falls_with_snr
        self.digest = f"noisy copy {strength} {falls_with_snr}"
        self.noises = []
        self.n_calls = 0

    def deliver(self, images, snr_db, *, n_draws, generator):
        self.n_calls += 1
        noise = torch.randn((len(images), n_draws, *images.shape[1:]), generator=generator)
        self.noises.append(noise)
        scale = self.strength * (10.0 ** (-snr_db / 20.0) if self.falls_with_snr else 1.0)
        return Delivered(
            images=images[:, None] + scale * noise,
            n_symbols=images[0].numel() // 3,
            channel=CHANNEL,
        )


def pictures(n, *, side=16, channels=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(n, channels, 4, 4, generator=generator)
    return torch.nn.functional.interpolate(coarse, [side, side], mode="bilinear").clamp(0.0, 1.0)
