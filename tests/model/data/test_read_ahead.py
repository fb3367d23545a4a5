"""Batches made ahead of use are those of the function itself."""

import threading

import pytest

from jscgc_model.data.read_ahead import ReadAhead


def test_steps_are_right_in_any_order():
    ahead = ReadAhead(lambda step: step**2)
    assert [ahead(step) for step in (0, 1, 2, 7, 8, 8, 3)] == [0, 1, 4, 49, 64, 64, 9]


def test_the_next_step_is_made_while_this_one_is_in_use():
    made = {step: threading.Event() for step in range(3)}

    def batch(step):
        made[step].set()
        return step

    ahead = ReadAhead(batch)
    assert ahead(0) == 0
    assert made[1].wait(timeout=30.0)
    assert not made[2].is_set()


def test_an_error_is_that_of_its_step():
    def batch(step):
        if step == 1:
            raise OSError("no such step")
        return step

    ahead = ReadAhead(batch)
    assert ahead(0) == 0
    with pytest.raises(OSError, match="no such step"):
        ahead(1)


def test_nothing_is_made_ahead_for_steps_after_the_last():
    made = []

    def batch(step):
        made.append(step)
        return step

    ahead = ReadAhead(batch, n_steps=3)
    assert [ahead(step) for step in (0, 1, 2)] == made == [0, 1, 2]
