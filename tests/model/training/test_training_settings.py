"""Settings of training are checked at birth."""

import pytest

from jscgc_model.training.settings import TrainingSettings
from jscgc_theory.errors import InputError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_steps", 0),
        ("batch_size", 0),
        ("save_every", 0),
        ("seed", -1),
        ("n_warmup_steps", -1),
        ("learning_rate", 0.0),
        ("largest_gradient_norm", -1.0),
        ("ema_decay", 1.0),
        ("condition_dropout", 1.0),
        ("final_learning_rate_share", float("nan")),
        ("snr_db", (3.0, 2.0)),
        ("snr_db", (0.0, float("inf"))),
        ("least_time", 0.5),
        ("least_time", 0.0),
        ("weight_decay", -0.1),
        ("weight_decay", float("nan")),
        ("optimiser", "sgd"),
        ("time_law", "beta"),
        ("loss_weight", "none"),
        ("precision", "fp16"),
    ],
)
def test_a_bad_value_is_named(name, value):
    with pytest.raises(InputError, match=name):
        TrainingSettings(**{name: value})


def test_a_law_of_time_without_a_say_is_refused():
    with pytest.raises(InputError, match="time_law = 'logit_normal' has no say"):
        TrainingSettings(loss_weight="likelihood", time_law="logit_normal")
