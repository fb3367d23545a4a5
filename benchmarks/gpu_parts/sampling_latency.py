"""How long does a generated sample take at 9 steps?"""

from dataclasses import replace
from typing import Any

import torch

from gpu_parts.recipes_at_size import Workplace, workplace
from gpu_parts.setting import Setting
from jscgc_model.training.draws import draw_transmission

_RECIPES = ("cifar_32", "natural_64", "natural_256")
_N_STEPS = 9


def sampling_latency(setting: Setting) -> dict[str, Any]:
    """How long does one generated sample take at 9 steps, and how many a second does a batch?"""
    return {name: latency(workplace(name, setting)) for name in _RECIPES}


def latency(place: Workplace) -> dict[str, Any]:
    """Return seconds for one sample and samples a second of a batch."""
    seconds = {
        count: place.setting.median_seconds(lambda n=count: _generated(place, n), 7)
        for count in (1, len(place.x))
    }
    return {
        "n_steps": _N_STEPS,
        "seconds_of_one": seconds[1],
        "batch_size": len(place.x),
        "samples_per_second": len(place.x) / seconds[len(place.x)],
    }


@torch.no_grad()
def _generated(place: Workplace, n_samples: int) -> None:
    settings = replace(place.recipe.training, batch_size=n_samples)
    x = place.x[:n_samples]
    draw = draw_transmission(
        settings, place.system.channel, tuple(x.shape[1:]), place.n_symbols, step=0
    ).to(place.setting.device)
    is_mixed = settings.precision == "bf16"
    with torch.autocast(place.setting.device.type, torch.bfloat16, enabled=is_mixed):
        received = place.system.transmit(x, draw.snr_db, draw.channel)
        sampler = replace(place.recipe.sampler, n_steps=_N_STEPS)
        place.system.generate(received.features(), draw.noise, sampler)
