"""Metrics on a judge, by their names ``<what>_<name of the judge>``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jscgc_model.metrics.class_metrics import ClassShare
from jscgc_model.metrics.feature_cosine import FeatureCosine
from jscgc_model.metrics.frechet_distance import FrechetDistance
from jscgc_model.metrics.judge import Judge, load_judge
from jscgc_model.metrics.judge_distance import JudgeDistance
from jscgc_model.metrics.metric import Metric
from jscgc_model.metrics.perceptual_distance import PerceptualDistance
from jscgc_model.metrics.weight_files import HUB
from jscgc_theory.errors import InputError

CIFAR_JUDGE = "cifar_cnn"
"""Name of the judge that the recipe ``cifar_16_judge`` trains."""


def _frechet(name: str, judge: Judge) -> Metric[Any]:
    protocol = f"Frechet distance of {judge.name} features ({judge.protocol})"
    return FrechetDistance(name=name, protocol=protocol, **_on_features(judge))


def _cosine(name: str, judge: Judge) -> Metric[Any]:
    protocol = f"cosine of {judge.name} features ({judge.protocol})"
    return FeatureCosine(name=name, protocol=protocol, **_on_features(judge))


def _consistency(name: str, judge: Judge) -> Metric[Any]:
    protocol = f"share of reconstructions in the class of their original ({judge.protocol})"
    return ClassShare(
        name=name, protocol=protocol, judge=judge, wanted="original", **_sides(judge)
    )


def _accuracy(name: str, judge: Judge) -> Metric[Any]:
    protocol = f"share of reconstructions in the class of the label ({judge.protocol})"
    return ClassShare(name=name, protocol=protocol, judge=judge, wanted="label", **_sides(judge))


def _perceptual(name: str, judge: Judge) -> Metric[Any]:
    protocol = f"distance of the unit maps of {judge.name}'s stages ({judge.protocol})"
    return PerceptualDistance(
        name=name, protocol=protocol, network=JudgeDistance(judge), **_sides(judge)
    )


_MAKERS: dict[str, Callable[[str, Judge], Metric[Any]]] = {
    "fd_": _frechet,
    "class_consistency_": _consistency,
    "class_accuracy_": _accuracy,
    "cosine_": _cosine,
    "perceptual_": _perceptual,
}
NEEDS_LABELS = "class_accuracy_"
"""Beginning of the names of metrics that need the labels of images."""


def judge_metric_names(judge: str) -> tuple[str, ...]:
    """Return the names of the metrics on a judge.

    Args:
        judge: Its name.

    Returns:
        The names.
    """
    return tuple(prefix + judge for prefix in _MAKERS)


def judge_of(metric: str) -> str | None:
    """Return the name of the judge that a metric is named after.

    Args:
        metric: Name of a metric.

    Returns:
        What follows the first known beginning; None if it has none.
    """
    for prefix in _MAKERS:
        if metric.startswith(prefix):
            return metric.removeprefix(prefix)
    return None


def make_judge_metric(metric: str, weights: str | Path | Judge) -> Metric[Any]:
    """Return a metric on a judge.

    Args:
        metric: Such as ``fd_cifar_cnn``.
        weights: The judge, or the folder of it.

    Returns:
        The metric.

    Raises:
        InputError: If the weights are none of a judge of that name.
    """
    (prefix,) = (one for one in _MAKERS if metric.startswith(one))
    name = metric.removeprefix(prefix)
    if weights == HUB:
        raise InputError(
            f"no weights of {name!r} are published; give a FeatureExtractor of that name, or "
            "train a judge (jscgc train --recipe cifar_16_judge) and give the folder of its run"
        )
    judge = weights if isinstance(weights, Judge) else load_judge(weights)
    if judge.name != name:
        raise InputError(
            f"the judge is {judge.name}, not {name}; use the metric {prefix}{judge.name}"
        )
    return _MAKERS[prefix](metric, judge)


def _on_features(judge: Judge) -> dict[str, Any]:
    return {"extractor": judge.extractor(), **_sides(judge)}


def _sides(judge: Judge) -> dict[str, Any]:
    extractor = judge.extractor()
    return {"least_side": extractor.least_side, "intended_side": extractor.intended_side}
