"""Image files at the capacity of the channel: separate source and channel coding at its best."""

from jscgc_model.baselines.capacity_separated.reference import (
    CapacitySeparatedReference as CapacitySeparatedReference,
)
from jscgc_model.baselines.capacity_separated.reference import SeparatedOutput as SeparatedOutput
from jscgc_model.baselines.capacity_separated.settings import (
    SeparatedCodingSettings as SeparatedCodingSettings,
)
