"""What is said about a budget."""

from jscgc_model.budget import MemoryPlan, TrainingBudget
from jscgc_theory.records.formatting import format_number
from jscgc_theory.report.content import Content, Table, content_of

_GIBIBYTE = 2**30
_TERA = 1e12


@content_of.register(TrainingBudget)
def budget_content(result: TrainingBudget) -> Content:
    """Return what is said about a ``TrainingBudget``.

    Args:
        result: The budget.

    Returns:
        The content.
    """
    alone = result.memory[0]
    return Content(
        question=f"What will {result.recipe} cost?",
        answer=(
            f"{_tera(result.step_flops)} TFLOP a step of {result.batch_size} samples, and "
            f"{_gib(alone.total)} GiB on one GPU, or {_gib(alone.checkpointed_total)} GiB with "
            "gradient checkpointing."
        ),
        remarks=_remarks(result),
        tables=(_parameters(result), _memory(result), _capacity(result)),
        terms=_TERMS,
    )


_TERMS = (
    (
        "FLOP",
        "a multiplication or an addition in a matrix product, a convolution or an attention; "
        "nothing else is counted",
    ),
    (
        "activations",
        "what the backward pass needs of the forward pass; with gradient checkpointing, the "
        "inputs of the blocks, and one block at a time",
    ),
    (
        "zero2, zero3, fsdp2",
        "GPUs share gradients, optimiser states and average; zero3 and fsdp2 share the weights "
        "too and gather those of the block at work and of the next",
    ),
)


def _remarks(result: TrainingBudget) -> tuple[str, ...]:
    run = result.n_steps * result.step_flops / _TERA
    return (
        "Nothing was read and no memory taken: sizes are those of the classes themselves.",
        f"With gradient checkpointing a step takes {_tera(result.checkpointed_step_flops)} TFLOP.",
        f"The whole training, {result.n_steps} steps, takes {format_number(run, 4)} TFLOP.",
        f"Sending and generating one sample takes {_tera(result.sample_flops)} TFLOP, with "
        f"{result.n_velocity_calls} calls of the velocity field.",
        f"A sample is sent in {result.n_symbols} complex symbols, "
        f"{format_number(result.bandwidth_ratio)} for each of its values.",
        "Memory does not count the workspace of kernels and fragmentation.",
    )


def _parameters(result: TrainingBudget) -> Table:
    counts = [(one.component, one.n_trainable, one.n_frozen) for one in result.parameters]
    total = ("total", sum(one[1] for one in counts), sum(one[2] for one in counts))
    return Table(
        caption="Parameters",
        columns=("component", "trainable", "frozen"),
        rows=tuple((name, f"{free:,}", f"{frozen:,}") for name, free, frozen in [*counts, total]),
    )


def _memory(result: TrainingBudget) -> Table:
    return Table(
        caption="Memory of one GPU (GiB)",
        columns=(
            "sharding",
            "GPUs",
            "weights",
            "gathered",
            "gradients",
            "optimiser",
            "average",
            "activations",
            "total",
            "activations, checkpointed",
            "total, checkpointed",
        ),
        rows=tuple(_memory_row(plan) for plan in result.memory),
    )


def _memory_row(plan: MemoryPlan) -> tuple[str, ...]:
    sizes = (
        plan.weights,
        plan.gathered_weights,
        plan.gradients,
        plan.optimiser,
        plan.average,
        plan.activations,
        plan.total,
        plan.checkpointed_activations,
        plan.checkpointed_total,
    )
    return (plan.sharding, str(plan.n_gpus), *(_gib(size) for size in sizes))


def _capacity(result: TrainingBudget) -> Table:
    return Table(
        caption="The most that the channel carries",
        columns=("SNR (dB)", "bits a sample"),
        rows=tuple((snr, format_number(bits, 4)) for snr, bits in result.capacity_bits.items()),
    )


def _gib(n_bytes: int) -> str:
    return format_number(n_bytes / _GIBIBYTE, 3)


def _tera(flops: int) -> str:
    return format_number(flops / _TERA, 3)
