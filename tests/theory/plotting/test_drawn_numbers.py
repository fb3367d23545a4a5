"""Figures draw the numbers of their records, nothing else."""

import math

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jscgc_theory.analysis.curve import Curve
from jscgc_theory.errors import InputError
from jscgc_theory.plotting import pictures, plot
from jscgc_theory.records import Notice
from tests import example_records as ex


def lines_by_gid(ax: Axes):
    return {line.get_gid(): line for line in ax.lines if line.get_gid()}


def lines_by_label(ax: Axes):
    return {line.get_label(): line for line in ax.lines}


def band_vertices(collection):
    return {tuple(np.round(vertex, 9)) for vertex in collection.get_paths()[0].vertices}


def own_axes():
    return Figure().add_subplot()


@pytest.mark.parametrize("quantity", ["perception", "small_ball", "finite_outage_fano"])
@pytest.mark.parametrize("outage", [0.5, 0.1, 0.01])
def test_dataset_bound_curves_hold_the_rows(quantity, outage):
    record = ex.dataset_bound()
    line = lines_by_gid(plot(record, own_axes()))[f"{quantity}-{outage:g}"]
    rows = [row for row in record.rows if row.outage_probability == outage]
    assert list(line.get_xdata()) == [row.mi_bits for row in rows]
    assert list(line.get_ydata()) == [getattr(row, quantity).value for row in rows]


def test_r4_is_drawn_where_it_is_known():
    record = ex.bound_check_with_r4()
    line = lines_by_gid(plot(record, own_axes()))["meta_converse-0.1"]
    first, *others = line.get_ydata()
    assert math.isnan(first)
    assert others == [row.meta_converse.value for row in record.rows[1:]]
    assert "meta_converse" not in " ".join(lines_by_gid(plot(ex.bound_check(), own_axes())))


def test_rows_in_any_order_are_drawn_in_ascending_order():
    record = ex.dataset_bound()
    shuffled = record.model_copy(update={"rows": record.rows[::-1]})
    for gid, line in lines_by_gid(plot(record, own_axes())).items():
        other = lines_by_gid(plot(shuffled, own_axes()))[gid]
        assert list(line.get_xdata()) == list(other.get_xdata())
        assert list(line.get_ydata()) == list(other.get_ydata())


def test_delta_star_is_drawn_once():
    record = ex.dataset_bound()
    lines = lines_by_gid(plot(record, own_axes()))
    assert [gid for gid in lines if gid.startswith("delta_star")] == ["delta_star"]
    rows = [row for row in record.rows if row.outage_probability == 0.5]
    assert list(lines["delta_star"].get_ydata()) == [row.delta_star.value for row in rows]


def test_bands_are_the_intervals():
    record = ex.dataset_bound(outages=(0.1,))
    ax = plot(record, own_axes())
    band = band_vertices(ax.collections[0])
    for row in record.rows:
        low, high = row.perception.interval
        assert (round(row.mi_bits, 9), round(low, 9)) in band
        assert (round(row.mi_bits, 9), round(high, 9)) in band


def test_new_figure_has_a_panel_for_each_outage_probability_and_the_coincidence_curve():
    record = ex.dataset_bound()
    axes = plot(record).figure.axes
    assert len(axes) == 4
    for panel, outage in zip(axes, (0.5, 0.1, 0.01), strict=False):
        assert f"perception-{outage:g}" in lines_by_gid(panel)
    coincidence = next(line for line in axes[3].lines if "read from pairs" in line.get_label())
    assert tuple(coincidence.get_xdata()) == record.coincidence_curve.radius
    assert tuple(coincidence.get_ydata()) == record.coincidence_curve.count


def test_resolvable_information_is_marked_and_what_lies_beyond_is_shaded_and_named():
    record = ex.dataset_bound()
    ax = plot(record, own_axes())
    upright = [line for line in ax.lines if len(set(line.get_xdata())) == 1]
    assert [line.get_xdata()[0] for line in upright] == [record.resolvable_mi_bits]
    shade = next(patch for patch in ax.patches if patch.get_width() > 0)
    assert shade.get_x() == pytest.approx(record.resolvable_mi_bits)
    assert shade.get_x() + shade.get_width() == pytest.approx(ax.get_xlim()[1])
    assert any("extrapolated" in text.get_text() for text in ax.get_legend().get_texts())


def test_nothing_is_shaded_where_the_sample_resolves_everything():
    ax = plot(ex.dataset_bound(mi_bits=(2, 5, 10)), own_axes())
    assert not ax.patches
    assert not any("extrapolated" in text.get_text() for text in ax.get_legend().get_texts())


def test_everything_is_shaded_where_the_limit_lies_far_below():
    ax = plot(ex.dataset_bound(mi_bits=(900, 950, 1000)), own_axes())
    shade = next(patch for patch in ax.patches if patch.get_width() > 0)
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx(ax.get_xlim())


def test_one_information_is_listed_with_its_intervals():
    record = ex.dataset_bound(mi_bits=(40,), outages=(0.1, 0.01))
    ax = plot(record, own_axes())
    lines = lines_by_gid(ax)
    for row in record.rows:
        line = lines[f"perception-{row.outage_probability:g}"]
        assert list(line.get_xdata()) == [row.perception.value]
    assert "40" in ax.get_title(loc="right")
    assert "extrapolated" in ax.get_title(loc="right")
    drawn = {tuple(segment[:, 0]) for one in ax.collections for segment in one.get_segments()}
    assert {row.perception.interval for row in record.rows} <= drawn


def test_one_information_and_many_outage_probabilities_are_drawn_against_these():
    outages = (0.5, 0.2, 0.1, 0.01)
    record = ex.dataset_bound(mi_bits=(20,), outages=outages)
    line = lines_by_gid(plot(record, own_axes()))["perception"]
    assert list(line.get_xdata()) == sorted(outages)
    by_outage = {row.outage_probability: row.perception.value for row in record.rows}
    assert list(line.get_ydata()) == [by_outage[outage] for outage in sorted(outages)]


def test_check_draws_measured_radii_with_intervals_against_snr():
    record = ex.bound_check(outages=(0.1,))
    ax = plot(record, own_axes())
    line = lines_by_gid(ax)["measured_radius-0.1"]
    assert list(line.get_xdata()) == [row.snr_db for row in record.rows]
    assert list(line.get_ydata()) == [row.measured_radius.value for row in record.rows]
    bars = {tuple(segment[:, 1]) for segment in ax.collections[0].get_segments()}
    assert bars == {row.measured_radius.interval for row in record.rows}
    assert ax.get_xlabel() == "SNR (dB)"


def test_check_without_snr_is_drawn_against_information():
    record = ex.bound_check(outages=(0.1,))
    rows = tuple(row.model_copy(update={"snr_db": None}) for row in record.rows)
    ax = plot(record.model_copy(update={"rows": rows}), own_axes())
    assert list(lines_by_gid(ax)["perception-0.1"].get_xdata()) == [row.mi_bits for row in rows]
    assert "bits" in ax.get_xlabel()


@pytest.mark.parametrize(
    "quantity",
    ["radius_posterior", "radius_best", "meta_converse", "perception", "finite_outage_fano"],
)
def test_exact_case_curves_hold_the_rows(quantity):
    record = ex.exact_case()
    line = lines_by_gid(plot(record, own_axes()))[f"{quantity}-0.1"]
    rows = [row for row in record.rows if row.outage_probability == 0.1]
    assert list(line.get_xdata()) == [row.snr_db for row in rows]
    assert list(line.get_ydata()) == [getattr(row, quantity) for row in rows]


def test_exact_case_bands_are_the_simulation_intervals():
    record = ex.exact_case(outages=(0.1,))
    band = band_vertices(plot(record, own_axes()).collections[0])
    for row in record.rows:
        low, high = row.monte_carlo["radius_posterior"].interval
        assert {(row.snr_db, round(low, 9)), (row.snr_db, round(high, 9))} <= band


def test_scale_scan_and_plateau_and_recommendation():
    record = ex.dimension_report()
    ax = plot(record, own_axes())
    lines = lines_by_label(ax)
    scan = lines["$d$ at this scale"]
    assert list(scan.get_xdata()) == [point.radius for point in record.scale_scan]
    assert list(scan.get_ydata()) == [point.intrinsic_dim for point in record.scale_scan]
    plateau = [value for value in lines["plateau"].get_ydata() if math.isfinite(value)]
    assert plateau == [p.intrinsic_dim for p in record.scale_scan if p.on_plateau]
    assert set(lines["recommended"].get_ydata()) == {record.intrinsic_dim.value}
    low, high = record.intrinsic_dim.interval
    assert (ax.patches[0].get_y(), ax.patches[0].get_y() + ax.patches[0].get_height()) == (
        pytest.approx((low, high))
    )


def test_estimators_are_markers_with_their_names():
    record = ex.dimension_report()
    ax = plot(record).figure.axes[1]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == list(record.estimates)
    markers = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert markers == [one.value for one in record.estimates.values()]


def test_integrands_of_a_velocity_field():
    record = ex.velocity_information()
    lines = lines_by_label(plot(record, own_axes()))
    for label, values in (
        ("velocity gap", record.curve.squared_form_bits),
        ("loss gap", record.curve.loss_gap_bits),
    ):
        assert tuple(lines[label].get_xdata()) == record.curve.log_odds
        assert tuple(lines[label].get_ydata()) == values


def test_informations_are_markers_and_bounds_are_arrow_heads():
    record = ex.mi_report()
    ax = plot(record, own_axes())
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == list(record.estimates)
    drawn = [
        (line.get_marker(), line.get_xdata()[0]) for line in ax.lines if line.get_marker() in "D<>"
    ]
    marks = {"estimate": "D", "lower_bound": ">", "upper_bound": "<"}
    assert drawn == [(marks[one.details["side"]], one.value) for one in record.estimates.values()]
    assert set(lines_by_label(ax)["recommended"].get_xdata()) == {record.mi_bits.value}


def test_covering_curves_and_power_laws():
    record = ex.covering_report()
    ax = plot(record, own_axes())
    lines = lines_by_label(ax)
    for name, label in (("coincidence", "$1/q$ (volume)"), ("covering", "covering")):
        assert tuple(lines[label].get_xdata()) == record.curves[name].radius
        assert tuple(lines[label].get_ydata()) == record.curves[name].count
    laws = [line for line in ax.lines if line.get_label() == "_power law"]
    constants = [
        line.get_ydata()[0] * line.get_xdata()[0] ** record.intrinsic_dim.value for line in laws
    ]
    expected = [record.readings[name].value for name in ("volume", "covering", "packing")]
    assert constants == pytest.approx(expected)
    assert all(line.get_ydata()[1] >= 1.0 - 1e-9 for line in laws)


def test_pictures_tell_their_numbers_in_words():
    (picture,) = pictures(ex.exact_case(outages=(0.1,)))
    assert "1.66 at -5 dB to 0.132 at 20 dB" in picture.description
    assert "0.1" in picture.caption


def test_many_outage_probabilities_give_four_pictures_and_say_so():
    outages = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05)
    found = pictures(ex.dataset_bound(outages=outages))
    assert len(found) == 5
    assert "4 of 6" in found[0].caption
    assert len({picture.name for picture in found}) == len(found)


def test_a_record_without_picture_is_refused_with_a_remedy():
    notice = Notice(code="a", message="b")
    with pytest.raises(InputError, match=r"Notice has no picture.*to_frame"):
        notice.plot()
    assert pictures(notice) == ()


def test_record_plot_is_the_same_door():
    record = ex.covering_report()
    ax = own_axes()
    assert record.plot(ax) is ax
    assert lines_by_label(ax).keys() == lines_by_label(record.plot()).keys()


def test_power_law_of_unusable_numbers_is_left_out():
    broken = ex.covering_report(intrinsic_dim=ex.estimate(math.nan, None))
    assert not [line for line in plot(broken).lines if line.get_label() == "_power law"]
    flat = Curve(radius=(1.0, 2.0), count=(1e-3, 1e-4))
    below = ex.covering_report(curves={"coincidence": flat}, readings={"volume": ex.estimate(0.1)})
    assert not [line for line in plot(below).lines if line.get_label() == "_power law"]
