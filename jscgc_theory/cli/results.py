"""Which fields of a result form ``results`` of the run record, as documented for each command."""

from typing import Any

from jscgc_theory.records import Record

_FIELDS = {
    "dimension": ("intrinsic_dim", "estimates", "scale_scan"),
    "covering": ("geometric_constant", "curves"),
    "mi": ("mi_bits", "recommended", "why", "estimates"),
    "delta-star": ("intrinsic_dim", "geometric_constant", "resolvable_mi_bits", "rows"),
    "check": ("intrinsic_dim", "geometric_constant", "rows", "n_pairs", "n_groups"),
    "exact": ("rows",),
}


def documented_results(kind: str, result: Record) -> dict[str, Any]:
    """Return ``results`` of a run record, rows leaving out the keys of what was not given.

    Args:
        kind: The command.
        result: What it found.

    Returns:
        Plain containers, ready for JSON.
    """
    plain = result.to_dict()
    chosen = {name: plain[name] for name in _FIELDS[kind]}
    for row in chosen.get("rows", []):
        for name in ("snr_db", "mi_interval_bits", "meta_converse"):
            if row.get(name, 0.0) is None:
                del row[name]
    return chosen
