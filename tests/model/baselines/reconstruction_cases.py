"""Small systems that reconstruct, and transmissions for them."""

import torch

from jscgc_model.recipes import build_system
from jscgc_model.system import TransmissionDraw
from tests.model.training.small_runs import RECONSTRUCTIONS, small_reconstruction

KINDS = tuple(RECONSTRUCTIONS)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def built(network, *sizes, seed=0, **options):
    """Build a network whose first weights come from a seed."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        return network(*sizes, **options)


def small_system(kind, *changes):
    """Return a system in double precision whose every weight is away from its initial value."""
    system = build_system(small_reconstruction(kind, *changes)).double()
    generator = seeded(7)
    with torch.no_grad():
        for one in system.parameters():
            one += 0.1 * torch.randn(one.shape, generator=generator, dtype=one.dtype)
    return system


def transmission(system, images, snr_db, *, seed=0):
    """Return a draw of a training step; what a generator would use is drawn too."""
    n_symbols = system.encoder(images[:1], images.new_zeros(1)).shape[1]
    generator, n = seeded(seed), len(images)
    channel = system.channel.draw(n, n_symbols, generator, dtype=torch.complex128)
    return TransmissionDraw(
        time=torch.rand(n, generator=generator, dtype=images.dtype),
        noise=torch.randn(images.shape, generator=generator, dtype=images.dtype),
        snr_db=torch.as_tensor(snr_db, dtype=images.dtype).expand(n),
        channel=channel,
        keeps_condition=torch.ones(n, dtype=images.dtype),
    )
