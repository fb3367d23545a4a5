"""How many samples a second does each recipe train?"""

from typing import Any

from gpu_parts.recipes_at_size import workplace
from gpu_parts.setting import Setting
from jscgc_model.budget import training_budget

_RECIPES = (
    "cifar_32",
    "cifar_32_cjscc",
    "cifar_32_mamba",
    "cifar_32_diff",
    "natural_64",
    "natural_256",
)


def training_rates(setting: Setting) -> dict[str, Any]:
    """How many samples a second does each recipe train, at what share of the GPU's peak?"""
    return {name: training_rate(name, setting) for name in _RECIPES}


def training_rate(name: str, setting: Setting) -> dict[str, Any]:
    """Return rate, model FLOPs utilisation and memory of one recipe's training step."""
    place = workplace(name, setting)
    budget = training_budget(place.recipe, n_gpus=1)
    seconds = setting.median_seconds(place.training_step(), 15)
    flops_per_second = budget.step_flops / seconds
    (plan,) = budget.memory
    is_checkpointed = place.recipe.training.gradient_checkpointing
    planned = plan.checkpointed_total if is_checkpointed else plan.total
    return {
        "recipe": place.recipe.name,
        "batch_size": budget.batch_size,
        "n_parameters": {
            one.component: one.n_trainable + one.n_frozen for one in budget.parameters
        },
        "seconds_of_a_step": seconds,
        "samples_per_second": budget.batch_size / seconds,
        "flops_of_a_step": budget.step_flops,
        "flops_per_second": flops_per_second,
        "model_flops_utilisation": setting.share_of_peak(flops_per_second),
        "peak_bytes": setting.peak_bytes(),
        # No average of the weights is kept here.
        "planned_bytes": planned - plan.average,
    }
