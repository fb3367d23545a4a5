"""Trained for a moment on drawn images, reconstructions are what squared error promises."""

from itertools import pairwise

import pytest
import torch

from jscgc_model.data import numpy_stream
from jscgc_model.recipes import build_source, train_recipe
from jscgc_model.recipes.run_folder import load_run
from tests.model.training.small_runs import RECONSTRUCTIONS, small_reconstruction

SNR_DB = (-5.0, 0.0, 5.0, 10.0)
N_IMAGES = 500
LEARNING = ("training.n_steps=250", "training.batch_size=64", "training.ema_decay=0.98")


def psnr_db(images, found):
    return -10.0 * (found - images).square().flatten(1).mean(dim=1).log10()


@pytest.mark.parametrize("kind", RECONSTRUCTIONS)
def test_psnr_rises_with_the_snr_and_beats_the_mean_image(kind, tmp_path):
    """At 10 dB by 3 dB of PSNR: in squared error, half of what the mean image leaves."""
    recipe = small_reconstruction(kind, *LEARNING)
    train_recipe(recipe, tmp_path)
    pipeline, source = load_run(tmp_path), build_source(recipe)
    images = source.draw(N_IMAGES, numpy_stream(1, "held out"))
    generator = torch.Generator().manual_seed(0)
    found = [
        psnr_db(images, pipeline(images, level, generator=generator).samples[:, 0])
        for level in SNR_DB
    ]
    for lower, higher in pairwise(found):
        gain = higher - lower
        assert float(gain.mean()) > 3.0 * float(gain.std()) / N_IMAGES**0.5
    mean_image = source.draw(4000, numpy_stream(2, "mean")).mean(dim=0, keepdim=True)
    assert float((found[-1] - psnr_db(images, mean_image.expand_as(images))).mean()) > 3.0
