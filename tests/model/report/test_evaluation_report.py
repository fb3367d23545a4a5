"""The page and pictures of an evaluation show the numbers of its record."""

import math

import numpy as np

from jscgc_model.evaluation import EvaluationReport, SystemRow
from jscgc_model.report.evaluation_content import evaluation_content
from jscgc_model.report.evaluation_pictures import evaluation_pictures, metric_panels
from jscgc_model.report.image_grid import grid_figure
from jscgc_model.report.judge_content import judge_content
from jscgc_model.training.judge_training import JudgeReport
from jscgc_model.verification.pixel_grid import PixelGrid
from jscgc_theory.plotting import figure_bytes
from jscgc_theory.records import Estimate
from jscgc_theory.report.content import told

SYSTEMS = ("JSCGC", "CJSCC")
SNR_DB = (5.0, -5.0)


def psnr(value):
    return Estimate(
        value=value,
        interval=None if math.isinf(value) else (value - 0.3, value + 0.2),
        method="PSNR",
        details={"better": "higher", "units": "dB"},
    )


def distance(value):
    return Estimate(
        value=value,
        interval=(value - 1.0, value + 1.0),
        method="Frechet distance",
        details={"better": "lower", "units": "squared feature distance"},
    )


def example_report(n_draws=2):
    rows = [
        SystemRow(
            system=system,
            snr_db=level,
            metrics={
                "psnr": psnr(20.0 + place + 0.1 * level),
                "fd_cifar_cnn": distance(30.0 + 5.0 * place - level),
            },
            draw_values={"psnr": (20.0, 20.4), "fd_cifar_cnn": (30.0, 31.0)},
            n_images=12,
            n_symbols=128.0,
            bandwidth_ratio=1 / 6,
            side_symbols=0.5,
            capacity_bits=263.7,
            ms_per_image=3.21,
            n_parameters=123456,
            n_steps=9 if place == 0 else None,
        )
        for place, system in enumerate(SYSTEMS)
        for level in SNR_DB
    ]
    rng = np.random.default_rng(0)
    labels = ["source", *(f"{row.system}, {row.snr_db:g} dB" for row in rows)]
    examples = PixelGrid.from_rows({label: rng.random((3, 3, 8, 8)) for label in labels})
    return EvaluationReport(rows=tuple(rows), n_draws=n_draws, examples=examples)


def test_tables_hold_what_the_record_holds():
    report = example_report()
    tables = {table.caption: table for table in evaluation_content(report).tables}
    psnr_table = tables["psnr (dB), higher is better, over the SNR"]
    assert psnr_table.columns == ("system", "5 dB", "-5 dB")
    for system, *cells in psnr_table.rows:
        values = {row.snr_db: row.metrics["psnr"] for row in report.of_system(system)}
        assert cells == [told(values[level]) for level in SNR_DB]
    for row, cells in zip(report.rows, tables["What it cost"].rows, strict=True):
        assert cells[:2] == (row.system, f"{row.snr_db:g}")
        assert cells[-2:] == ("123,456", "" if row.n_steps is None else "9")
    spread = tables["Standard deviation of each metric from draw to draw"]
    assert {row[2] for row in spread.rows} == {f"{math.sqrt(0.08):.2g}"}


def test_the_answer_names_the_best_in_the_better_direction():
    answer = evaluation_content(example_report()).answer
    one = "dB CJSCC is best by psnr; JSCGC is best by fd_cifar_cnn."
    assert answer == f"At -5 {one} At 5 {one}"


def test_without_several_draws_there_is_no_spread():
    captions = [table.caption for table in evaluation_content(example_report(1)).tables]
    assert not any("draw to draw" in caption for caption in captions)


def test_curves_are_the_values_and_bars_the_intervals():
    report = example_report()
    figure = metric_panels(report, report.metrics)
    for axes, metric in zip(figure.axes, report.metrics, strict=True):
        lines = {line.get_gid(): line for line in axes.get_lines()}
        for system in SYSTEMS:
            rows = report.of_system(system)
            line = lines[f"{metric}/{system}"]
            assert list(line.get_xdata()) == [-5.0, 5.0]
            assert list(line.get_ydata()) == [row.metrics[metric].value for row in rows]
        bars = [segment for one in axes.collections for segment in one.get_segments()]
        expected = [
            (row.snr_db, *row.metrics[metric].interval)
            for system in SYSTEMS
            for row in report.of_system(system)
        ]
        found = [(bar[0][0], bar[0][1], bar[1][1]) for bar in bars]
        np.testing.assert_allclose(found, expected)
    assert len({line.get_marker() for line in figure.axes[0].get_lines()}) == 2
    assert len({line.get_linestyle() for line in figure.axes[0].get_lines()}) == 2


def test_an_infinite_value_leaves_a_gap():
    row = example_report().rows[0]
    perfect = row.model_copy(update={"metrics": {"psnr": psnr(math.inf)}})
    figure = metric_panels(EvaluationReport(rows=(perfect,), n_draws=1), ["psnr"])
    assert math.isnan(figure.axes[0].get_lines()[0].get_ydata()[0])
    assert figure_bytes(figure, "svg")


def test_pictures_have_words_and_fit_a_page():
    curves, sheet = evaluation_pictures(example_report())
    assert "CJSCC at -5 dB: psnr 20.50 [20.20, 20.70]" in curves.description
    assert sheet.description.startswith("3 images in rows: source, JSCGC, 5 dB")
    many = {f"system {place}": np.zeros((2, 1, 8, 8)) for place in range(60)}
    for figure in (curves.figure, sheet.figure, grid_figure(PixelGrid.from_rows(many))):
        width, height = figure.get_size_inches()
        assert width <= 7.16
        assert height <= 9.1


def test_what_is_said_of_a_judge():
    accuracy = Estimate(value=0.78, interval=(0.77, 0.79), method="share", n_points_used=10000)
    content = judge_content(
        JudgeReport(
            name="cifar_cnn",
            classes=("cat", "dog"),
            side=16,
            n_parameters=308266,
            n_training_images=50000,
            n_steps=4000,
            last_loss=0.99,
            train_seconds=640.0,
            held_out_accuracy=accuracy,
        )
    )
    assert content.answer == (
        f"It names the class of {told(accuracy)} of 10000 images that it has not seen."
    )
    assert "308,266" in content.tables[0].rows[0]
