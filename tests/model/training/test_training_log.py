"""The log: whole lines, nothing doubled, damage named."""

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from jscgc_model.training.training_log import LOG_NAME, TrainingLog, read_log
from jscgc_theory.errors import InputError


def test_steps_beyond_the_checkpoint_are_made_again(tmp_path):
    with TrainingLog(tmp_path, 0) as log:
        for step in range(5):
            log.write(step, loss=float(step))
        log.flush()
    path = tmp_path / LOG_NAME
    path.write_text(path.read_text() + '{"step": 5, "lo')
    assert [row["step"] for row in read_log(path)] == list(range(5))
    with TrainingLog(tmp_path, 3) as log:
        assert [row["step"] for row in read_log(path)] == [0, 1, 2]
        log.write(3, loss=0.1)
    assert read_log(path)[2:] == [{"step": 2, "loss": 2.0}, {"step": 3, "loss": 0.1}]


def test_tensorboard_shows_each_step_once(tmp_path):
    for n_done, value in ((0, 1.0), (2, 5.0)):
        with TrainingLog(tmp_path, n_done) as log:
            for step in range(n_done, n_done + 3):
                log.write(step, loss=value)
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    shown = [(event.step, event.value) for event in events.Scalars("loss")]
    assert shown == [(0, 1.0), (1, 1.0), (2, 5.0), (3, 5.0), (4, 5.0)]


@pytest.mark.parametrize("line", ["no json", "[1]", '{"loss": 1.0}', "\udcff"])
def test_a_damaged_line_is_named(tmp_path, line):
    path = tmp_path / LOG_NAME
    path.write_bytes(b'{"step": 0}\n' + line.encode(errors="surrogateescape") + b"\n")
    with pytest.raises(InputError, match=r"line 2 of .* is no row of a log; move"):
        TrainingLog(tmp_path, 1)
    assert path.read_bytes().count(b"\n") == 2


def test_there_may_be_no_log(tmp_path):
    assert read_log(tmp_path / LOG_NAME) == []
