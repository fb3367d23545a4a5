"""Figures read well, leave no trace in Matplotlib's settings, and are the same bytes each time."""

import itertools
import math
import subprocess
import sys

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from jscgc_theory.analysis.curve import Curve
from jscgc_theory.errors import InputError
from jscgc_theory.plotting import (
    DOUBLE_COLUMN_INCHES,
    SINGLE_COLUMN_INCHES,
    pictures,
    plot,
    save_figure,
)
from jscgc_theory.plotting.style import LOOKS
from tests import example_records as ex

NAN, INF = math.nan, math.inf


def no_intervals(record):
    rows = tuple(
        row.model_copy(
            update={
                name: getattr(row, name).model_copy(update={"interval": None})
                for name in ("perception", "small_ball", "finite_outage_fano", "delta_star")
            }
        )
        for row in record.rows
    )
    return record.model_copy(update={"rows": rows})


def with_values(record, *values):
    cycle = itertools.cycle(values)
    rows = tuple(
        row.model_copy(
            update={
                name: ex.estimate(next(cycle), None)
                for name in ("perception", "small_ball", "finite_outage_fano", "delta_star")
            }
        )
        for row in record.rows
    )
    return record.model_copy(update={"rows": rows})


EMPTY = Curve(radius=(), count=())
ODD = Curve(
    radius=(0.0, 1.0, 2.0, INF), count=(INF, 4.0, NAN, 0.0), standard_error=(1.0, 9.0, NAN, 1.0)
)
ONE = (0.1,)
TWO = (0.5, 0.1)
USUAL = {
    "dataset_bound": ex.dataset_bound(outages=TWO),
    "one information": ex.dataset_bound(mi_bits=(40,), outages=(0.1, 0.01)),
    "many outages": ex.dataset_bound(mi_bits=(20,), outages=(0.5, 0.2, 0.1, 0.01, 0.001)),
    "many estimators": ex.dimension_report(names=tuple(f"estimator {k}" for k in range(14))),
    "covering": ex.covering_report(),
    "check": ex.bound_check(outages=TWO),
    "check at one SNR": ex.bound_check(snr_db=(5,), outages=(0.1, 0.01)),
    "exact": ex.exact_case(outages=ONE),
    "information": ex.mi_report(),
    "velocity gap": ex.velocity_information(),
}
UNUSUAL = {
    "no intervals": no_intervals(ex.dataset_bound(outages=ONE)),
    "not finite": with_values(ex.dataset_bound(outages=ONE), NAN, INF, -INF, 0.0, 1.0),
    "all not a number": with_values(ex.dataset_bound(outages=ONE), NAN),
    "all zero": with_values(ex.dataset_bound(outages=ONE), 0.0),
    "no rows": ex.dataset_bound(rows=(), coincidence_curve=EMPTY),
    "one row": ex.dataset_bound(mi_bits=(7,), outages=(0.1,)),
    "one infinite row": with_values(ex.dataset_bound(mi_bits=(7,), outages=(0.1,)), INF),
    "zero information": ex.dataset_bound(mi_bits=(0, 10), outages=ONE),
    "wide information": ex.dataset_bound(mi_bits=(1, 10, 100, 2000), outages=ONE),
    "many rows": ex.dataset_bound(mi_bits=tuple(range(1, 2001)), outages=(0.1,)),
    "odd curve": ex.dataset_bound(outages=ONE, coincidence_curve=ODD, resolvable_mi_bits=INF),
    "nothing resolvable": ex.dataset_bound(outages=ONE, resolvable_mi_bits=0.0),
    "empty curves": ex.covering_report(curves=dict.fromkeys(("coincidence", "covering"), EMPTY)),
    "no curves": ex.covering_report(curves={}, readings={}),
    "odd curves": ex.covering_report(curves={"coincidence": ODD, "unheard of": ODD}),
    "huge counts": ex.covering_report(
        curves={"packing": Curve(radius=(1e-200, 1.0), count=(1e300, 1.0))},
        intrinsic_dim=ex.estimate(2.0),
    ),
    "no scan": ex.dimension_report(scale_scan=()),
    "no estimators": ex.dimension_report(names=()),
    "one scale": ex.dimension_report(scale_scan=ex.dimension_report().scale_scan[:1]),
    "unknown dimension": ex.dimension_report(
        intrinsic_dim=ex.estimate(NAN, None),
        estimates={"a": ex.estimate(INF, None)},
        scale_scan=tuple(
            point.model_copy(update={"intrinsic_dim": NAN, "interval": (NAN, INF), "radius": 0.0})
            for point in ex.dimension_report().scale_scan
        ),
    ),
    "wide range of information": ex.mi_report(
        estimates={"a": ex.estimate(0.01, side="estimate"), "b": ex.estimate(900.0, None)}
    ),
    "negative information": ex.mi_report(estimates={"a": ex.estimate(-0.01, None)}),
    "unknown information": ex.mi_report(
        mi_bits=ex.estimate(NAN, None), estimates={"a": ex.estimate(INF, None)}
    ),
    "no checks": ex.bound_check(rows=()),
    "exact, one row": ex.exact_case(outages=(0.1,), n_rows=1),
    "exact, no rows": ex.exact_case(rows=()),
}


def drawn(figure: Figure):
    FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.figures
@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_records_draw_without_warnings(name):
    drawn(plot(UNUSUAL[name]).get_figure(root=True))
    assert all(picture.description for picture in pictures(UNUSUAL[name]))
    ax = Figure().add_subplot()
    assert plot(UNUSUAL[name], ax) is ax
    drawn(ax.figure)


def visible_boxes(texts):
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    return [box for box in boxes if box.width > 0 and box.height > 0]


def overlapping(boxes):
    return [
        (first, second)
        for first, second in itertools.combinations(boxes, 2)
        if _cross(first, second)
    ]


def _cross(first, second):
    wide = min(first.x1, second.x1) - max(first.x0, second.x0)
    high = min(first.y1, second.y1) - max(first.y0, second.y0)
    return wide > 0.5 and high > 0.5


def ticks_in_view(axis):
    low, high = sorted(axis.get_view_interval())
    marks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
    return [label for place, label in marks if low <= place <= high]


def text_boxes(ax):
    boxes = visible_boxes([*ticks_in_view(ax.xaxis), *ticks_in_view(ax.yaxis)])
    titles = [ax.title, ax._left_title, ax._right_title]
    boxes += visible_boxes([ax.xaxis.label, ax.yaxis.label, *titles])
    legend = ax.get_legend()
    return boxes if legend is None else [*boxes, legend.get_window_extent()]


def judge(figure, widths):
    assert figure.get_figwidth() in widths
    drawn(figure)
    boxes = [box for ax in figure.axes for box in text_boxes(ax)]
    assert overlapping(boxes) == []
    for box in boxes:
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.x1 + 1
        assert box.y1 <= figure.bbox.y1 + 1
        assert not any(_cross(box, ax.bbox) for ax in figure.axes)
    units = ("(data units)", "(bits)", "(dB)", "(nats)", "dimension", "probability")
    for ax in figure.axes:
        assert any(unit in ax.get_xlabel() for unit in units)


@pytest.mark.figures
@pytest.mark.parametrize("name", USUAL)
def test_figures_fit_their_column_without_overlap_and_with_units(name):
    judge(plot(USUAL[name]).get_figure(root=True), (SINGLE_COLUMN_INCHES, DOUBLE_COLUMN_INCHES))
    for picture in pictures(USUAL[name]):
        judge(picture.figure, (SINGLE_COLUMN_INCHES,))


def test_text_is_eight_points_everywhere():
    figure = drawn(plot(USUAL["exact"]).get_figure(root=True))
    sizes = set()
    for ax in figure.axes:
        texts = [*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.get_legend().get_texts()]
        sizes |= {text.get_fontsize() for text in [*texts, ax.xaxis.label, ax.yaxis.label]}
    assert sizes == {8.0}


def test_every_quantity_differs_in_colour_or_line_and_in_marker_within_a_figure():
    for names in (
        ("measured_radius", "perception", "small_ball", "finite_outage_fano", "delta_star"),
        ("radius_posterior", "radius_best", "meta_converse", "perception", "delta_star"),
        ("volume", "covering", "packing"),
    ):
        looks = [LOOKS[name] for name in names]
        assert len({look.marker for look in looks}) == len(looks)
        assert len({look.color for look in looks}) == len(looks)


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_the_same_record_gives_the_same_bytes(ending, tmp_path):
    first, second = (
        save_figure(plot(ex.dimension_report()).get_figure(root=True), tmp_path / f"{k}.{ending}")
        for k in (1, 2)
    )
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"1.{ending}", f"2.{ending}"]


def test_pdf_embeds_truetype_and_no_date(tmp_path):
    path = save_figure(
        plot(ex.covering_report()).get_figure(root=True), tmp_path / "deep" / "a.pdf"
    )
    content = path.read_bytes()
    assert b"/CIDFontType2" in content
    assert b"/Subtype /Type3" not in content
    assert b"CreationDate" not in content


def test_unknown_ending_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no known picture format; end it in \.pdf"):
        save_figure(Figure(), tmp_path / "figure.bmp")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    figure = Figure()
    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        save_figure(figure, tmp_path / "figure.pdf")
    assert list(tmp_path.iterdir()) == []


def test_settings_of_matplotlib_stay_as_they_were():
    before = dict(mpl.rcParams)
    drawn(plot(ex.exact_case()).get_figure(root=True))
    assert dict(mpl.rcParams) == before


def test_axes_of_the_caller_keep_their_style_and_size():
    figure = Figure(figsize=(5.0, 4.0))
    ax = figure.add_subplot()
    size = ax.xaxis.label.get_fontsize()
    plot(ex.bound_check(), ax)
    assert tuple(figure.get_size_inches()) == (5.0, 4.0)
    assert ax.xaxis.label.get_fontsize() == size


def test_no_window_system_is_touched():
    program = (
        "import sys\n"
        "from tests import example_records as ex\n"
        "ex.covering_report().plot()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"
