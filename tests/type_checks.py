"""The run-time type checker that the tests install over the package, through jaxtyping."""

from typing import Any, Self

from beartype import BeartypeConf, FrozenDict, beartype

# jaxtyping decorates methods one by one, and beartype can resolve Self only when it decorates the
# class; mypy checks Self already.
# The numeric tower lets an int pass where a float is announced, as mypy does.
checked = beartype(conf=BeartypeConf(hint_overrides=FrozenDict({Self: Any}), is_pep484_tower=True))
