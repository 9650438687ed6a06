"""What goes in comes out, and an export that is imported changes nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.common.ids import new_public_id
from minga.operations.initialising import BUNDLED
from minga.registry.catalogue import FIELDS, Field, Shape, translatable_fields
from minga.registry.kinds import Kind
from minga.registry.lifecycle import State
from minga.registry.models import Version
from minga.vocabularies.queries import labels
from tests.exchange.taking import exported, take, tally
from tests.making import clashes, make_record, undone

pytestmark = pytest.mark.usefixtures("registry")


def of_another_installation(rows: list[dict]) -> list[dict]:
    """The same export as another installation would write it: its own ids differ."""
    return [{**row, "id": new_public_id()} for row in rows]


def bundled_rows() -> list[dict]:
    """The rows of the bundled files."""
    files = sorted(Path(BUNDLED).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


class TestTheBundledRecords:
    def test_come_out_as_they_went_in(self):
        by_id = {row["external_id"]: row for row in exported()}

        for given_row in bundled_rows():
            row = by_id[given_row.pop("id")]
            assert {name: row.get(name) for name in given_row if given_row[name] not in (None, [], "")} == {
                name: value for name, value in given_row.items() if value not in (None, [], "")
            }
            assert all(row[name] in (None, []) for name, value in given_row.items() if value in (None, [], ""))

    def test_do_not_change_when_their_export_is_imported(self):
        rows = exported()

        for publish in (False, True):
            assert tally(take(*rows, publish=publish)) == (0, len(rows), 0)
        assert exported() == rows

    def test_do_not_change_when_another_installations_export_is_imported(self):
        rows = exported()

        assert tally(take(*of_another_installation(rows))) == (0, len(rows), 0)
        assert exported() == rows


@pytest.mark.parametrize("listed", [State.PUBLISHED, State.PUBLISHED_FROM_SOURCE, State.ARCHIVED, State.WITHDRAWN])
@pytest.mark.parametrize("worked_on", [None, State.DRAFT, State.SUBMITTED, State.NOT_SUITABLE])
class TestARecordInAnyState:
    def test_does_not_change_when_its_export_is_imported(self, listed, worked_on):
        first = make_record(state=listed)
        if worked_on and not clashes(listed, worked_on):
            make_record(record=first.record, state=worked_on)
        before = list(Version.objects.filter(record=first.record).values())

        rows = [row for row in exported() if row["id"] == first.record.public_id]

        assert tally(take(*rows)) == (0, 1, 0)
        assert list(Version.objects.filter(record=first.record).values()) == before


texts = st.text(min_size=1, max_size=40)
extras = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def rows(draw) -> dict:
    """A row of any kind with any of its fields, and some that nobody knows."""
    kind = draw(st.sampled_from(Kind.values))
    fields = draw(st.lists(st.sampled_from(FIELDS), unique=True))
    row = {each.name: draw(_values(each)) for each in fields}
    row |= {"id": draw(st.from_regex(r"[a-z]{4,20}", fullmatch=True)), "kind": kind, "lang": "es"}
    row |= {"title": "Título " + draw(texts), "countries": draw(st.lists(st.sampled_from(["SLV", "GTM"]), min_size=1))}
    row["translations"] = [
        {"lang": lang, "title": "T " + draw(texts), **{
            each.name: draw(_values(each)) for each in translatable_fields(kind)[2:4]}}
        for lang in draw(st.sets(st.sampled_from(["en", "fr", "pt", "ht"])))
    ]  # fmt: skip
    return draw(st.dictionaries(st.text(alphabet="xyzñ_", min_size=2, max_size=9), extras, max_size=3)) | row


def _values(each: Field):
    known = sorted(labels(each.scheme, "en")) if each.scheme else []
    match each.shape:
        case Shape.CODE:
            return st.sampled_from(known)
        case Shape.CODES:
            return st.lists(st.sampled_from(known))
        case Shape.OBJECTIVES:
            return st.lists(st.integers(1, 23))
        case Shape.COUNTRIES:
            return st.lists(st.sampled_from(["COL", "México", "EE.UU.", "BRA"]))
        case Shape.CONCEPTS:
            return st.lists(st.sampled_from(["sdg-targets:10.7", "gcm-objectives:GCM-O05"]))
        case Shape.PARTIAL_DATE:
            return st.none() | st.dates().filter(lambda day: day.year >= 1000).flatmap(
                lambda day: st.sampled_from([str(day.year), f"{day:%Y-%m}", day.isoformat()])
            )
        case Shape.FLAG:
            return st.none() | st.booleans()
        case Shape.NUMBER:
            return st.none() | st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12)
        case Shape.ADDRESS:
            return st.none() | st.just("https://example.org/ñ?a=1&b=2")
        case Shape.ADDRESSES:
            return st.lists(st.sampled_from(["https://example.org/a", "http://example.org/b"]))
        case Shape.LANGUAGE:
            return st.sampled_from(["es", "en", "pt-BR"])
        case Shape.TEXTS | Shape.ACTORS:
            return st.lists(st.none() | texts, max_size=3)
    short = {"currency": 10, "region": 40}
    return st.none() | st.text(max_size=short.get(each.name, 60))


class TestAnyRecord:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(generated=st.lists(rows(), min_size=1, max_size=3, unique_by=lambda row: row["id"]), publish=st.booleans())
    def test_does_not_change_when_its_export_is_imported(self, generated, publish):
        with undone():
            report = take(*generated, publish=publish)
            assert tally(report) == (len(generated), 0, 0), report.problems
            assert tally(take(*generated, publish=publish)) == (0, len(generated), 0)
            out = exported(*(row["id"] for row in generated))

            assert tally(take(*out, publish=publish)) == (0, len(out), 0)
            assert tally(take(*of_another_installation(out))) == (0, len(out), 0)
            assert exported(*(row["id"] for row in generated)) == out
            assert len(out) == len(generated)
