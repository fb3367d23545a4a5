"""Training of an autoencoder: its loss in closed form, killed runs, what is saved."""

import math
import os
import signal
from dataclasses import replace

import pytest
import torch

from jscgc_model.data import ReadAhead
from jscgc_model.latent import (
    LatentScaling,
    SmallAutoencoderSettings,
    build_autoencoder,
    load_autoencoder,
)
from jscgc_model.latent.autoencoder_loss import AutoencoderLoss
from jscgc_model.training.autoencoder_settings import AutoencoderTrainingSettings
from jscgc_model.training.autoencoder_training import AUTOENCODER, train_autoencoder
from jscgc_model.training.checkpoints import checkpoint_folders
from jscgc_model.training.training_log import read_log
from jscgc_theory.errors import InputError
from tests.model.latent.latent_cases import SMALL
from tests.statistics import sample_mean_and_error

SHORT = AutoencoderTrainingSettings(
    n_steps=6, learning_rate=3e-3, n_warmup_steps=1, ema_decay=0.5, save_every=2
)


def batches(step):
    """Smooth images: colours between two corners."""
    stream = torch.Generator().manual_seed(step)
    corners = torch.rand(4, 3, 2, 2, generator=stream)
    return torch.nn.functional.interpolate(corners, size=8, mode="bilinear")


def train(folder, settings=SHORT, seed=0, make=batches, **options):
    network = build_autoencoder(SMALL, seed=seed)
    return train_autoencoder(network, make, settings, folder, **options)


def losses(folder):
    return [row["loss"] for row in read_log(folder / "steps.jsonl")]


@pytest.mark.parametrize(("distortion", "power"), [("l1", 1), ("mse", 2)])
def test_the_loss_is_distortion_and_divergence(distortion, power):
    network = build_autoencoder(SMALL, seed=0).double()
    images = batches(0).double()
    noise = torch.randn(
        4, 2, 4, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64
    )
    mean, log_variance = network.encoder(2.0 * images - 1.0).chunk(2, dim=1)
    deviation = (log_variance / 2.0).exp()
    back = network.decoder(mean + deviation * noise)
    here = torch.distributions.Normal(mean, deviation)
    there = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    divergence = torch.distributions.kl_divergence(here, there).sum()
    expected = (back - 2.0 * images + 1.0).abs().pow(power).mean()
    expected = expected + 0.3 * divergence / images.numel()
    loss = AutoencoderLoss(distortion=distortion, kl_weight=0.3)(network, images, noise)
    torch.testing.assert_close(loss, expected, rtol=1e-10, atol=0)


def test_training_teaches_and_saves_latents_of_unit_power(tmp_path):
    sizes = SmallAutoencoderSettings(latent_channels=4, widths=(16, 16), n_groups=4)
    settings = replace(SHORT, n_steps=150, learning_rate=1e-2, ema_decay=0.9, save_every=100)
    codec = train_autoencoder(
        build_autoencoder(sizes, seed=0),
        ReadAhead(batches),
        settings,
        tmp_path,
        loss=AutoencoderLoss(distortion="mse"),
    )
    assert len(losses(tmp_path)) == 150
    unseen = torch.cat([batches(step) for step in range(1000, 1050)])
    with torch.no_grad():
        errors = (codec.decode(codec.encode(unseen)) - unseen).square().mean(dim=(1, 2, 3))
    # The best answer of a decoder that sees no latents is the mean over images.
    blind = (unseen.mean(dim=0) - unseen).square().mean(dim=(1, 2, 3))
    gain, standard_error = sample_mean_and_error((blind - errors).numpy())
    assert gain > 4.0 * standard_error
    stored = load_autoencoder(str(tmp_path / AUTOENCODER))
    assert stored.digest() == codec.digest()
    assert stored.scaling != LatentScaling()
    with torch.no_grad():
        latents = torch.cat([stored.encode(batches(step)) for step in range(8)])
    torch.testing.assert_close(latents.mean(), torch.tensor(0.0), rtol=0, atol=1e-5)
    torch.testing.assert_close(latents.std(), torch.tensor(1.0), rtol=1e-5, atol=0)


def test_an_interrupted_run_is_gone_on_with_bit_for_bit(tmp_path):
    whole = train(tmp_path / "whole")

    def stopped_in_step_3(step):
        if step == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return batches(step)

    assert train(tmp_path / "parts", make=stopped_in_step_3) is None
    assert len(losses(tmp_path / "parts")) == 4
    assert not (tmp_path / "parts" / AUTOENCODER).exists()
    resumed = train(tmp_path / "parts", seed=5, resume=True)
    assert losses(tmp_path / "parts") == losses(tmp_path / "whole")
    assert resumed.digest() == whole.digest()


def test_steps_after_a_checkpoint_are_made_again(tmp_path):
    def killed_in_step_3(step):
        if step == 3:
            raise MemoryError
        return batches(step)

    with pytest.raises(MemoryError):
        train(tmp_path / "parts", make=killed_in_step_3)
    (checkpoint,) = checkpoint_folders(tmp_path / "parts" / "checkpoints")
    assert checkpoint.name.endswith("2")
    resumed = train(tmp_path / "parts", resume=True)
    assert resumed.digest() == train(tmp_path / "whole").digest()
    assert losses(tmp_path / "parts") == losses(tmp_path / "whole")


def test_another_run_is_not_gone_on_with(tmp_path):
    train(tmp_path)
    with pytest.raises(InputError, match="holds a training run already; resume it"):
        train(tmp_path)
    for change in (
        {"settings": replace(SHORT, seed=3)},
        {"loss": AutoencoderLoss(kl_weight=1.0)},
        {"identity": {"images": "others"}},
    ):
        with pytest.raises(InputError, match="made with other settings"):
            train(tmp_path, resume=True, **change)
    train(tmp_path, replace(SHORT, save_every=5), resume=True)


def test_what_cannot_be_trained_is_refused(tmp_path):
    with pytest.raises(InputError, match="distortion = 'l2' is unknown; choose l1 or mse"):
        AutoencoderLoss(distortion="l2")
    with pytest.raises(InputError, match="kl_weight"):
        AutoencoderLoss(kl_weight=-1.0)
    with pytest.raises(InputError, match="n_steps = 0"):
        AutoencoderTrainingSettings(n_steps=0)
    with pytest.raises(InputError, match="the loss of step 0 is nan; train anew with a lower"):
        train(tmp_path, make=lambda step: torch.full((2, 3, 8, 8), math.nan))
    with pytest.raises(InputError, match="multiples of 2"):
        train(tmp_path, make=lambda step: torch.zeros(2, 3, 8, 7))
