"""Small autoencoders and images for tests of latents."""

import numpy as np
import torch

from jscgc_model.latent import AutoencoderCodec, SmallAutoencoderSettings, build_autoencoder

SMALL = SmallAutoencoderSettings(latent_channels=2, widths=(4, 4), n_groups=2)


def small_autoencoder(seed=0, shift=0.1, scale=1.7):
    autoencoder = build_autoencoder(SMALL, seed=seed)
    autoencoder.register_to_config(shift_factor=shift, scaling_factor=scale)
    return autoencoder


def small_codec(seed=0, **scaling):
    return AutoencoderCodec(small_autoencoder(seed, **scaling))


class NumberedImages:
    """Images that are drawn by their number; counts how often each is asked for."""

    sample_shape = (3, 8, 8)

    def __init__(self, n_images=10, name="numbered"):
        self.n_images, self.name, self.asked = n_images, name, []

    def __len__(self):
        return self.n_images

    def take(self, items):
        self.asked.extend(items)
        drawn = [np.random.default_rng(item).random(self.sample_shape) for item in items]
        return torch.from_numpy(np.stack(drawn).astype(np.float32))

    def identity(self):
        return {"name": self.name}
