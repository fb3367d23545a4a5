"""Metrics by name; a name stands for one protocol."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jscgc_model.metrics.feature_cosine import FeatureCosine
from jscgc_model.metrics.feature_extractor import FeatureExtractor
from jscgc_model.metrics.frechet_distance import FrechetDistance
from jscgc_model.metrics.inception import INCEPTION, load_inception
from jscgc_model.metrics.judge import Judge
from jscgc_model.metrics.judge_metrics import (
    CIFAR_JUDGE,
    judge_metric_names,
    judge_of,
    make_judge_metric,
)
from jscgc_model.metrics.kernel_distance import KernelDistance
from jscgc_model.metrics.metric import Metric
from jscgc_model.metrics.peak_signal_noise_ratio import PeakSignalNoiseRatio
from jscgc_model.metrics.perceptual_distance import (
    LpipsNetwork,
    PerceptualDistance,
    load_lpips_network,
)
from jscgc_model.metrics.structural_similarity import (
    MultiScaleStructuralSimilarity,
    StructuralSimilarity,
)
from jscgc_model.metrics.vision_transformers import TRANSFORMERS, load_vision_transformer
from jscgc_model.metrics.weight_files import HUB
from jscgc_theory.errors import InputError

Weights = str | Path | LpipsNetwork | FeatureExtractor | Judge

_WITHOUT_WEIGHTS: dict[str, Callable[[], Metric[Any]]] = {
    "psnr": PeakSignalNoiseRatio,
    "ssim": StructuralSimilarity,
    "ms_ssim": MultiScaleStructuralSimilarity,
}
_LPIPS = {"lpips_alex": "alex", "lpips_vgg": "vgg"}
_DISTANCES: dict[str, type[FrechetDistance] | type[KernelDistance]] = {
    "rfid": FrechetDistance,
    "kid": KernelDistance,
}
_PATCH_SIDES = {"whole": None, "patch256": 256, "patch64": 64}
_INCEPTION_METRICS = {
    f"{distance}_{scale}": (distance, side)
    for distance in _DISTANCES
    for scale, side in _PATCH_SIDES.items()
}
METRIC_NAMES = (
    *_WITHOUT_WEIGHTS,
    *_LPIPS,
    *TRANSFORMERS,
    *_INCEPTION_METRICS,
    *judge_metric_names(CIFAR_JUDGE),
)
"""Every name but those of metrics on other judges and of Frechet distances on other features."""


def make_metric(name: str, *, weights: Weights = HUB) -> Metric[Any]:
    """Return a metric by its name.

    Args:
        name: One of ``METRIC_NAMES``, one of those of another judge, or ``fd_<name>`` for the
            Frechet distance on the features of an extractor of that name.
        weights: ``hub`` for the published weights, a local file (``lpips_*``, ``rfid_*``,
            ``kid_*``) or folder (``dino*``, judges) that holds them, or the network itself.
            Metrics without a network take no notice of it.

    Returns:
        The metric.

    Raises:
        InputError: If the name is unknown, or the weights are not those of its protocol.
    """
    if name in _WITHOUT_WEIGHTS:
        return _WITHOUT_WEIGHTS[name]()
    if name in _LPIPS:
        return _make_lpips(name, weights)
    if name in TRANSFORMERS:
        extractor = _make_extractor(name, weights)
        protocol = f"cosine of {_described(extractor)}"
        return FeatureCosine(name=name, protocol=protocol, **_setting(extractor))
    if name in _INCEPTION_METRICS:
        return _make_inception_metric(name, weights)
    if name.startswith("fd_") and _is_extractor(name.removeprefix("fd_"), weights):
        extractor = _make_extractor(name.removeprefix("fd_"), weights)
        protocol = f"Frechet distance of {_described(extractor)}"
        return FrechetDistance(name=name, protocol=protocol, **_setting(extractor))
    if judge_of(name) is not None:
        if isinstance(weights, LpipsNetwork | FeatureExtractor):
            raise InputError(f"{name} takes a judge or its folder, no {type(weights).__name__}")
        return make_judge_metric(name, weights)
    raise InputError(
        f"metric {name!r} is unknown; choose one of {', '.join(METRIC_NAMES)}, or fd_<name> with "
        "an extractor of that name"
    )


def network_of(metric: str) -> str | None:
    """Return the name of the network whose weights a metric needs.

    Args:
        metric: Name of a metric.

    Returns:
        The name of an extractor or judge, or the metric's own; None if it needs no weights.

    Raises:
        InputError: If there is no such metric.
    """
    if metric in _WITHOUT_WEIGHTS:
        return None
    if metric in _LPIPS or metric in TRANSFORMERS:
        return metric
    if metric in _INCEPTION_METRICS:
        return INCEPTION
    judge = judge_of(metric)
    if judge is None:
        raise InputError(
            f"metric {metric!r} is unknown; choose one of {', '.join(METRIC_NAMES)}, or fd_<name>"
        )
    return judge


def metrics_on(network: str) -> tuple[str, ...]:
    """Return the names of the metrics that need the weights of one network.

    Args:
        network: Name of a network; one that is not known is a judge's.

    Returns:
        The names.
    """
    found = tuple(name for name in METRIC_NAMES if network_of(name) == network)
    return found or judge_metric_names(network)


METRICS_WITHOUT_WEIGHTS = tuple(_WITHOUT_WEIGHTS)
"""Names of the metrics that need no network."""


def _is_extractor(name: str, weights: Weights) -> bool:
    return name in (*TRANSFORMERS, INCEPTION) or isinstance(
        weights, LpipsNetwork | FeatureExtractor
    )


def _make_lpips(name: str, weights: Weights) -> PerceptualDistance:
    if isinstance(weights, FeatureExtractor | Judge):
        raise InputError(f"{name} takes no extractor of features; give an LpipsNetwork or a file")
    net = _LPIPS[name]
    network = weights if isinstance(weights, LpipsNetwork) else load_lpips_network(net, weights)
    protocol = f"LPIPS v0.1 on {net}, images in [-1, 1] at their own size"
    return PerceptualDistance(name=name, network=network, protocol=protocol)


def _make_inception_metric(name: str, weights: Weights) -> FrechetDistance | KernelDistance:
    distance, side = _INCEPTION_METRICS[name]
    extractor = _make_extractor(INCEPTION, weights)
    images = "whole images" if side is None else f"patches of side {side}, two grids"
    words = "Frechet" if distance == "rfid" else "unbiased cubic kernel"
    setting = _setting(extractor)
    if side is not None:
        setting["least_side"] = side
    protocol = f"{words} distance of {_described(extractor)}, {images}"
    return _DISTANCES[distance](name=name, protocol=protocol, patch_side=side, **setting)


def _make_extractor(name: str, weights: Weights) -> FeatureExtractor:
    if isinstance(weights, LpipsNetwork | Judge):
        raise InputError(f"{name} takes no {type(weights).__name__}; give a FeatureExtractor")
    if isinstance(weights, FeatureExtractor):
        if weights.name != name:
            raise InputError(
                f"the features are those of {weights.name}, not of {name}; use the metric "
                f"fd_{weights.name}"
            )
        return weights
    if name in TRANSFORMERS:
        return load_vision_transformer(name, weights)
    return load_inception(weights)


def _described(extractor: FeatureExtractor) -> str:
    return f"{extractor.name} features ({extractor.protocol})"


def _setting(extractor: FeatureExtractor) -> dict[str, Any]:
    return {
        "extractor": extractor,
        "least_side": extractor.least_side,
        "intended_side": extractor.intended_side,
        "channels": extractor.channels,
    }
