"""A sweep with plausible numbers, made by hand, for tests of pages and pictures."""

import numpy as np

from jscgc_model.verification.drawn_image_report import DrawnImageReport, DrawnImageRow
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_model.verification.snr_sweep import SystemSweep
from jscgc_model.verification.system_information import SystemInformation
from tests import example_records as ex

SNR_DB = (-5.0, 0.0, 5.0, 10.0)
FACTORS = ("x", "size")


def information():
    """The channel is an estimate, then a bound, then not known; the last gap is off the scale."""
    sides = ("estimate", "upper_bound", "upper_bound", None)
    rows = []
    for place, (snr_db, side) in enumerate(zip(SNR_DB, sides, strict=True)):
        bits = 4.1 + 3.3 * place
        velocity = ex.velocity_information()
        gap = ex.estimate(170.0 if side is None else 1.02 * bits, 0.03, "velocity gap")
        channel = None
        if side is not None:
            spread = 0.04 if side == "estimate" else None
            channel = ex.estimate(1.1 * bits, spread, "channel", side=side)
        rows.append(
            SystemInformation(
                snr_db=snr_db,
                mi_bits=ex.estimate(bits, 0.05, f"way {place}", side="estimate"),
                fields_agree=side is not None,
                velocity=velocity.model_copy(update={"mi_bits": gap}),
                channel=channel,
                capacity_bits=6.3 + 14.2 * place,
            )
        )
    return tuple(rows)


def drawn_images():
    rows = tuple(
        DrawnImageRow(
            snr_db=snr_db,
            factor_errors={
                name: ex.estimate((0.21 + 0.03 * k) / (1 + place), 0.06, "mean over images")
                for k, name in enumerate(FACTORS)
            },
            generated_distance=ex.estimate(0.0071 - 0.0007 * place, 0.05, "mean over images"),
            reconstructed_distance=ex.estimate(0.031 - 0.004 * place, 0.05, "mean over images"),
            radius=ex.estimate(2.9 / (1 + place), 0.05, "order statistics"),
            shuffled_radius=ex.estimate(4.9, 0.03, "order statistics"),
        )
        for place, snr_db in enumerate(SNR_DB)
    )
    images = np.random.default_rng(0).random((8, 1, 16, 16))
    labels = ["source"] + [f"{kind}, {s:g} dB" for kind in ("generated",) for s in SNR_DB]
    return DrawnImageReport(
        factors=FACTORS,
        source_distance=ex.estimate(1.3e-8, 0.1, "mean over images"),
        rows=rows,
        examples=PixelGrid.from_rows(dict.fromkeys(labels, images)),
    )


def system_sweep(**changes):
    checked = ex.bound_check(snr_db=SNR_DB, outages=(0.1,))
    fields = {name: getattr(checked, name) for name in type(checked).model_fields}
    fields |= {"information": information(), "drawn_images": drawn_images()}
    return SystemSweep(**(fields | changes))
