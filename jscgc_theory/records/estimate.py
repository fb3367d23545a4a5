"""A number with its interval and the evidence behind it."""

import math
from typing import Any, Self

from pydantic import Field, field_validator, model_serializer, model_validator

from jscgc_theory.records.json_object import JsonObject
from jscgc_theory.records.record import Notice, Record


class Estimate(Record):
    """A value, an interval for it, and how both were obtained.

    In JSON the entries of ``details`` stand beside the other fields, so that
    ``{"value": 2.0, ..., "reading": "volume"}`` is what a program reads.
    """

    value: float
    interval: tuple[float, float] | None = None
    """Lower and upper end; ``None`` where the method offers no interval (a notice says so)."""
    confidence: float = Field(default=0.95, gt=0.0, lt=1.0)
    standard_error: float | None = None
    method: str
    n_points_used: int = Field(default=0, ge=0)
    notices: tuple[Notice, ...] = ()
    details: JsonObject = Field(default_factory=dict)
    """Further JSON-ready evidence: scale, reading of K, number of pairs, ..."""

    @field_validator("interval")
    @classmethod
    def _interval_is_ascending(
        cls, interval: tuple[float, float] | None
    ) -> tuple[float, float] | None:
        if interval is not None and interval[0] > interval[1]:
            raise ValueError(f"interval {interval} is not ascending")
        return interval

    @field_validator("details")
    @classmethod
    def _details_do_not_shadow(cls, details: dict[str, Any]) -> dict[str, Any]:
        clash = sorted(set(details) & set(cls.model_fields))
        if clash:
            raise ValueError(f"details may not use the field names {clash}")
        return details

    @model_validator(mode="before")
    @classmethod
    def _gather_details(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = {name: data[name] for name in data if name in cls.model_fields}
        extra = {name: data[name] for name in data if name not in cls.model_fields}
        if extra:
            known["details"] = {**known.get("details", {}), **extra}
        return known

    @model_serializer(mode="wrap")
    def _spread_details(self, handler: Any) -> dict[str, Any]:
        plain: dict[str, Any] = handler(self)
        details = plain.pop("details")
        return {**plain, **details}

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the interval, the value itself where there is none."""
        return self.interval or (self.value, self.value)

    @property
    def half_width(self) -> float:
        """Half the width of the interval, NaN where there is none."""
        if self.interval is None:
            return math.nan
        return 0.5 * (self.interval[1] - self.interval[0])

    def covers(self, truth: float) -> bool:
        """Tell whether the interval holds a value.

        Args:
            truth: The value to look for.

        Returns:
            True if the interval exists and contains it, ends included.
        """
        return self.interval is not None and bool(self.interval[0] <= truth <= self.interval[1])

    def with_details(self, **details: Any) -> Self:
        """Return a copy with further evidence.

        Args:
            **details: JSON-ready entries to add or replace.

        Returns:
            The new estimate.
        """
        return self.model_validate({**dict(self), "details": {**self.details, **details}})

    def __str__(self) -> str:
        if self.interval is None:
            return f"{self.value:.4g} (no interval; {self.method})"
        low, high = self.interval
        return f"{self.value:.4g} [{low:.4g}, {high:.4g}] ({self.method})"
