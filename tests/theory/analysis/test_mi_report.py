"""The answer of ``mi``: what was asked for is run, what is known is used, errors are said."""

import numpy as np
import pytest

from jscgc_theory.analysis.mi_report import MIReport, known_channel, mi
from jscgc_theory.errors import InputError


def gaussian_pairs(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 2))
    return x, x + rng.standard_normal(x.shape)


def test_the_first_of_the_named_is_the_answer():
    report = mi(*gaussian_pairs(), estimators=["ksg", "gaussian"], rng=0)
    assert report.recommended == "ksg"
    assert list(report.estimates) == ["ksg", "gaussian"]
    assert report.mi_bits == report.estimates["ksg"]
    assert report.estimates["gaussian"].covers(1.0)


def test_without_names_the_procedure_answers():
    report = mi(*gaussian_pairs(), rng=0)
    assert report.mi_bits.covers(1.0)
    assert report.recommended in report.estimates
    assert (report.n_pairs, report.x_dim, report.y_dim) == (2000, 2, 2)
    assert report.noise_variance is None


def test_the_same_seed_gives_the_same_answer():
    pairs = gaussian_pairs(400)
    first, second = (mi(*pairs, estimators=["mixture"], rng=3) for _ in range(2))
    assert first == second


def test_a_known_channel_by_variance_or_by_ratio_is_the_same():
    # Es/N0 = 1/(2 sigma^2) at unit power per complex symbol: variance 1 is -3.01 dB.
    pairs = gaussian_pairs()
    by_variance = mi(*pairs, noise_variance=1.0, rng=0)
    by_ratio = mi(*pairs, snr_db=-10.0 * np.log10(2.0), rng=0)
    assert by_variance.recommended == "known_channel"
    assert by_variance.mi_bits.value == pytest.approx(by_ratio.mi_bits.value, rel=1e-9)
    assert by_variance.mi_bits.value == pytest.approx(1.0, abs=0.05)


def test_fading_gains_are_used():
    rng = np.random.default_rng(5)
    gains = (rng.standard_normal((3000, 1)) + 1j * rng.standard_normal((3000, 1))) / np.sqrt(2.0)
    sent = (rng.standard_normal((3000, 1)) + 1j * rng.standard_normal((3000, 1))) / np.sqrt(2.0)
    noise = rng.standard_normal((3000, 1)) + 1j * rng.standard_normal((3000, 1))
    received = gains * sent + np.sqrt(0.05) * noise
    report = mi(sent, received, noise_variance=0.05, gains=gains, rng=0)
    # E log2(1 + 10 |h|^2) = e^(1/10) E_1(1/10) / ln 2.
    assert report.mi_bits.value == pytest.approx(2.9064, abs=0.15)


def test_repeated_pairs_are_told():
    x, y = gaussian_pairs(200)
    report = mi(np.vstack([x, x[:5]]), np.vstack([y, y[:5]]), estimators=["gaussian"])
    assert report.n_duplicates == 5
    assert "duplicates_dropped" in [notice.code for notice in report.notices]


def test_round_trip():
    report = mi(*gaussian_pairs(200), estimators=["gaussian"])
    assert MIReport.from_json(report.to_json()) == report


class TestRefusals:
    def test_noise_and_ratio(self):
        with pytest.raises(InputError, match=r"noise_variance = 1 and snr_db = 0 are both given"):
            known_channel(1.0, 0.0, None)

    def test_gains_alone(self):
        with pytest.raises(InputError, match="gains are given without noise_variance or snr_db"):
            known_channel(None, None, [[1.0 + 1j]])

    def test_negative_noise(self):
        with pytest.raises(InputError, match="noise_variance"):
            known_channel(-1.0, None, None)

    def test_unknown_name(self):
        with pytest.raises(InputError, match="oracle"):
            mi(*gaussian_pairs(50), estimators=["oracle"])

    def test_a_channel_estimator_without_channel(self):
        with pytest.raises(InputError, match="needs the channel"):
            mi(*gaussian_pairs(50), estimators=["gaussian_ceiling"])
