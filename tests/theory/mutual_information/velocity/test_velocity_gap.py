"""I from velocity fields: exact fields, cut ranges, wrong fields, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jscgc_theory.errors import InputError
from jscgc_theory.mutual_information.velocity import VelocityInformation, velocity_gap
from jscgc_theory.sources import LinearGaussianChannel, SphereChannel, TorusChannel
from jscgc_theory.sources.exact_velocity import ExactVelocity
from tests.statistics import assert_coverage, assert_within_standard_errors
from tests.strategies import seeds


class ScalarGaussian:
    """x ~ N(0, 1), y = x + n / sqrt(snr), from the Gaussian posterior written out.

    The unconditional field may believe in another variance, and the conditional deviation may be
    scaled: the two ways in which a learned field goes wrong.
    """

    def __init__(self, snr, believed_variance=1.0, deviation_scale=1.0):
        self.snr = snr
        self.believed_variance = believed_variance
        self.deviation_scale = deviation_scale
        self.mi_bits = 0.5 * math.log2(1.0 + snr)

    def sample(self, n_pairs, seed):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((n_pairs, 1))
        return x, x + rng.standard_normal((n_pairs, 1)) / math.sqrt(self.snr)

    def _velocity(self, x_t, t, y_hat, variance):
        gamma = ((1.0 - t) / t) ** 2
        z = x_t / (1.0 - t)
        evidence = 0.0 if y_hat is None else self.snr * y_hat
        precision = 1.0 / variance + gamma + (0.0 if y_hat is None else self.snr)
        return (x_t - (gamma * z + evidence) / precision) / t

    def __call__(self, x_t, t, y_hat):
        time = t[:, None]
        unconditional = self._velocity(x_t, time, None, self.believed_variance)
        if y_hat is None:
            return unconditional
        conditional = self._velocity(x_t, time, y_hat, 1.0)
        return unconditional + self.deviation_scale * (conditional - unconditional)


def gaussian_gap(snr, n_pairs=4000, seed=0, **kwargs):
    settings_ = {key: kwargs.pop(key) for key in ("n_draws", "t_range") if key in kwargs}
    case = ScalarGaussian(snr, **kwargs)
    x, y_hat = case.sample(n_pairs, seed)
    return case, velocity_gap(case, x, y_hat, rng=seed, **settings_)


EXACT = [
    SphereChannel(1, 0.0),
    SphereChannel(2, 15.0),
    SphereChannel(8, 40.0),
    TorusChannel(3, 5.0),
    LinearGaussianChannel([[1.0, 0.0], [0.5, 2.0], [0.0, 0.1]], 12.0),
    LinearGaussianChannel.isotropic(dim=12, snr_db=30.0),
]


@pytest.mark.parametrize("snr", [0.15, 3.0, 1e4])
def test_scalar_gaussian(snr):
    case, found = gaussian_gap(snr)
    for estimate in (found.mi_bits, found.squared_form_bits, found.loss_gap_bits):
        assert_within_standard_errors(estimate, case.mi_bits)
    assert found.notices == ()
    assert found.mi_bits.standard_error <= found.loss_gap_bits.standard_error


@pytest.mark.parametrize("channel", EXACT, ids=lambda c: f"{type(c).__name__}-{c.dim}")
def test_exact_channels(channel):
    x, y_hat = channel.sample(1500, np.random.default_rng(0))
    found = velocity_gap(ExactVelocity(channel), x, y_hat, rng=1, n_draws=16)
    truth = channel.mutual_information_bits()
    for estimate in (found.mi_bits, found.squared_form_bits, found.loss_gap_bits):
        assert_within_standard_errors(estimate, truth)
    assert_within_standard_errors(found.disagreement_bits, 0.0)
    assert found.notices == ()
    assert found.mi_bits.details["side"] == "estimate"


def test_the_record_survives_json():
    _, found = gaussian_gap(3.0, n_pairs=200)
    assert VelocityInformation.from_json(found.to_json()) == found


def test_the_curve_integrates_to_the_value():
    _, found = gaussian_gap(3.0)
    curve = found.curve
    step = curve.log_odds[1] - curve.log_odds[0]
    tails = found.lower_tail_bits + found.upper_tail_bits
    integral = step * sum(curve.squared_form_bits)
    assert integral + tails == pytest.approx(found.squared_form_bits.value, rel=0.02)


@pytest.mark.parametrize("t_min", [0.1, 0.3])
def test_cut_at_t_min_it_is_the_information_of_the_noisy_source(t_min):
    # I(X_t; Y) = I - I(X; Y | X_t); given X_t the precision of X is 1 + gamma.
    case, found = gaussian_gap(20.0, n_pairs=6000, t_range=(t_min, 0.9999))
    gamma = ((1.0 - t_min) / t_min) ** 2
    cut = case.mi_bits - 0.5 * math.log2(1.0 + case.snr / (1.0 + gamma))
    value = found.squared_form_bits.value - found.lower_tail_bits
    assert_within_standard_errors((value, found.squared_form_bits.standard_error), cut)


def test_a_range_that_ends_too_high_says_so_and_claims_a_lower_bound():
    case, found = gaussian_gap(1e4, t_range=(0.05, 0.9999))
    assert "tail_unresolved" in {notice.code for notice in found.notices}
    assert found.mi_bits.details["side"] == "lower_bound"
    assert found.mi_bits.interval is None
    assert found.mi_bits.value < case.mi_bits


def test_the_bound_on_the_lower_tail_holds_where_the_decay_has_begun():
    case, found = gaussian_gap(20.0, n_pairs=6000, t_range=(0.12, 0.9999))
    gamma = (0.88 / 0.12) ** 2
    missing = 0.5 * math.log2(1.0 + case.snr / (1.0 + gamma))
    assert found.lower_tail_bits < missing < found.lower_tail_bound_bits


def test_the_bound_on_the_upper_tail_holds():
    case, found = gaussian_gap(20.0, n_pairs=6000, t_range=(1e-3, 0.7))
    gamma = (0.3 / 0.7) ** 2
    beyond = 0.5 * math.log2((1.0 + case.snr) * (1.0 + gamma) / (1.0 + case.snr + gamma))
    assert beyond <= found.upper_tail_bound_bits
    assert found.upper_tail_bits <= found.upper_tail_bound_bits


def test_a_range_that_ends_too_low_says_so():
    _, found = gaussian_gap(20.0, t_range=(1e-3, 0.3))
    assert "upper_tail_unresolved" in {notice.code for notice in found.notices}


def test_the_value_does_not_depend_on_the_range():
    case, narrow = gaussian_gap(3.0, n_pairs=4000)
    _, wide = gaussian_gap(3.0, n_pairs=4000, t_range=(1e-5, 1.0 - 1e-5))
    assert wide.t_range[0] == pytest.approx(narrow.t_range[0], rel=0.5)
    for found in (narrow, wide):
        assert_within_standard_errors(found.mi_bits, case.mi_bits)


def test_a_scaled_deviation_makes_the_forms_disagree_as_it_must():
    # With v_c - v_u scaled by a: squared form a^2 I, loss gap (2a - a^2) I.
    case, found = gaussian_gap(20.0, n_pairs=4000, deviation_scale=0.7)
    assert_within_standard_errors(found.squared_form_bits, 0.49 * case.mi_bits)
    assert_within_standard_errors(found.loss_gap_bits, 0.91 * case.mi_bits)
    assert "forms_disagree" in {notice.code for notice in found.notices}
    assert found.mi_bits.covers(case.mi_bits)


def test_the_walk_ends_where_only_the_error_of_a_learned_field_is_left():
    case = ScalarGaussian(20.0)
    x, y_hat = case.sample(4000, 0)

    def rough(x_t, t, condition):
        # An error that, unlike information, does not decay as t -> 0.
        error = 0.0 if condition is None else 0.1 * np.sin(5.0 * condition)
        return case(x_t, t, condition) + error

    found = velocity_gap(rough, x, y_hat, rng=0)
    assert found.t_range[0] > 1e-4
    assert "tail_unresolved" not in {notice.code for notice in found.notices}
    assert found.mi_bits.covers(case.mi_bits)


def test_an_unconditional_field_of_another_law_is_found_out():
    # What it adds is KL(N(0,1) || N(0,4)), the price of mismatched estimation (Verdu 2010), and a
    # scalar Gaussian denoiser is wrong by a factor only, so the misfit is all of it.
    price = (math.log(2.0) + 1.0 / 8.0 - 0.5) / math.log(2.0)
    case, found = gaussian_gap(20.0, n_pairs=6000, believed_variance=4.0)
    assert_within_standard_errors(found.loss_gap_bits, case.mi_bits + price)
    assert_within_standard_errors(found.misfit_bits, price)
    assert "unconditional_field_misfit" in {notice.code for notice in found.notices}
    assert found.mi_bits.covers(case.mi_bits)


def test_repeated_source_points_are_one_cluster():
    case = ScalarGaussian(20.0)
    x, _ = case.sample(500, 0)
    rng = np.random.default_rng(1)
    repeated = np.repeat(x, 8, axis=0)
    y_hat = repeated + rng.standard_normal(repeated.shape) / math.sqrt(case.snr)
    clustered = velocity_gap(case, repeated, y_hat, rng=2, n_draws=8)
    shaken = repeated + 1e-9 * rng.standard_normal(repeated.shape)
    independent = velocity_gap(case, shaken, y_hat, rng=2, n_draws=8)
    ratio = clustered.loss_gap_bits.standard_error / independent.loss_gap_bits.standard_error
    assert ratio > 1.2
    assert_within_standard_errors(clustered.loss_gap_bits, case.mi_bits)


@settings(max_examples=5)
@given(seed=seeds(), log_scale=st.floats(-6.0, 6.0))
def test_the_unit_of_length_does_not_matter(seed, log_scale):
    case, scale = ScalarGaussian(5.0), math.exp(log_scale)
    x, y_hat = case.sample(300, seed)

    def rescaled(x_t, t, condition):
        # c x_0 in noise n is x_0 in noise n / c: the same path at another time.
        share = 1.0 - t + t / scale
        own = (t / scale / share)[:, None]
        z = x_t / scale / share[:, None]
        velocity = case(z, own[:, 0], condition)
        denoised = scale * (z - own * velocity)
        return (x_t - denoised) / t[:, None]

    found = velocity_gap(rescaled, scale * x, y_hat, rng=seed, n_draws=8)
    assert_within_standard_errors(found.mi_bits, case.mi_bits, k=5.0)
    assert found.lower_tail_bits < 0.01


def test_independent_pairs_carry_nothing():
    case = ScalarGaussian(5.0)
    x, _ = case.sample(1000, 0)

    def deaf(x_t, t, condition):
        return case(x_t, t, None)

    found = velocity_gap(deaf, x, x[::-1], rng=0, n_draws=8)
    assert found.mi_bits.value == 0.0
    assert found.notices == ()


def refused(match, field=None, x=None, y_hat=None, **kwargs):
    case = ScalarGaussian(2.0)
    own_x, own_y = case.sample(50, 0)
    with pytest.raises(InputError, match=match):
        velocity_gap(
            field or case,
            own_x if x is None else x,
            own_y if y_hat is None else y_hat,
            **kwargs,
        )


def test_bad_input_is_refused():
    refused("returned shape", field=lambda x_t, t, y_hat: x_t[:, 0])
    refused("unconditional field returned NaN", field=lambda x_t, t, y_hat: np.nan * x_t)
    refused(
        "the conditional field returned NaN",
        field=lambda x_t, t, y_hat: x_t if y_hat is None else np.inf * x_t,
    )
    refused("one to one", y_hat=np.zeros((49, 1)))
    refused("every row of x is the same", x=np.ones((50, 1)))
    refused("at least 20", x=np.ones((5, 1)), y_hat=np.ones((5, 1)))
    refused("x holds nan", x=np.full((50, 1), np.nan))
    refused("power of two", n_draws=12)
    refused("n_draws = 1 is too small", n_draws=1)
    refused("not ascending inside", t_range=(0.5, 0.5))
    refused("not ascending inside", t_range=(0.0, 0.5))
    refused("none of the times that matter", t_range=(0.9999, 0.99999))
    refused("neither a numpy Generator nor a seed", rng="seed")


@pytest.mark.slow
def test_exact_fields_to_half_a_percent():
    """Both forms at 0.1 to 60 bits on designed pairs (Sobol'), whose sampling error is small."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    for mi_bits, dim, log2_pairs in ((0.1, 1, 20), (1.0, 1, 18), (10.0, 4, 17), (60.0, 12, 16)):
        snr_db = 10.0 * math.log10(2.0 ** (2.0 * mi_bits / dim) - 1.0)
        channel = LinearGaussianChannel.isotropic(dim=dim, snr_db=snr_db)
        level = qmc.Sobol(2 * dim, seed=np.random.default_rng(0)).random(2**log2_pairs)
        normal = ndtri(np.clip(level, 1e-12, 1.0 - 1e-12))
        x = normal[:, :dim]
        y_hat = x + math.sqrt(channel.noise_power) * normal[:, dim:]
        found = velocity_gap(ExactVelocity(channel), x, y_hat, rng=0, n_draws=8)
        truth = channel.mutual_information_bits()
        assert found.squared_form_bits.value == pytest.approx(truth, rel=5e-3)
        assert found.loss_gap_bits.value == pytest.approx(truth, rel=5e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dim", "snr_db", "n_pairs"),
    [(1, -10.5, 1_000_000), (2, 5.0, 200_000), (8, 5.0, 100_000), (8, 42.0, 50_000)],
)
def test_exact_spheres_to_half_a_percent(dim, snr_db, n_pairs):
    channel = SphereChannel(dim, snr_db)
    x, y_hat = channel.sample(n_pairs, np.random.default_rng(0))
    found = velocity_gap(ExactVelocity(channel), x, y_hat, rng=0, n_draws=8)
    truth = channel.mutual_information_bits()
    assert found.squared_form_bits.value == pytest.approx(truth, rel=5e-3)
    assert found.loss_gap_bits.value == pytest.approx(truth, rel=5e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "channel",
    [
        LinearGaussianChannel.isotropic(dim=1, snr_db=-8.0),
        LinearGaussianChannel.isotropic(dim=12, snr_db=30.0),
        SphereChannel(2, 5.0),
        SphereChannel(8, 20.0),
    ],
    ids=lambda c: f"{type(c).__name__}-{c.dim}",
)
def test_intervals_cover(channel):
    field, truth = ExactVelocity(channel), channel.mutual_information_bits()
    hits = {"mi_bits": 0, "squared_form_bits": 0, "loss_gap_bits": 0}
    n_notices = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x, y_hat = channel.sample(1000, rng)
        found = velocity_gap(field, x, y_hat, rng=rng, n_draws=16)
        n_notices += len(found.notices)
        for name in hits:
            hits[name] += getattr(found, name).covers(truth)
    assert n_notices <= 2
    for count in hits.values():
        assert_coverage(count, 100, low=0.90, high=1.0)
