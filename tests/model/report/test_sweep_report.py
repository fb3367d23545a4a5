"""Every number of a sweep is on its page and in its pictures."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from jscgc_model.report import sweep_content, sweep_pictures
from jscgc_model.report.drawn_image_pictures import draw_factor_errors
from jscgc_model.report.image_grid import draw_examples
from jscgc_theory.plotting import pictures, plot
from jscgc_theory.records.formatting import format_estimate, format_number
from jscgc_theory.report import write_report
from jscgc_theory.report.content import content_of
from tests import example_records as ex
from tests.model.report.example_sweeps import FACTORS, SNR_DB, system_sweep

SWEEP = system_sweep()


def shown(estimate):
    return format_estimate(estimate.value, estimate.interval)


def own_axes():
    return Figure().add_subplot()


def lines_by_gid(ax):
    return {line.get_gid(): line for line in ax.lines if line.get_gid()}


def test_it_says_what_is_transmitted_and_how_far_it_errs():
    content = content_of(SWEEP)
    first, last = SWEEP.information[0], SWEEP.information[-1]
    assert f"transmits {shown(first.mi_bits)} bits at -5 dB" in content.answer
    assert f"{shown(last.mi_bits)} bits at 10 dB" in content.answer
    assert "comparisons with bounds at finite P_e" in content.answer
    assert format_number(SWEEP.rows[0].measured_radius.value, 3) in content.answer


def test_tables_hold_every_number():
    tables = {table.caption: table for table in content_of(SWEEP).tables}
    information = tables["Information that is transmitted, with intervals"]
    for row, one in zip(information.rows, SWEEP.information, strict=True):
        assert row[:3] == (
            format_number(one.snr_db),
            shown(one.mi_bits),
            shown(one.velocity.mi_bits),
        )
        assert row[4:] == (format_number(one.capacity_bits), one.mi_bits.method)
    claims = [
        row[3].partition(shown(one.channel))[0] if one.channel else row[3]
        for row, one in zip(information.rows, SWEEP.information, strict=True)
    ]
    assert claims == ["", "at most ", "at most ", "not known"]
    drawn = tables["Generated images: on the manifold, and with which meaning"]
    for row, one in zip(drawn.rows, SWEEP.drawn_images.rows, strict=True):
        estimates = (
            one.generated_distance,
            one.reconstructed_distance,
            *one.factor_errors.values(),
            one.radius,
            one.shuffled_radius,
        )
        assert row[1:-1] == tuple(shown(estimate) for estimate in estimates)
        assert row[-1] == format_number(one.radius_ratio, 3)
    detail = tables["The velocity gap in detail (bits)"]
    assert detail.rows[0][1] == shown(SWEEP.information[0].velocity.squared_form_bits)
    assert {"Measured radius and bounds, with intervals", "Verdicts"} <= set(tables)


def test_systems_of_other_sources_say_nothing_of_drawn_images():
    plain = system_sweep(drawn_images=None)
    captions = [table.caption for table in content_of(plain).tables]
    assert not any("manifold" in caption for caption in captions)
    assert [one.name for one in pictures(plain)] == ["radius", "information"]
    assert len(plot(plain).figure.axes) == 2


def test_one_snr_is_told_once():
    one = system_sweep(information=SWEEP.information[:1], rows=SWEEP.rows[:1], drawn_images=None)
    answer = content_of(one).answer
    assert "transmits" in answer
    assert " and " not in answer.partition("Its radius")[0]


@pytest.mark.figures
def test_the_page_stands_alone_with_its_figures(tmp_path):
    page = write_report(ex.run_record(SWEEP, "sweep"), SWEEP, tmp_path)
    names = {file.stem for file in tmp_path.glob("*.pdf")}
    assert names == {"radius", "information", "realism_and_meaning", "examples"}
    html = page.read_text(encoding="utf-8")
    assert html.count("data:image/svg+xml") == 4
    # Like numbers of many SNRs are told once among the methods.
    assert html.count('<th scope="row">drawn images, radius</th>') == 0
    assert html.count("drawn images, rows, radius") == 1


def test_information_is_drawn_as_recorded():
    ax = own_axes()
    sweep_pictures.draw_information(ax, SWEEP.information)
    lines = lines_by_gid(ax)
    values = [one.mi_bits.value for one in SWEEP.information]
    assert list(lines["mi_bits"].get_xdata()) == list(SNR_DB)
    assert list(lines["mi_bits"].get_ydata()) == values
    gaps = [one.velocity.mi_bits.value for one in SWEEP.information]
    assert list(lines["velocity_gap"].get_ydata()) == gaps[:3]
    # A field not yet learned must not squeeze the rest of the picture.
    assert list(lines["off_scale"].get_xdata()) == [10.0]
    top = ax.get_ylim()[1]
    assert lines["off_scale"].get_ydata()[0] < top < gaps[-1]
    labels = {text.get_text() for text in ax.get_legend().get_texts()}
    assert {"capacity R6", "known channel", "known channel, at most"} <= labels


def test_distances_and_errors_are_drawn_as_recorded():
    drawn = SWEEP.drawn_images
    lines = lines_by_gid(plot(drawn, own_axes()))
    for gid, field in (
        ("generations", "generated_distance"),
        ("reconstructions", "reconstructed_distance"),
    ):
        assert list(lines[gid].get_ydata()) == [getattr(row, field).value for row in drawn.rows]
    ax = own_axes()
    draw_factor_errors(ax, drawn)
    for name in FACTORS:
        values = [row.factor_errors[name].value for row in drawn.rows]
        assert list(lines_by_gid(ax)[name].get_ydata()) == values


def test_examples_are_the_pixels_of_the_record():
    ax = own_axes()
    grid = SWEEP.drawn_images.examples
    draw_examples(ax, grid)
    mosaic = np.asarray(ax.images[0].get_array())
    for row, column in ((0, 0), (2, 5), (4, 7)):
        top, left = 17 * row, 17 * column
        shown_pixels = mosaic[top : top + 16, left : left + 16]
        for colour in range(3):
            np.testing.assert_array_equal(shown_pixels[..., colour], grid.pixels()[row, column, 0])
    assert [text.get_text() for text in ax.get_yticklabels()] == list(grid.labels)


def test_a_new_figure_shows_radii_information_and_realism():
    axes = plot(SWEEP).figure.axes
    assert len(axes) == 3
    assert "measured_radius-0.1" in lines_by_gid(axes[0])
    assert "mi_bits" in lines_by_gid(axes[1])
    assert "generations" in lines_by_gid(axes[2])
    alone = plot(SWEEP, own_axes())
    assert "measured_radius-0.1" in lines_by_gid(alone)
    assert len(plot(SWEEP.drawn_images).figure.axes) == 2


def test_pictures_are_described_in_words():
    for picture in pictures(SWEEP):
        assert picture.caption
        assert len(picture.description) > 30
    told = {one.name: one.description for one in pictures(SWEEP)}
    assert "5 dB: I 10.70" in told["information"]
    assert "generations 0.0071" in told["realism_and_meaning"]


def test_terms_explain_the_new_words():
    terms = dict(content_of(SWEEP).terms)
    assert {"velocity gap", "known channel", "reconstruction", "shuffled"} <= set(terms)
    assert sweep_content.information_table(SWEEP.information).rows
