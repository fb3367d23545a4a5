"""Curves show the numbers they are given, sheets of images their pixels."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from jscgc_theory.plotting.image_sheet import draw_image_rows, image_sheet
from jscgc_theory.plotting.line_plot import Line, draw_lines, line_figure

ROOT = Line(label="root", x=(1.0, 4.0, 9.0), y=(1.0, 2.0, 3.0))
LABELS = {"x_label": "area (m²)", "y_label": "side (m)"}


def lines_by_gid(axes):
    return {line.get_gid(): line for line in axes.lines if line.get_gid()}


def test_lines_and_truth_hold_their_numbers():
    truth = Line(label="truth", x=(1.0, 9.0), y=(1.0, 3.5))
    axes = line_figure(
        [ROOT, Line(label="zero", x=(1.0,), y=(0.0,))], truth=[truth], **LABELS
    ).axes
    drawn = lines_by_gid(axes[0])
    assert set(drawn) == {"root", "zero", "truth"}
    for line in (ROOT, truth):
        assert tuple(drawn[line.label].get_xdata()) == line.x
        assert tuple(drawn[line.label].get_ydata()) == line.y
    assert (axes[0].get_xlabel(), axes[0].get_ylabel()) == ("area (m²)", "side (m)")


def test_a_label_that_several_truths_share_is_told_once():
    truths = [Line(label="truth", x=(0.0, 1.0), y=(0.0, end)) for end in (1.0, 2.0)]
    axes = line_figure([ROOT], truth=truths, **LABELS).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["truth", "root"]
    assert sorted(line.get_ydata()[1] for line in axes.lines if line.get_gid() == "truth") == [
        1,
        2,
    ]


def test_bands_are_the_intervals_and_gaps_where_there_are_none():
    axes = Figure().add_subplot()
    banded = Line(label="b", x=(1.0, 2.0, 3.0), y=(1.0, 2.0, 3.0), interval=[(0, 2), None, (2, 5)])
    draw_lines(axes, lines=[banded], **LABELS)
    corners = {
        tuple(corner) for path in axes.collections[0].get_paths() for corner in path.vertices
    }
    assert {(1.0, 0.0), (1.0, 2.0), (3.0, 2.0), (3.0, 5.0)} <= corners
    assert not any(x == 2.0 for x, _ in corners)


@pytest.mark.parametrize("log", ["", "x", "y", "xy"])
def test_axes_are_logarithmic_where_asked(log):
    axes = line_figure([ROOT], log=log, **LABELS).axes[0]
    assert axes.get_xscale() == ("log" if "x" in log else "linear")
    assert axes.get_yscale() == ("log" if "y" in log else "linear")


def test_a_logarithmic_axis_leaves_out_zero():
    axes = line_figure([Line(label="l", x=(1.0, 2.0), y=(0.0, 1.0))], log="y", **LABELS).axes[0]
    assert np.isnan(lines_by_gid(axes)["l"].get_ydata()[0])


def test_curves_differ_in_colour_line_and_marker():
    lines = [Line(label=str(place), x=(0.0, 1.0), y=(0.0, place)) for place in range(8)]
    drawn = line_figure(lines, **LABELS).axes[0].lines
    for look in ("get_color", "get_marker"):
        assert len({getattr(line, look)() for line in drawn}) == 8


def test_a_sheet_shows_the_pixels_a_row_a_label():
    rng = np.random.default_rng(0)
    grey, colour = rng.random((2, 3, 1, 4, 5)), rng.random((1, 3, 3, 4, 5))
    axes = Figure().add_subplot()
    draw_image_rows(axes, ["first", "second"], grey)
    shown = axes.images[0].get_array()
    assert shown.shape == (2 * 5, 3 * 6, 3)
    np.testing.assert_array_equal(shown[5:9, 6:11, 1], grey[1, 1, 0])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    (sheet,) = image_sheet({"all": colour[0]}).axes
    np.testing.assert_array_equal(
        sheet.images[0].get_array()[:4, 12:17], np.moveaxis(colour[0, 2], 0, -1)
    )


def test_a_sheet_is_as_tall_as_its_rows_need_and_a_page_at_most():
    images = np.zeros((8, 1, 8, 8))
    heights = [
        image_sheet({str(row): images for row in range(n_rows)}).get_size_inches()[1] - 0.1
        for n_rows in (1, 4, 1000)
    ]
    assert heights[1] == pytest.approx(4.0 * heights[0], rel=1e-9)
    assert heights[2] == pytest.approx(9.0, rel=1e-9)
