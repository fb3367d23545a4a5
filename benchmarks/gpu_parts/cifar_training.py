"""What do all systems reach on CIFAR-10 in eight minutes each?"""

import json
import signal
import time
from pathlib import Path
from typing import Any

from gpu_parts.recipes_at_size import recipe_at_size
from gpu_parts.setting import Setting
from jscgc_model.recipes import Recipe
from jscgc_model.recipes.run_folder import train_recipe

_SYSTEMS = ("cifar_32", "cifar_32_cjscc", "cifar_32_mamba", "cifar_32_diff")
_DONE = "summary.json"


def cifar_training(setting: Setting) -> dict[str, Any]:
    """What loss does each system reach on CIFAR-10, at what rate with reading and checkpoints?

    Each call goes on with the first system that is not finished; ``jscgc evaluate`` then compares
    the runs beside the record.
    """
    deadline = time.perf_counter() + setting.seconds
    found: dict[str, Any] = {}
    for name in _SYSTEMS:
        folder = setting.folder / "runs" / name
        if not (folder / _DONE).exists() and time.perf_counter() < deadline:
            _train(_recipe(name, setting), folder, deadline)
        if (folder / _DONE).exists():
            found[name] = json.loads((folder / _DONE).read_text(encoding="utf-8"))
    return found | {"is_finished": len(found) == len(_SYSTEMS)}


def _recipe(name: str, setting: Setting) -> Recipe:
    recipe = recipe_at_size(name, setting)
    return recipe if setting.cifar is None else recipe.changed([f"source.path={setting.cifar}"])


def _train(recipe: Recipe, folder: Path, deadline: float) -> None:
    def stop_in_time(fraction: float) -> None:
        if time.perf_counter() > deadline:
            signal.raise_signal(signal.SIGTERM)

    summary = train_recipe(recipe, folder, resume=True, progress=stop_in_time)
    if not summary.was_interrupted:
        told = {
            "n_steps": summary.n_steps_done,
            "batch_size": recipe.training.batch_size,
            "last_loss": summary.last_loss,
            "samples_per_second": summary.n_samples_per_second,
        }
        (folder / _DONE).write_text(json.dumps(told), encoding="utf-8")
