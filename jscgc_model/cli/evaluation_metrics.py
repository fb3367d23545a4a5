"""Which metrics an evaluation uses, and where their weights lie."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jscgc_model.metrics import (
    METRICS_WITHOUT_WEIGHTS,
    Judge,
    Metric,
    load_judge,
    make_metric,
    metrics_on,
    network_of,
)
from jscgc_model.metrics.judge_metrics import NEEDS_LABELS, judge_metric_names
from jscgc_model.metrics.weight_files import HUB
from jscgc_theory.errors import InputError


def weights_by_network(texts: Sequence[str]) -> dict[str, str]:
    """Read the option ``--weights``.

    Args:
        texts: Such as ``cifar_cnn=runs/judge``, or ``lpips_alex=hub``.

    Returns:
        Path, or ``hub``, by the name of the network.

    Raises:
        InputError: If one is no such text, or names what does not exist.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, place = text.partition("=")
        if not equals or not name or not place:
            raise InputError(
                f"--weights {text} is not NAME=PATH; give one such as cifar_cnn=runs/judge"
            )
        if place != HUB and not Path(place).exists():
            raise InputError(f"--weights {text}: {place} does not exist; give a file or folder")
        found[name] = place
    return found


def chosen_metrics(
    names: Sequence[str] | None,
    weights: Mapping[str, str],
    *,
    drawn: Mapping[str, Metric[Any]],
    has_labels: bool,
    shorter_side: int,
    channels: int,
) -> list[Metric[Any]]:
    """Return the metrics asked for, or all that fit the images and whose weights are at hand.

    Args:
        names: What was asked for; None for nothing in particular.
        weights: Path, or ``hub``, by the name of the network.
        drawn: Metrics of drawn images by name; none if the images are of another kind.
        has_labels: Whether the classes of the images are known.
        shorter_side: Least side of the images in pixels.
        channels: Colour channels of the images.

    Returns:
        The metrics, each once.

    Raises:
        InputError: If a name is unknown, or needs weights that are not given.
    """
    judges = {
        name: load_judge(place)
        for name, place in weights.items()
        if metrics_on(name) == judge_metric_names(name)
    }
    if names:
        return [_make(name, weights, judges, drawn) for name in dict.fromkeys(names)]
    found = [make_metric(name) for name in METRICS_WITHOUT_WEIGHTS]
    for network in weights:
        found += [_make(name, weights, judges, drawn) for name in metrics_on(network)]
    return [one for one in found if _fits(one, has_labels, shorter_side, channels)] + list(
        drawn.values()
    )


def _make(
    name: str,
    weights: Mapping[str, str],
    judges: Mapping[str, Judge],
    drawn: Mapping[str, Metric[Any]],
) -> Metric[Any]:
    if name in drawn:
        return drawn[name]
    network = network_of(name)
    if network is None:
        return make_metric(name)
    if network not in weights:
        raise InputError(
            f"metric {name} needs the weights of {network}; add --weights {network}=PATH"
        )
    return make_metric(name, weights=judges.get(network, weights[network]))


def _fits(metric: Metric[Any], has_labels: bool, shorter_side: int, channels: int) -> bool:
    needs_labels = metric.name.startswith(NEEDS_LABELS)
    return (
        metric.least_side <= shorter_side
        and channels in metric.channels
        and (has_labels or not needs_labels)
    )
