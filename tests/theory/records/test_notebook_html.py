"""What a notebook shows of a record: compact, whole, escaped."""

from html.parser import HTMLParser

from jscgc_theory.records import Estimate, Notice, RunRecord
from tests import example_records as ex


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data + " "


def test_estimates_read_value_and_interval():
    text = Tags(ex.dimension_report()._repr_html_()).text
    assert "12.40 [11.90, 12.90]" in text
    assert "TwoNN" in text
    assert "DimensionReport" in text


def test_rows_become_a_table_and_long_ones_are_cut_short():
    html = ex.dataset_bound()._repr_html_()
    assert 'scope="col"' in html
    assert "and 15 more" in html
    assert "14 numbers" in html
    Tags(html)


def test_everything_is_escaped():
    evil = "<script>alert('x')</script>"
    records = [
        Notice(code=evil, message=evil),
        Estimate(
            value=1.0, method=evil, notices=(Notice(code="a", message=evil),), details={evil: 1}
        ),
        RunRecord(kind=evil, results={evil: [evil]}, settings={"a": {evil: evil}}),
    ]
    for record in records:
        tags = Tags(record._repr_html_())
        assert "script" not in tags.seen
        assert evil in tags.text


def test_every_kind_of_record_is_shown():
    for record in (
        ex.bound_check(),
        ex.covering_report(),
        ex.exact_case(),
        ex.exact_case(rows=()),
    ):
        tags = Tags(record._repr_html_())
        assert all(name in tags.text for name in type(record).model_fields)
