"""Does the paper's scale fit on one GPU, and how long is a step?"""

from typing import Any

from gpu_parts.recipes_at_size import workplace
from gpu_parts.sampling_latency import latency
from gpu_parts.setting import Setting
from gpu_parts.training_rates import training_rate


def paper_shape(setting: Setting) -> dict[str, Any]:
    """How long is a step of the 6.15 billion weights, and does the memory fit its plan?

    The weights are random: the frozen generator is in bfloat16, blocks are computed again.
    """
    found = training_rate("paper", setting)
    return found | {"sampling": latency(workplace("paper", setting))}
