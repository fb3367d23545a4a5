"""A channel that contradicts itself is refused at birth."""

import pytest

from jscgc_model.channel import Channel, ChannelSettings
from jscgc_theory.errors import InputError


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"fading": "slow"}, "fading = 'slow' is unknown; choose one of none, fast, block"),
        ({"power_constraint": "peak"}, "power_constraint = 'peak' is unknown"),
        ({"equaliser": "zf"}, "equaliser = 'zf' is unknown"),
        ({"fading": "fast", "rician_k": -1.0}, "rician_k = -1 is negative"),
        ({"fading": "fast", "rician_k": float("nan")}, "rician_k = nan is not finite"),
        ({"fading": "block", "csi_error_variance": -0.1}, "csi_error_variance = -0.1 is negative"),
        ({"fading": "block", "csi_error_variance": 1.0}, "reaches the variance 1 of the gains"),
        (
            {"fading": "block", "rician_k": 3.0, "csi_error_variance": 0.25},
            "reaches the variance 0.25 of the gains",
        ),
        ({"rician_k": 2.0}, "rician_k = 2.0 has no meaning without fading"),
        ({"csi_error_variance": 0.1}, "csi_error_variance = 0.1 has no meaning without fading"),
        ({"equaliser": "mmse"}, "equaliser = mmse has no meaning without fading"),
    ],
)
def test_contradictions_are_refused(stated, message):
    with pytest.raises(InputError, match=message):
        ChannelSettings(**stated)


@pytest.mark.parametrize(
    ("stated", "n_features"),
    [
        ({}, 3),
        ({"fading": "fast"}, 5),
        ({"fading": "fast", "equaliser": "mmse"}, 3),
        ({"fading": "block", "equaliser": "zero_forcing"}, 3),
    ],
)
def test_gains_are_features_where_nothing_undoes_them(stated, n_features):
    assert Channel(ChannelSettings(**stated)).n_features == n_features
