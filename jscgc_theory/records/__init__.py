"""Immutable results that carry their evidence and survive a JSON round trip."""

from jscgc_theory.records.estimate import Estimate as Estimate
from jscgc_theory.records.record import Notice as Notice
from jscgc_theory.records.record import Record as Record
from jscgc_theory.records.run_record import InputFile as InputFile
from jscgc_theory.records.run_record import RunRecord as RunRecord
