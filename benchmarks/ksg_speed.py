"""How fast is KSG, and does it give the same number as others?

Times the counts and digammas of KSG (algorithm 1, k = 5, columns as they are) beside SciPy's k-d
trees used as the fastest public implementations do, and beside the public libraries that can be
imported, on the same Gaussian pairs in the same run:

    python benchmarks/ksg_speed.py --out benchmarks/results/ksg_speed.json
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import digamma

from jscgc_theory.mutual_information.nearest_neighbour import KSG
from jscgc_theory.mutual_information.nearest_neighbour.digamma_form import ksg_bits
from jscgc_theory.mutual_information.nearest_neighbour.neighbour_counts import neighbour_counts
from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically
from jscgc_theory.units import nats_to_bits

N_NEIGHBOURS = 5
DIMS = (2, 5)
CORRELATION = 0.6
PEER_DIM = 2
"""Columns a side up to which the slow library is timed: beyond, it takes many minutes."""
Method = Callable[[np.ndarray, np.ndarray], float]


def main() -> None:
    """Time every method on every case and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--n-pairs", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2, help="threads of SciPy's searches")
    arguments = parser.parse_args()
    methods = {
        "jscgc_counts": jscgc_counts,
        "jscgc_estimate": jscgc_estimate,
        "scipy_style": lambda x, y: scipy_style(x, y, arguments.workers),
    }
    peer_is_there = find_spec("infomeasure") is not None
    if not peer_is_there:
        print("infomeasure is not installed: left out")
    first_call_s = timed(jscgc_counts, *gaussian_pairs(500, 2))[0]
    rows = []
    for dim in DIMS:
        x, y = gaussian_pairs(arguments.n_pairs, dim)
        peers = {"infomeasure": infomeasure} if peer_is_there and dim <= PEER_DIM else {}
        for name, method in (methods | peers).items():
            seconds, bits = timed(method, x, y)
            row = {"n_pairs": len(x), "x_dim": dim, "y_dim": dim, "method": name}
            rows.append({**row, "seconds": round(seconds, 2), "bits": bits})
            print(json.dumps(rows[-1]), flush=True)
    record = {
        "question": (__doc__ or "").splitlines()[0],
        "n_neighbours": N_NEIGHBOURS,
        "correlation": CORRELATION,
        "scipy_workers": arguments.workers,
        "first_call_s": round(first_call_s, 2),
        "machine": machine(),
        "versions": installed_versions(),
        "rows": rows,
    }
    write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")


def gaussian_pairs(n_pairs: int, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of normal vectors whose coordinates correlate one by one."""
    rng = np.random.default_rng([n_pairs, dim])
    x = rng.standard_normal((n_pairs, dim))
    noise = rng.standard_normal((n_pairs, dim))
    return x, CORRELATION * x + np.sqrt(1.0 - CORRELATION**2) * noise


def jscgc_counts(x: np.ndarray, y: np.ndarray) -> float:
    """Return the textbook value from this package's counts."""
    (x_counts,), (y_counts,) = neighbour_counts(x, y, (N_NEIGHBOURS,), 1)
    return ksg_bits(x_counts, y_counts, N_NEIGHBOURS, 1)


def jscgc_estimate(x: np.ndarray, y: np.ndarray) -> float:
    """Return the textbook value out of a whole estimate with trend, error and notices."""
    found = KSG(n_neighbours=N_NEIGHBOURS, marginals="raw").fit(x, y).estimate_
    return float(found.details["ksg_bits"])


def scipy_style(x: np.ndarray, y: np.ndarray, workers: int) -> float:
    """Return the textbook value from SciPy's k-d trees."""
    joint = np.hstack([x, y])
    radii = cKDTree(joint).query(joint, N_NEIGHBOURS + 1, p=np.inf, workers=workers)[0][:, -1]
    inside = np.nextafter(radii, 0.0)
    total = 0.0
    for cloud in (x, y):
        counts = cKDTree(cloud).query_ball_point(
            cloud, inside, p=np.inf, workers=workers, return_length=True
        )
        total += float(digamma(counts).mean())
    return nats_to_bits(float(digamma(N_NEIGHBOURS) + digamma(len(x))) - total)


def infomeasure(x: np.ndarray, y: np.ndarray) -> float:
    """Return infomeasure's KSG value."""
    import infomeasure as peer

    nats = peer.mutual_information(
        x, y, approach="ksg", k=N_NEIGHBOURS, noise_level=0, minkowski_p=np.inf
    )
    return nats_to_bits(float(nats))


def timed(method: Method, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the seconds of a call and its result."""
    start = time.perf_counter()
    bits = method(x, y)
    return time.perf_counter() - start, bits


def machine() -> dict[str, object]:
    """Return what the times depend on."""
    return {
        "architecture": platform.machine(),
        "n_cpus": os.cpu_count(),
        "load_average_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


if __name__ == "__main__":
    main()
