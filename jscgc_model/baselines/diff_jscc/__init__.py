"""DiffJSCC: a convolutional JSCC system whose image guides a diffusion model."""

from jscgc_model.baselines.diff_jscc.condition_controlnet import (
    ConditionControlNet as ConditionControlNet,
)
from jscgc_model.baselines.diff_jscc.diff_jscc_system import DiffJSCCSystem as DiffJSCCSystem
from jscgc_model.baselines.diff_jscc.stable_diffusion import (
    load_stable_diffusion as load_stable_diffusion,
)
from jscgc_model.baselines.diff_jscc.unet_backbone import UNetBackbone as UNetBackbone
from jscgc_model.baselines.diff_jscc.unet_sizes import UNetSizes as UNetSizes
