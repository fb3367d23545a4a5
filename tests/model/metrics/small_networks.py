"""Images drawn from a seed, and small networks in place of the published ones."""

import torch
from torch import nn

from jscgc_model.metrics import FeatureExtractor, ImagePairs, LpipsNetwork
from jscgc_model.metrics.judge import Judge
from jscgc_model.metrics.judge_network import build_judge


def drawn_images(n, *, side=32, channels=3, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(n, channels, 4, 4, generator=generator, dtype=dtype)
    return nn.functional.interpolate(coarse, [side, side], mode="bilinear").clamp(0.0, 1.0)


def noisy(images, strength, *, seed=1):
    noise = torch.randn(
        images.shape, generator=torch.Generator().manual_seed(seed), dtype=images.dtype
    )
    return (images + strength * noise).clamp(0.0, 1.0)


def pairs_of(originals, reconstructions, sources=None, labels=None):
    sources = torch.arange(len(originals)) if sources is None else sources
    return ImagePairs(
        originals=originals, reconstructions=reconstructions, sources=sources, labels=labels
    )


def measured(metric, originals, reconstructions, sources=None, labels=None):
    pairs = pairs_of(originals, reconstructions, sources, labels)
    return metric.estimate([metric.observe(pairs)])


def seeded(build, seed=0):
    """Build a network whose first weights come from a seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build().eval()


def small_extractor(name="cifar_cnn", *, dim=6, **kwargs):
    network = seeded(
        lambda: nn.Sequential(
            nn.Conv2d(3, dim, 5, stride=3), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
    )
    return FeatureExtractor(name=name, network=network, **kwargs)


def small_judge(name="cifar_cnn", *, side=8, seed=0, classes=("a", "b", "c")):
    """A judge of random weights whose normalisation has seen some images."""
    network = build_judge(name, side, classes, (4, 6), 1, seed=seed)
    with torch.no_grad():
        network(drawn_images(64, side=side, seed=5))
    return Judge(network.eval())


def small_lpips():
    trunk = seeded(
        lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 5, 3), nn.ReLU())
    )
    generator = torch.Generator().manual_seed(2)
    heads = [torch.rand(width, generator=generator) for width in (4, 5)]
    return LpipsNetwork(trunk, (1, 3), heads).eval()
