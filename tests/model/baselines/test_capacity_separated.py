"""Image files at capacity: no bit too many, the best of all files that fit, honest failures."""

import math
from io import BytesIO

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jscgc_model.baselines.capacity_separated import (
    CapacitySeparatedReference,
    SeparatedCodingSettings,
)
from jscgc_model.baselines.capacity_separated.best_message import code_image
from jscgc_model.baselines.capacity_separated.image_formats import JPEG, WebP
from jscgc_model.baselines.capacity_separated.message import decode_image
from jscgc_model.channel import ChannelSettings, capacity_bits
from jscgc_theory.errors import InputError
from tests.strategies import generators

QUALITIES = (1, 10, 40, 90)
CODINGS = [
    SeparatedCodingSettings(image_format=name, counts_headers=counts, qualities=QUALITIES)
    for name in ("jpeg", "webp")
    for counts in (True, False)
]
CHANNELS = [ChannelSettings(), ChannelSettings(fading="fast")]


def smooth_image(rng, height, width, channels):
    """Return a few random waves and a little noise, as 8-bit levels over 255."""
    rows, columns = np.mgrid[0:height, 0:width] / 16.0
    phases = rng.uniform(0.0, 2.0 * np.pi, (channels, 3))
    slopes = rng.uniform(-2.0, 2.0, (channels, 3, 2))
    waves = sum(
        np.sin(slopes[:, k, :1, None] * rows + slopes[:, k, 1:, None] * columns + phase)
        for k, phase in enumerate(phases.T[:, :, None, None])
    )
    noisy = 0.5 + waves / 8.0 + 0.02 * rng.standard_normal(waves.shape)
    return np.rint(np.moveaxis(noisy.clip(0.0, 1.0), 0, 2) * 255.0) / 255.0


@st.composite
def images(draw):
    height, width = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    return smooth_image(draw(generators()), height, width, draw(st.sampled_from([1, 3])))


def as_batch(*pixels):
    return torch.from_numpy(np.stack(pixels)).movedim(3, 1).float()


@given(images(), st.sampled_from(CODINGS), st.integers(0, 20_000))
def test_no_message_exceeds_its_budget_and_it_alone_gives_the_image(pixels, coding, budget):
    message, shown = code_image(pixels, budget, coding)
    assert 8 * len(message.payload) <= message.n_bits <= budget
    assert np.array_equal(decode_image(message, pixels.shape, coding), shown)


@given(images(), st.sampled_from(["jpeg", "webp"]), st.integers(1, 100))
def test_stripped_files_are_restored_byte_by_byte(pixels, name, quality):
    mode, shape = ("L", pixels.shape[:2]) if pixels.shape[2] == 1 else ("RGB", pixels.shape)
    image = Image.fromarray((pixels * 255.0).astype(np.uint8).reshape(shape), mode)
    coded = JPEG(has_own_tables=False) if name == "jpeg" else WebP()
    file = coded.write(image, quality)
    payload = coded.strip(file)
    assert len(payload) <= len(file) - 27
    assert coded.restore(payload, mode, image.size, quality) == file


@given(generators(), st.sampled_from(CODINGS), st.sampled_from(CHANNELS))
def test_a_better_channel_never_gives_a_worse_image(rng, coding, channel):
    pixels = as_batch(smooth_image(rng, 16, 16, 3))
    reference = CapacitySeparatedReference(channel, n_symbols=900, settings=coding)
    levels = np.sort(rng.uniform(-10.0, 15.0, 4))
    errors = [float((reference(pixels, snr).samples[:, 0] - pixels).norm()) for snr in levels]
    assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize(("name", "options"), [("jpeg", {"optimize": True}), ("webp", {})])
@pytest.mark.parametrize("budget", [900, 3000, 5000, 9000])
def test_the_best_of_all_files_is_found(name, options, budget):
    pixels = smooth_image(np.random.default_rng(3), 32, 48, 3)
    coding = SeparatedCodingSettings(image_format=name, qualities=QUALITIES)
    image = Image.fromarray((pixels * 255.0).round().astype(np.uint8))
    errors = [np.square(pixels - pixels.mean(axis=(0, 1))).sum()]
    for step in range(12):
        scale = 2.0 ** (-step / 2.0)
        size = (max(1, round(48 * scale)), max(1, round(32 * scale)))
        for quality in QUALITIES:
            stream = BytesIO()
            small = image if step == 0 else image.resize(size, Image.Resampling.LANCZOS)
            small.save(stream, name, quality=quality, **options)
            if 8 * stream.tell() <= budget:
                shown = Image.open(stream).resize((48, 32), Image.Resampling.BICUBIC)
                errors.append(np.square(np.asarray(shown) / 255.0 - pixels).sum())
    _, shown = code_image(pixels, budget, coding)
    if len(errors) > 1:
        assert np.square(shown - pixels).sum() == pytest.approx(min(errors), rel=1e-9)
    else:
        # The mean colour is rounded to 8 bits, which costs at most half a level a value.
        excess = np.square(shown - pixels).sum() - errors[0]
        assert 0.0 <= excess <= pixels.size * (0.5 / 255.0) ** 2


@pytest.mark.parametrize("name", ["jpeg", "webp"])
def test_with_bits_to_spare_it_is_what_pillow_decodes(name):
    pixels = smooth_image(np.random.default_rng(0), 24, 40, 3)
    coding = SeparatedCodingSettings(image_format=name)
    output = CapacitySeparatedReference(ChannelSettings(), n_symbols=10**6, settings=coding)(
        as_batch(pixels), 10.0, num_draws=3
    )
    (message,) = output.received.messages
    decoded = np.asarray(Image.open(BytesIO(message.payload)).convert("RGB")) / 255.0
    for shown in output.samples[0]:
        assert np.array_equal(shown.movedim(0, 2).numpy(), decoded.astype(np.float32))
    error = np.square(decoded - pixels).mean()
    assert -10.0 * math.log10(error) > 35.0


@pytest.mark.parametrize("channel", CHANNELS, ids=["awgn", "rayleigh"])
def test_the_budget_is_the_capacity(channel):
    reference = CapacitySeparatedReference(channel, n_symbols=512)
    for snr_db in (-5.0, 0.0, 5.0, 10.0):
        exact = capacity_bits(channel, snr_db=snr_db, n_symbols=512)
        assert reference.budget_bits(snr_db) <= exact < reference.budget_bits(snr_db) + 1
    assert CapacitySeparatedReference(CHANNELS[0], n_symbols=512).budget_bits(0.0) == 512


def test_without_headers_more_files_fit():
    rng = np.random.default_rng(1)
    pixels = as_batch(*(smooth_image(rng, 16, 16, 3) for _ in range(8)))
    failures = {}
    for coding in CODINGS:
        output = CapacitySeparatedReference(CHANNELS[0], n_symbols=200, settings=coding)(
            pixels, 0.0
        )
        key = (coding.image_format, coding.counts_headers)
        failures[key] = output.received.n_without_file
    assert failures[("jpeg", True)] == 8
    assert failures[("jpeg", False)] == 0
    assert failures[("webp", True)] == 8
    assert failures[("webp", False)] < 8


def test_an_image_without_a_file_fails_and_says_so():
    pixels = as_batch(smooth_image(np.random.default_rng(2), 16, 16, 3))
    reference = CapacitySeparatedReference(ChannelSettings(), n_symbols=30)
    output = reference(pixels, 0.0)
    assert output.received.n_without_file == 1
    (notice,) = output.received.warnings
    assert notice.code == "no_file_fits"
    assert "1 of 1 images got no webp file within 30 bits" in notice.message
    colour = (pixels * 255.0).mean(dim=(2, 3)).round() / 255.0
    torch.testing.assert_close(output.samples[:, 0], colour[:, :, None, None].expand_as(pixels))
    nothing = reference(pixels, -10.0)
    assert nothing.received.messages[0].n_bits == 0
    assert bool((nothing.samples == 0.5).all())
    assert reference(pixels, 25.0).received.warnings[0].message.endswith("as one colour")
    assert not CapacitySeparatedReference(ChannelSettings(), n_symbols=900)(
        pixels, 10.0
    ).received.warnings


def test_the_ledger_is_that_of_the_channel():
    received = CapacitySeparatedReference(ChannelSettings(fading="block"), n_symbols=7)(
        as_batch(smooth_image(np.random.default_rng(0), 4, 4, 1)), 0.0
    ).received
    assert [(row.name, row.real_values) for row in received.side_information] == [
        ("SNR", 1),
        ("gains", 2),
    ]
    assert (received.n_symbols, received.snr_db) == (7, 0.0)
    assert "ergodic_rate_of_one_block" in {notice.code for notice in received.warnings}


@pytest.mark.parametrize(
    ("samples", "problem"),
    [
        (torch.zeros(2, 2, 4, 4), r"shape .2, 2, 4, 4. are no images"),
        (torch.zeros(0, 3, 4, 4), "are no images"),
        (torch.full((1, 3, 4, 4), 1.5), r"leave .0, 1."),
        (torch.full((1, 3, 4, 4), math.nan), r"leave .0, 1."),
    ],
)
def test_what_is_no_image_is_refused(samples, problem):
    with pytest.raises(InputError, match=problem):
        CapacitySeparatedReference(ChannelSettings(), n_symbols=4)(samples, 0.0)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"image_format": "png"}, "image_format = 'png' is unknown"),
        ({"qualities": ()}, "qualities are none"),
        ({"qualities": (0,)}, "quality"),
        ({"qualities": (50, 101)}, "quality = 101 exceeds 100"),
    ],
)
def test_wrong_settings_are_refused(settings, problem):
    with pytest.raises(InputError, match=problem):
        SeparatedCodingSettings(**settings)
