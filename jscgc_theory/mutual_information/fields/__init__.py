"""Small velocity fields trained from samples, and the information they carry."""

from jscgc_theory.mutual_information.fields.settings import TrainingSettings as TrainingSettings
from jscgc_theory.mutual_information.fields.train import train_denoiser as train_denoiser
from jscgc_theory.mutual_information.fields.train import (
    train_velocity_field as train_velocity_field,
)
from jscgc_theory.mutual_information.fields.trained_field import TrainedField as TrainedField
from jscgc_theory.mutual_information.fields.trained_velocity_gap import (
    TrainedVelocityGap as TrainedVelocityGap,
)
