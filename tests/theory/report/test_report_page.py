"""A page is whole, stands alone, says every number, and appears only when complete."""

import base64
import math
import os
import re
from html.parser import HTMLParser

import pytest

from jscgc_theory.errors import InputError
from jscgc_theory.records import Estimate, Notice, Record
from jscgc_theory.records.formatting import format_estimate, format_number
from jscgc_theory.report import Section, build, write_report, write_report_sections
from jscgc_theory.report.all_contents import content_of
from tests import example_records as ex

VOID = {"meta", "img", "br", "link", "hr", "input"}
RESULTS = {
    "dataset bound": ex.dataset_bound(outages=(0.1, 0.01)),
    "one information": ex.dataset_bound(mi_bits=(40,), outages=(0.1,)),
    "dimension": ex.dimension_report(),
    "covering": ex.covering_report(),
    "check": ex.bound_check(outages=(0.5,)),
    "exact": ex.exact_case(outages=(0.1,)),
    "information": ex.mi_report(),
}


class Page(HTMLParser):
    """Reads a page and complains where it is not well formed."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.texts, self.elements = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def read(path):
    return Page(path.read_text(encoding="utf-8"))


def estimates_in(value):
    if isinstance(value, Estimate):
        yield value
    elif isinstance(value, Record):
        for _, inner in value:
            yield from estimates_in(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from estimates_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from estimates_in(inner)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    return {
        name: write_report(ex.run_record(result), result, folder / name.replace(" ", "_"))
        for name, result in RESULTS.items()
    }


@pytest.mark.parametrize("name", RESULTS)
def test_page_is_well_formed_and_accessible(name, written):
    page = read(written[name])
    assert page.all("html") == [{"lang": "en"}]
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))
    assert all(image["alt"].strip() for image in page.all("img"))
    assert all(head["scope"] in ("col", "row") for head in page.all("th"))
    anchors = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(set(anchors)) == len(anchors)
    labelled = {attrs["aria-labelledby"] for attrs in page.all("section")}
    assert labelled <= set(anchors)
    assert page.all("title")
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("name", RESULTS)
def test_page_asks_nothing_of_the_network(name, written):
    html = written[name].read_text(encoding="utf-8")
    page = Page(html)
    assert not page.all("script")
    assert not page.all("link")
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html.split("<body>")[0])
    for _, attrs in page.elements:
        for kind in ("src", "srcset", "poster", "data"):
            assert attrs.get(kind, "data:").startswith("data:")
        target = attrs.get("href")
        assert target is None or (written[name].parent / target).is_file()
    for image in page.all("img"):
        picture = base64.b64decode(image["src"].split(",")[1]).decode("utf-8")
        assert "<image" not in picture
        assert not re.search(r'href="(?!#)', picture)


@pytest.mark.parametrize("name", RESULTS)
def test_every_number_of_the_record_is_on_the_page(name, written):
    text, result = read(written[name]).text, RESULTS[name]
    for estimate in estimates_in(result):
        assert format_estimate(estimate.value, estimate.interval) in text
    for row in getattr(result, "rows", ()):
        assert format_number(row.mi_bits) in text
        assert format_number(row.outage_probability) in text
    for point in getattr(result, "scale_scan", ()):
        assert format_number(point.radius) in text
    for curve in getattr(result, "curves", {}).values():
        assert all(format_number(count) in text for count in curve.count)


def test_r4_and_the_doubt_of_i_are_on_the_page_where_they_are_known(tmp_path, written):
    result = ex.bound_check_with_r4()
    text = read(write_report(ex.run_record(result), result, tmp_path)).text
    for row in result.rows:
        assert format_estimate(row.mi_bits, row.mi_interval_bits) in text
        for bound in (row.perception, row.meta_converse):
            assert bound is None or format_estimate(bound.value, bound.interval) in text
    assert "the whole law of the information density" in text
    assert "R4" not in read(written["check"]).text.partition("How to cite")[0]


def test_exact_numbers_are_on_the_page_besides_their_simulation(written):
    text = read(written["exact"]).text
    for row in RESULTS["exact"].rows:
        radii = (row.radius_posterior, row.radius_best, row.meta_converse, row.perception)
        for value in (*radii, row.finite_outage_fano, row.small_ball, row.delta_star):
            assert format_number(value) in text


@pytest.mark.parametrize("name", RESULTS)
def test_question_warnings_inputs_settings_versions_and_citation(name, written):
    page, run = read(written[name]), ex.run_record(RESULTS[name])
    assert content_of(RESULTS[name]).question in page.text
    assert content_of(RESULTS[name]).answer in page.text
    notices = [*run.warnings, *RESULTS[name].notices]
    assert all(notice.message in page.text for notice in notices)
    source = run.inputs[0]
    for told in (source.path, source.sha256, str(source.n_points), str(source.ambient_dim)):
        assert told in page.text
    assert all(f"{name} {version}" in page.text for name, version in run.versions.items())
    assert "fading none" in page.text
    assert "arXiv:2601.12808" in page.text
    assert ("bits" if name == "information" else "data units") in page.text


@pytest.mark.parametrize("name", RESULTS)
def test_figures_lie_beside_the_page(name, written):
    page = read(written[name])
    linked = {attrs["href"] for attrs in page.all("a")}
    files = {path.name for path in written[name].parent.iterdir()}
    assert files == linked | {"report.html"}
    assert len(linked) == len(page.all("img"))
    for file in linked:
        assert (written[name].parent / file).read_bytes().startswith(b"%PDF")


def test_verdicts_are_counted_with_the_paper_bound_apart(written):
    text = read(written["check"]).text
    assert "Of 6 comparisons with bounds at finite P_e: 0 hold, 6 undecided, 0 violated." in text
    assert "Of 6 comparisons with the paper's delta*" in text


def test_headline_carries_the_interval_and_the_confidence(written):
    text = read(written["dimension"]).text
    assert "12.40 (95 % interval 11.90 to 12.90) dimensions" in text


def test_markup_in_texts_is_escaped(written, tmp_path):
    assert "mnist <test>.npy" in read(written["covering"]).text
    evil = "<script>alert(1)</script>"
    result = ex.covering_report(
        notices=(Notice(code="a", message=evil),),
        intrinsic_dim=ex.estimate(2.0, method=evil, note='"><img src=x>'),
    )
    path = write_report_sections(
        evil, evil, [Section(heading=evil, result=result)], tmp_path / "r"
    )
    page = read(path)
    assert not page.all("script")
    assert all(image["src"].startswith("data:") for image in page.all("img"))
    assert page.text.count(evil) >= 4


def test_the_same_records_give_the_same_files(tmp_path):
    result = RESULTS["dimension"]
    first, second = (
        write_report(ex.run_record(result), result, tmp_path / place).parent for place in "ab"
    )
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes()


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    calls = []

    def fail_at_the_second(figure, path):
        calls.append(path)
        if len(calls) == 2:
            raise OSError("disk full")
        path.write_bytes(b"half")

    monkeypatch.setattr(build, "save_figure", fail_at_the_second)
    result = RESULTS["dimension"]
    with pytest.raises(OSError, match="disk full"):
        write_report(ex.run_record(result), result, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_page_survives_a_failure(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "report.html").write_text("earlier", encoding="utf-8")

    def fail(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(build, "save_figure", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(ex.run_record(RESULTS["exact"]), RESULTS["exact"], folder)
    assert {path.name for path in folder.iterdir()} == {"report.html"}
    assert (folder / "report.html").read_text(encoding="utf-8") == "earlier"


def test_the_page_is_moved_last_and_other_files_stay(tmp_path, monkeypatch):
    folder = tmp_path / "deep" / "out"
    folder.mkdir(parents=True)
    (folder / "record.json").write_text("{}", encoding="utf-8")
    moved, replace = [], os.replace

    def watched(source, target):
        if os.path.dirname(target) == str(folder):
            moved.append(os.path.basename(target))
        replace(source, target)

    monkeypatch.setattr(build.os, "replace", watched)
    write_report(ex.run_record(RESULTS["exact"]), RESULTS["exact"], folder)
    assert moved[-1] == "report.html"
    assert len(moved) == 2
    assert {path.name for path in folder.iterdir()} == {"record.json", *moved}
    assert {path.name for path in folder.parent.iterdir()} == {"out"}


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    target = tmp_path / "taken"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"taken' is a file; name a folder"):
        write_report(ex.run_record(RESULTS["exact"]), RESULTS["exact"], target)
    assert target.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_sections_keep_their_order_and_their_figures_apart(tmp_path):
    result = RESULTS["exact"]
    sections = [
        Section(heading="Words only", text="First paragraph.\n\nSecond\nparagraph."),
        Section(heading="One", text="About one.", result=result),
        Section(heading="Two", result=result),
    ]
    run = ex.run_record(result, kind="demo")
    path = write_report_sections("A demo", "Intro.", sections, tmp_path, run_record=run)
    page = read(path)
    order = [page.text.index(word) for word in ("A demo", "Intro.", "Words only", "One", "Two")]
    assert order == sorted(order)
    assert "Second paragraph." in page.text
    assert run.warnings[0].message in page.text
    assert {file.name for file in tmp_path.iterdir()} == {
        "2_exact.pdf",
        "3_exact.pdf",
        "report.html",
    }


def test_sections_without_a_run_record_have_no_provenance(tmp_path):
    path = write_report_sections("Title", "", [Section(heading="Empty")], tmp_path / "r")
    assert "Where it comes from" not in read(path).text


def test_warnings_of_rows_are_told_and_many_of_a_kind_are_counted(tmp_path):
    rows = tuple(
        row.model_copy(
            update={
                "perception": row.perception.model_copy(
                    update={"notices": (Notice(code="far", message=f"Far by {place}."),)}
                )
            }
        )
        for place, row in enumerate(ex.dataset_bound(outages=(0.1,)).rows)
    )
    result = ex.dataset_bound(rows=rows)
    text = read(write_report(ex.run_record(result), result, tmp_path / "r")).text
    assert "Far by 0." in text
    assert "Far by 3." not in text
    assert "(6 more of this kind are in the record.)" in text


def test_vacuous_rows_are_said_in_words(tmp_path):
    rows = tuple(
        row.model_copy(update={"vacuous": "the bound exceeds the diameter of the data."})
        for row in ex.dataset_bound(mi_bits=(1,), outages=(0.1,)).rows
    )
    result = ex.dataset_bound(rows=rows)
    text = read(write_report(ex.run_record(result), result, tmp_path / "r")).text
    assert "the bounds say nothing: the bound exceeds the diameter of the data." in text
    assert "remark" in text


@pytest.mark.parametrize(
    "result",
    [
        ex.dataset_bound(rows=()),
        ex.bound_check(rows=()),
        ex.exact_case(rows=()),
        ex.dimension_report(scale_scan=(), estimates={}),
        ex.covering_report(curves={}, readings={}),
        ex.dimension_report(intrinsic_dim=ex.estimate(math.nan, None)),
        ex.exact_case(outages=(0.1,), geometric_constant=math.inf),
        ex.covering_report(intrinsic_dim=ex.estimate(2.0).model_copy(update={"interval": None})),
    ],
    ids=lambda result: type(result).__name__,
)
def test_empty_and_unusual_results_still_make_a_page(result, tmp_path):
    page = read(write_report(ex.run_record(result), result, tmp_path / "r"))
    assert "How to cite" in page.text


def test_a_record_without_a_page_of_its_own_is_listed(tmp_path):
    result = ex.estimate(2.0134, 0.03)
    page = read(write_report(ex.run_record(result), result, tmp_path / "r"))
    assert "Result: Estimate" in page.text
    assert not page.all("img")


def test_many_rows_are_all_there(tmp_path):
    result = ex.dataset_bound(mi_bits=tuple(range(1, 301)), outages=(0.1,))
    page = read(write_report(ex.run_record(result), result, tmp_path / "r"))
    assert len([attrs for attrs in page.all("th") if attrs["scope"] == "row"]) > 300


def test_extrapolated_radii_are_called_so(tmp_path):
    rows = tuple(
        row.model_copy(update={"extrapolated_octaves": 3.0, "vacuous": "I exceeds the sample"})
        for row in ex.dataset_bound(mi_bits=(50,), outages=(0.1,)).rows
    )
    result = ex.dataset_bound(rows=rows)
    text = read(write_report(ex.run_record(result), result, tmp_path / "r")).text
    assert "extrapolated by 3 halvings below the closest pair of points" in text
    assert "the bounds say nothing" not in text


def test_warnings_stand_in_the_section_whose_result_gives_them(tmp_path):
    of_all = Notice(code="all", message="Of the whole run.")
    of_one = Notice(code="one", message="Of one result.")
    result = RESULTS["exact"].model_copy(update={"notices": (of_one,)})
    sections = [Section(heading="First part"), Section(heading="Second part", result=result)]
    run = ex.run_record(result, kind="demo").model_copy(update={"warnings": (of_one, of_all)})
    path = write_report_sections("A demo", "", sections, tmp_path / "r", run_record=run)
    text = read(path).text
    assert text.count("Of one result.") == text.count("Of the whole run.") == 1
    places = [
        text.index(words)
        for words in ("First part", "Of the whole run.", "Second part", "Of one result.")
    ]
    assert places == sorted(places)


def test_nested_evidence_is_rounded_and_readable(tmp_path):
    estimate = ex.dimension_report().intrinsic_dim
    readings = {"ratio 1:2": 2.0345678901234567, "angle 8": 3.0, "unclear": {}}
    told = estimate.model_copy(update={"details": {"readings": readings, "clear": True}})
    result = ex.dimension_report().model_copy(update={"intrinsic_dim": told})
    page = read(write_report(ex.run_record(result), result, tmp_path / "r"))
    assert "readings: ratio 1:2 2.03457; angle 8 3; unclear none; clear: true" in page.text
