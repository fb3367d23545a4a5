import pytest

from jscgc_theory.errors import InputError, MissingExtraError


def test_an_input_error_is_a_value_error_of_one_line():
    error = InputError("k = 10 needs 11 points\ngot 8; lower k")
    assert isinstance(error, ValueError)
    assert str(error) == "k = 10 needs 11 points got 8; lower k"


def test_a_missing_extra_names_the_command_that_brings_it():
    error = MissingExtraError("training", "model")
    assert isinstance(error, ImportError)
    assert error.extra == "model"
    with pytest.raises(ImportError, match=r"^training .*pip install 'jscgc\[model\]'$"):
        raise error
