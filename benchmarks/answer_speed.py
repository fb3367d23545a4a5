"""Is a complete ``delta-star`` about as fast as the bare neighbours, or the TwoNN, of others?

Each answer is timed in turns with the peers, in processes of their own on the same file, imports
left out: on 20 000 x 784 the fastest exact neighbours of ``theory_speed.py`` (k = 10), on
100 000 x 20 the TwoNN of scikit-dimension and of DADApy alone. DADApy needs NumPy 1 and so an
environment of its own, whose interpreter is given:

    python benchmarks/answer_speed.py --dadapy ENVIRONMENT/bin/python
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from theory_speed import curved, machine, normal

from jscgc_theory.records.run_record import installed_versions
from jscgc_theory.records.whole_files import write_text_atomically

RECORD = Path(__file__).parent / "results" / "answer_speed.json"
TIMED = """
import json, sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
{prepare}
def answer(points):
    {call}
points = np.load(sys.argv[1])
answer(points[:2000])
wall, cpu = time.perf_counter(), time.process_time()
value = answer(points)
print(json.dumps({{"wall_s": round(time.perf_counter() - wall, 3),
                   "cpu_s": round(time.process_time() - cpu, 3), "value": float(value)}}))
"""
"""Run once on few points first, so that compiled loops are loaded."""
SEARCHES = {
    "jscgc delta-star": (
        "from jscgc_theory import delta_star",
        "return delta_star(points, mi_bits=20.0, rng=0).intrinsic_dim.value",
    ),
    "jscgc TwoNN": (
        "from jscgc_theory.intrinsic_dimension import TwoNN",
        "return TwoNN().fit(points).dimension_",
    ),
    "faiss, 10 neighbours": (
        "import faiss",
        "index = faiss.IndexFlatL2(points.shape[1]); index.add(points); "
        "return index.search(points, 11)[0][0, 1]",
    ),
    "scikit-learn, 10 neighbours": (
        "from sklearn.neighbors import NearestNeighbors",
        "return NearestNeighbors(n_neighbors=11, algorithm='brute', n_jobs=THREADS)"
        ".fit(points).kneighbors(points)[0][0, 1]",
    ),
    "scikit-dimension TwoNN": (
        "import skdim",
        "return skdim.id.TwoNN().fit(points).dimension_",
    ),
    "DADApy TwoNN": (
        "from dadapy import Data",
        "data = Data(points.astype(float), verbose=False, n_jobs=THREADS); "
        "data.compute_distances(maxk=3); return data.compute_id_2NN()[0]",
    ),
}
CELLS = {
    (20_000, 784): ("jscgc delta-star", "faiss, 10 neighbours", "scikit-learn, 10 neighbours"),
    (100_000, 20): (
        "jscgc delta-star",
        "jscgc TwoNN",
        "scikit-dimension TwoNN",
        "DADApy TwoNN",
    ),
}


def main() -> None:
    """Time what is missing from the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RECORD)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dadapy", help="interpreter of an environment with DADApy")
    arguments = parser.parse_args()
    rows = json.loads(arguments.out.read_text())["rows"] if arguments.out.exists() else []
    for (n_points, ambient_dim), names in CELLS.items():
        for cloud in (normal, curved):
            named = {"cloud": cloud.__name__, "n_points": n_points, "ambient_dim": ambient_dim}
            if any(named.items() <= row.items() for row in rows):
                continue
            rows.append(named | {"answers": timed(cloud(n_points, ambient_dim), names, arguments)})
            print(json.dumps(rows[-1]), flush=True)
            record = {
                "question": (__doc__ or "").splitlines()[0],
                "threads": arguments.threads,
                "repeats": arguments.repeats,
                "machine": machine(),
                "versions": installed_versions(),
                "rows": rows,
            }
            write_text_atomically(arguments.out, json.dumps(record, indent=1) + "\n")


def timed(
    points: np.ndarray, names: tuple[str, ...], arguments: argparse.Namespace
) -> dict[str, Any]:
    """Return the middle of the times of every answer, taken in turns."""
    times: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.npy"
        np.save(path, points)
        for _ in range(arguments.repeats):
            for name in names:
                interpreter = arguments.dadapy if name.startswith("DADApy") else sys.executable
                if interpreter:
                    times[name].append(once(interpreter, name, path, arguments.threads))
    return {
        name: {key: float(np.median([one[key] for one in some])) for key in some[0]}
        for name, some in times.items()
        if some
    }


def once(interpreter: str, name: str, path: Path, threads: int) -> dict[str, float]:
    """Time one answer in a process of its own."""
    prepare, call = SEARCHES[name]
    script = TIMED.format(prepare=prepare, call=call).replace("THREADS", str(threads))
    limit = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    done = subprocess.run(
        [interpreter, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | limit,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
