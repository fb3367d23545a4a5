"""Random arguments of scans, their gradients, and the distance of two results."""

import torch
from torch.nn import functional

from jscgc_model.encoder.selective_scan.sequential import sequential_scan


def ssd_arguments(length, *, batch=2, groups=(2, 2), head_dim=4, d_state=3, stronger=1.0, seed=0):
    """Return x, dt, a, b, c and an initial state, float64; ``stronger`` multiplies dt."""
    normal = normal_numbers(seed)
    n_heads = groups[0] * groups[1]
    return (
        normal(batch, length, n_heads, head_dim),
        stronger * functional.softplus(normal(batch, length, n_heads) - 3.0),
        -normal(n_heads).exp(),
        normal(batch, length, groups[0], d_state),
        normal(batch, length, groups[0], d_state),
        normal(batch, n_heads, head_dim, d_state),
    )


def s6_arguments(length, *, batch=2, groups=(2, 3), d_state=3, stronger=1.0, seed=0):
    """Return x, dt, a, b, c and an initial state, float64; ``stronger`` multiplies dt."""
    normal = normal_numbers(seed)
    d_inner = groups[0] * groups[1]
    return (
        normal(batch, length, d_inner),
        stronger * functional.softplus(normal(batch, length, d_inner) - 3.0),
        -normal(d_inner, d_state).exp(),
        normal(batch, length, groups[0], d_state),
        normal(batch, length, groups[0], d_state),
        normal(batch, d_inner, d_state),
    )


def normal_numbers(seed):
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def slow_ssd_scan(x, dt, a, b, c, initial=None):
    """The scan of one decay a head as the sequential one: each decay stands for many columns."""
    head_dim, d_state = x.shape[-1], b.shape[-1]
    y, final = sequential_scan(
        x.flatten(2),
        dt.repeat_interleave(head_dim, dim=2),
        a.repeat_interleave(head_dim)[:, None].expand(-1, d_state),
        b,
        c,
        None if initial is None else initial.flatten(1, 2),
    )
    return y.unflatten(2, x.shape[2:]), final.unflatten(1, x.shape[2:])


def results_and_gradients(scan, arguments):
    """Return outputs, final state, and the gradients of a random functional of both."""
    leaves = [values.detach().requires_grad_() for values in arguments]
    results = scan(*leaves)
    normal = normal_numbers(99)
    functional_value = sum((r * normal(*r.shape).to(r.dtype)).sum() for r in results)
    gradients = torch.autograd.grad(
        functional_value, leaves, allow_unused=True, materialize_grads=True
    )
    return [value.detach() for value in (*results, *gradients)]


def largest_relative_error(found, truth):
    """Return the largest error of any tensor, in units of that tensor's largest entry."""
    errors = [
        float((f.double() - t.double()).abs().max() / t.double().abs().max().clamp_min(1e-300))
        for f, t in zip(found, truth, strict=True)
    ]
    return max(errors)
