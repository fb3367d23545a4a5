import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jscgc_theory.records import Estimate, InputFile, Notice, Record, RunRecord

finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.floats(allow_nan=False)
field_names = set(Estimate.model_fields)
detail_keys = st.text(min_size=1).filter(lambda key: key not in field_names)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | numbers | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
notices = st.builds(Notice, code=st.text(), message=st.text())


@st.composite
def estimates(draw):
    interval = draw(st.none() | st.tuples(numbers, numbers).map(sorted).map(tuple))
    return Estimate(
        value=draw(numbers),
        interval=interval,
        confidence=draw(st.floats(0.01, 0.99)),
        standard_error=draw(st.none() | st.floats(0.0, 1e300)),
        method=draw(st.text()),
        n_points_used=draw(st.integers(0, 2**40)),
        notices=tuple(draw(st.lists(notices, max_size=2))),
        details=draw(st.dictionaries(detail_keys, plain_values, max_size=4)),
    )


@given(estimate=estimates())
def test_an_estimate_read_back_from_json_is_the_one_written(estimate):
    assert Estimate.from_json(estimate.to_json()) == estimate


@given(
    estimate=estimates(),
    settings=st.dictionaries(st.text(), plain_values, max_size=3),
    warnings=st.lists(notices, max_size=2),
)
def test_a_run_read_back_from_json_is_the_one_written(estimate, settings, warnings):
    run = RunRecord(
        kind="dimension",
        elapsed_s=1.5,
        seed=7,
        inputs=(InputFile(path="a.npy", sha256="0" * 64, n_points=3, ambient_dim=2),),
        settings=settings,
        results={"intrinsic_dim": estimate, "radii": np.array([0.5, math.inf])},
        warnings=tuple(warnings),
    )
    again = RunRecord.from_json(run.to_json())
    assert again == run
    assert Estimate.model_validate(again.results["intrinsic_dim"]) == estimate
    assert again.results["radii"] == [0.5, "Infinity"]


@given(estimate=estimates())
def test_the_json_is_standard_json(estimate):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    json.loads(estimate.to_json(), parse_constant=refuse)


def test_not_a_number_survives_the_round_trip():
    written = Estimate(value=math.nan, method="none", details={"gap": math.nan})
    again = Estimate.from_json(written.to_json())
    assert math.isnan(again.value)
    assert again.details["gap"] == "NaN"


def test_a_record_read_from_a_file_is_the_one_written(tmp_path):
    estimate = Estimate(value=2.0, interval=(1.5, 2.5), method="TwoNN")
    path = tmp_path / "sub" / "{estimate}.json"
    text = estimate.to_json(path)
    assert path.read_text(encoding="utf-8") == text + "\n"
    assert Estimate.from_json(path) == estimate
    assert Estimate.from_json(str(path)) == estimate


def test_details_stand_beside_the_fields_in_json():
    data = json.loads(Estimate(value=1.0, method="m", details={"reading": "volume"}).to_json())
    assert data["reading"] == "volume"
    assert "details" not in data


@pytest.mark.parametrize("name", sorted(field_names))
def test_details_may_not_shadow_a_field(name):
    with pytest.raises(ValidationError, match="may not use the field names"):
        Estimate(value=1.0, method="m", details={name: 2.0})
    with pytest.raises(ValidationError, match="may not use the field names"):
        Estimate(value=1.0, method="m").with_details(**{name: 2.0})


def test_with_details_adds_and_replaces_and_leaves_the_original():
    first = Estimate(value=1.0, method="m", details={"a": 1, "b": 2})
    second = first.with_details(b=3, c=(4, 5))
    assert first.details == {"a": 1, "b": 2}
    assert second.details == {"a": 1, "b": 3, "c": [4, 5]}
    assert second.value == first.value


def test_details_refuse_what_json_cannot_hold():
    with pytest.raises(ValidationError, match="object has no place in JSON"):
        Estimate(value=1.0, method="m", details={"a": object()})
    with pytest.raises(ValidationError, match="not text"):
        Estimate(value=1.0, method="m", details={"a": {1: "one"}})


def test_a_record_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Notice(code="a", message="b").code = "c"


def test_a_record_refuses_unknown_fields():
    with pytest.raises(ValidationError, match="extra"):
        Notice(code="a", message="b", colour="red")


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.1, 95.0])
def test_confidence_lies_strictly_between_0_and_1(confidence):
    with pytest.raises(ValidationError, match="confidence"):
        Estimate(value=1.0, method="m", confidence=confidence)


def test_an_interval_ascends():
    with pytest.raises(ValidationError, match="not ascending"):
        Estimate(value=1.0, interval=(2.0, 1.0), method="m")


def test_half_width_and_coverage_follow_the_interval():
    estimate = Estimate(value=2.0, interval=(1.0, 4.0), method="m")
    assert estimate.half_width == 1.5
    assert [estimate.covers(truth) for truth in (0.99, 1.0, 2.5, 4.0, 4.01)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    without = Estimate(value=2.0, method="m")
    assert math.isnan(without.half_width)
    assert not without.covers(2.0)


def test_numpy_scalars_become_python_numbers():
    estimate = Estimate(
        value=np.float32(1.5), method="m", n_points_used=np.int64(3), details={"k": np.int32(4)}
    )
    assert type(estimate.value) is float
    assert type(estimate.n_points_used) is int
    assert type(estimate.details["k"]) is int


def test_a_record_becomes_a_table_with_dotted_columns():
    frame = Estimate(value=2.0, method="m", details={"fit": {"slope": 1.5}}).to_frame()
    assert frame.loc[0, "value"] == 2.0
    assert frame.loc[0, "fit.slope"] == 1.5


def test_html_escapes_what_it_shows():
    html = Notice(code="<b>", message="a & b")._repr_html_()
    assert "&lt;b&gt;" in html
    assert "a &amp; b" in html
    assert "<b>" not in html


def test_a_run_knows_the_versions_that_shape_its_numbers():
    versions = RunRecord(kind="exact", results={}).versions
    assert versions["numpy"] == np.__version__
    assert {"python", "jscgc", "scipy"} <= set(versions)


def test_every_record_of_the_package_forbids_unknown_fields():
    def descendants(kind):
        for child in kind.__subclasses__():
            yield child
            yield from descendants(child)

    for kind in descendants(Record):
        assert kind.model_config["frozen"], kind
        assert kind.model_config["extra"] == "forbid", kind
