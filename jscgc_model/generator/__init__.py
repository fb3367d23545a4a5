"""Flow matching: the path, the velocity networks, the samplers.

The networks are imported from their own files, ``z_image_backbone`` and ``mlp_backbone``, because
diffusers takes seconds to load.
"""

from jscgc_model.generator.guidance import guided as guided
from jscgc_model.generator.interpolation_path import data_from_velocity as data_from_velocity
from jscgc_model.generator.interpolation_path import interpolate as interpolate
from jscgc_model.generator.interpolation_path import noise_from_velocity as noise_from_velocity
from jscgc_model.generator.interpolation_path import velocity_target as velocity_target
from jscgc_model.generator.mlp_settings import MLPSettings as MLPSettings
from jscgc_model.generator.samplers import SamplerSettings as SamplerSettings
from jscgc_model.generator.samplers import Velocity as Velocity
from jscgc_model.generator.samplers import sample as sample
from jscgc_model.generator.sigma_schedule import sigma_schedule as sigma_schedule
from jscgc_model.generator.velocity_model import Residuals as Residuals
from jscgc_model.generator.velocity_model import VelocityModel as VelocityModel
from jscgc_model.generator.velocity_model import check_layers as check_layers
from jscgc_model.generator.z_image_sizes import ZImageSizes as ZImageSizes
