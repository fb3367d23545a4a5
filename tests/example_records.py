"""Records with plausible numbers, made by hand, for tests of pictures and pages."""

import math

from jscgc_theory.analysis.bound_check import BoundCheck, CheckRow, Verdict
from jscgc_theory.analysis.covering_report import CoveringReport, Curve
from jscgc_theory.analysis.dataset_bound import BoundRow, DatasetBound
from jscgc_theory.analysis.dimension_report import DimensionReport, ScalePoint
from jscgc_theory.analysis.exact_case import ExactCase, ExactRow
from jscgc_theory.analysis.mi_report import MIReport
from jscgc_theory.covering_numbers import CoveringCertificate
from jscgc_theory.mutual_information.velocity import IntegrandCurve, VelocityInformation
from jscgc_theory.records import Estimate, InputFile, Notice, RunRecord

DIM, CONSTANT, N_POINTS = 12.4, 3.1e4, 10000
RESOLVABLE = math.log2(N_POINTS * (N_POINTS - 1) / 2)


def estimate(value, spread=0.05, method="Takens on pair distances", **details):
    interval = None if spread is None else (value * (1 - spread), value * (1 + spread))
    return Estimate(
        value=value, interval=interval, method=method, n_points_used=N_POINTS, details=details
    )


def bound_fields(mi_bits, outage, dim=DIM, constant=CONSTANT):
    a = 1.0 - outage
    entropy = -(a * math.log2(a) + outage * math.log2(outage))
    least = constant ** (1 / dim)
    spread = 0.02 + 0.002 * mi_bits / dim
    return {
        "mi_bits": float(mi_bits),
        "outage_probability": outage,
        "delta_star": estimate(least * 2 ** (-(mi_bits + 1) / dim), spread, "equation (18)"),
        "finite_outage_fano": estimate(
            least * 2 ** (-(mi_bits + entropy) / (a * dim)), spread, "Fano at finite outage, R1"
        ),
        "small_ball": estimate(
            0.93 * least * 2 ** (-(mi_bits + entropy) / (a * dim)), spread, "small ball, R2"
        ),
        "perception": estimate(
            1.04 * least * 2 ** (-(mi_bits + 0.9 * entropy) / (a * dim)),
            spread,
            "correlation integral, R3",
        ),
        "extrapolated_octaves": max(0.0, (mi_bits - RESOLVABLE) / dim),
    }


def dataset_bound(mi_bits=(2, 5, 10, 15, 20, 25, 30, 40, 50), outages=(0.5, 0.1, 0.01), **changes):
    rows = tuple(BoundRow(**bound_fields(i, p)) for p in outages for i in mi_bits)
    radius = tuple(0.7 * 1.12**k for k in range(14))
    count = tuple(max(1.0, CONSTANT * r**-DIM * (1 + (r / 2.6) ** 8)) for r in radius)
    fields = {
        "intrinsic_dim": estimate(DIM, scale_radius=1.1),
        "geometric_constant": estimate(CONSTANT, 0.4, "Weissman at r0", reading="volume"),
        "resolvable_mi_bits": RESOLVABLE,
        "diameter": 3.4,
        "rows": rows,
        "coincidence_curve": Curve(
            radius=radius,
            count=count,
            standard_error=tuple(c * min(2.0, 0.01 + c / 2**RESOLVABLE * 0.5) for c in count),
        ),
        "n_points": N_POINTS,
        "n_duplicates": 3,
        "ambient_dim": 784,
        "notices": (
            Notice(code="duplicates", message="3 rows repeat others and were counted once."),
        ),
    }
    return DatasetBound(**{**fields, **changes})


def dimension_report(names=("TwoNN", "MLE", "Takens", "local PCA"), **changes):
    scan = tuple(
        ScalePoint(
            n_neighbours=2**k,
            radius=0.6 * 1.17**k,
            intrinsic_dim=12.5 + 2.6 * 0.45**k - 0.012 * max(0, k - 5) ** 3,
            interval=(11.7 + 2.1 * 0.45**k - 0.013 * max(0, k - 5) ** 3, 13.1 + 3.1 * 0.45**k),
            on_plateau=2 <= k <= 6,
        )
        for k in range(10)
    )
    fields = {
        "intrinsic_dim": estimate(DIM, 0.04, "Takens, scale by plateau", scale_radius=1.1),
        "estimates": {
            name: estimate(11.6 + 0.4 * k, 0.03 + 0.01 * k, name) for k, name in enumerate(names)
        },
        "scale_scan": scan,
        "n_points": N_POINTS,
        "n_duplicates": 0,
        "ambient_dim": 784,
    }
    return DimensionReport(**{**fields, **changes})


def covering_report(**changes):
    radius = tuple(0.08 * 1.35**k for k in range(13))
    counts = {
        "coincidence": tuple(max(1.0, 4.0 * r**-2) for r in radius),
        "covering": tuple(max(1.0, 1 / (1 / 5000 + r**2 / 9.4)) for r in radius),
        "packing": tuple(max(1.0, 1 / (1 / 5000 + r**2 / 15.1)) for r in radius),
    }
    fields = {
        "intrinsic_dim": estimate(2.01, 0.03),
        "geometric_constant": estimate(4.03, 0.05, "Weissman at r0", reading="volume"),
        "readings": {
            "volume": estimate(4.03, 0.05, "Weissman at r0", reading="volume"),
            "covering": estimate(9.4, 0.09, "greedy net", reading="covering"),
            "packing": estimate(15.1, 0.09, "greedy net", reading="packing"),
        },
        "curves": {
            name: Curve(
                radius=radius,
                count=count,
                standard_error=tuple(0.05 * c for c in count) if name == "coincidence" else None,
            )
            for name, count in counts.items()
        },
        "certificates": (
            CoveringCertificate(
                radius=0.31,
                covering_at_least=27,
                covering_at_most=90,
                missed_share=estimate(0.012, 0.004, "held out", good_turing=0.01),
                chao_count=93.0,
            ),
        ),
        "resolvable_mi_bits": 23.6,
        "n_points": 5000,
        "n_duplicates": 0,
        "ambient_dim": 3,
    }
    return CoveringReport(**{**fields, **changes})


def bound_check(snr_db=(-5, 0, 5, 10, 15, 20), outages=(0.5, 0.1, 0.01), **changes):
    rows = []
    for outage in outages:
        for snr in snr_db:
            fields = bound_fields(14 * math.log2(1 + 10 ** (snr / 10)), outage)
            ratio = {0.5: 0.96}.get(outage, 1.35)
            rows.append(
                CheckRow(
                    **fields,
                    snr_db=float(snr),
                    measured_radius=estimate(
                        ratio * fields["perception"].value, 0.03, "order statistics"
                    ),
                    verdicts={
                        "delta_star": Verdict(
                            verdict="violated" if outage == 0.5 else "holds",
                            margin=ratio - 1,
                            reason=f"(18) is stated for P_e -> 0; here P_e = {outage:g}.",
                        ),
                        "perception": Verdict(
                            verdict="undecided" if outage == 0.5 else "holds",
                            margin=ratio - 1,
                            reason=f"the intervals overlap at P_e = {outage:g}.",
                        ),
                    },
                )
            )
    fields = {
        "intrinsic_dim": estimate(DIM),
        "geometric_constant": estimate(CONSTANT, 0.4, reading="volume"),
        "rows": tuple(rows),
        "n_pairs": 4000,
        "n_groups": 1000,
    }
    return BoundCheck(**{**fields, **changes})


def bound_check_with_r4(**changes):
    """At the first SNR the law of i was not known; I is uncertain throughout."""
    result = bound_check(snr_db=(0, 5, 10), outages=(0.1,), **changes)
    rows = tuple(
        row.model_copy(
            update={
                "mi_interval_bits": (0.9 * row.mi_bits, 1.2 * row.mi_bits),
                "meta_converse": None
                if place == 0
                else estimate(1.13 * row.perception.value, 0.06, "meta-converse R4"),
            }
        )
        for place, row in enumerate(result.rows)
    )
    return result.model_copy(update={"rows": rows})


_SPHERE_2 = (
    # SNR, I, radius_posterior, radius_best, R4, R3, R1, (18) at P_e = 0.1 for the sphere S^2
    (-5.0, 0.596, 1.77, 1.66, 1.45, 1.18, 0.98, 1.15),
    (0.0, 1.44, 1.50, 1.30, 1.12, 0.87, 0.77, 0.86),
    (5.0, 2.887, 0.955, 0.78, 0.687, 0.552, 0.47, 0.520),
    (10.0, 4.49, 0.53, 0.42, 0.39, 0.31, 0.26, 0.298),
    (15.0, 6.14, 0.30, 0.235, 0.22, 0.175, 0.14, 0.168),
    (20.0, 7.80, 0.169, 0.132, 0.124, 0.098, 0.078, 0.0947),
)


def exact_case(outages=(0.5, 0.1, 0.01), n_rows=None, **changes):
    scale = {0.5: 0.55, 0.1: 1.0, 0.01: 1.42}
    rows = []
    for outage in outages:
        for snr, mi_bits, *radii, delta_star in _SPHERE_2[:n_rows]:
            names = (
                "radius_posterior",
                "radius_best",
                "meta_converse",
                "perception",
                "finite_outage_fano",
            )
            values = dict(zip(names, (min(2.0, scale[outage] * r) for r in radii), strict=True))
            simulated = {
                name: estimate(values[name], 0.01, "Monte Carlo")
                for name in ("radius_posterior", "radius_best", "meta_converse")
            }
            rows.append(
                ExactRow(
                    snr_db=snr,
                    outage_probability=outage,
                    mi_bits=mi_bits,
                    small_ball=values["perception"],
                    delta_star=delta_star,
                    monte_carlo=simulated,
                    **values,
                )
            )
    fields = {"case": "sphere", "dim": 2, "geometric_constant": 4.0, "rows": tuple(rows)}
    return ExactCase(**{**fields, **changes})


def run_record(result, kind="delta-star"):
    return RunRecord(
        kind=kind,
        elapsed_s=12.34,
        seed=7,
        created="2026-01-02T03:04:05+00:00",
        inputs=(
            InputFile(
                path="data/mnist <test>.npy", sha256="ab" * 32, n_points=N_POINTS, ambient_dim=784
            ),
        ),
        settings={"mi_bits": [2.0, 5.0], "fading": "none", "outage_probability": [0.1, 0.01]},
        results=result.to_dict(),
        warnings=(
            Notice(
                code="extrapolated",
                message="Beyond 25.6 bits the bounds are extrapolated by up to 2 octaves.",
            ),
        ),
    )


def mi_report(**changes):
    weak = estimate(1.21, None, "Donsker-Varadhan", side="lower_bound")
    fields = {
        "mi_bits": estimate(1.47, 0.02, "Gaussian copula", side="estimate"),
        "recommended": "gaussian_copula",
        "why": "Its assumptions passed their tests.",
        "estimates": {
            "gaussian_copula": estimate(1.47, 0.02, "Gaussian copula", side="estimate"),
            "ksg": estimate(1.31, 0.06, "nearest neighbours", side="estimate"),
            "donsker_varadhan": weak.model_copy(update={"standard_error": 0.03}),
            "gaussian_ceiling": estimate(1.62, None, "log-determinant", side="upper_bound"),
        },
        "n_pairs": N_POINTS,
        "n_duplicates": 0,
        "x_dim": 5,
        "y_dim": 5,
    }
    return MIReport(**(fields | changes))


def velocity_information():
    log_odds = tuple(-6.0 + 0.5 * k for k in range(20))
    squared = tuple(2.1 / (1.0 + math.exp(abs(lam + 1.5) - 1.5)) for lam in log_odds)
    return VelocityInformation(
        mi_bits=estimate(6.1, 0.02, "velocity gap", side="estimate"),
        squared_form_bits=estimate(6.15, 0.02, "velocity gap"),
        loss_gap_bits=estimate(6.02, 0.03, "loss gap"),
        disagreement_bits=estimate(0.13, None, "difference of the two forms"),
        misfit_bits=None,
        curve=IntegrandCurve(
            log_odds=log_odds,
            squared_form_bits=squared,
            squared_form_error_bits=tuple(0.02 + 0.01 * one for one in squared),
            loss_gap_bits=tuple(0.97 * one for one in squared),
            loss_gap_error_bits=tuple(0.04 + 0.02 * one for one in squared),
        ),
        t_range=(0.002, 0.98),
        lower_tail_bits=0.01,
        lower_tail_bound_bits=0.03,
        upper_tail_bits=0.0,
        upper_tail_bound_bits=0.002,
    )
