"""The counts beside the filters are exact, whatever happens to versions."""

from datetime import UTC, datetime

import pytest

from minga.audit.by import By
from minga.registry import changes, counts
from minga.registry.lifecycle import State
from minga.registry.lists import RecordList
from minga.registry.models import Record, Version, Visibility
from tests.making import make_record, put_in_state

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SECRETARIAT = By(operator="tests")


def naive_count(chosen: dict[str, tuple[str, ...]]) -> tuple[int, dict[str, dict[str, int]]]:
    """Count by reading every version: what the kept bits must agree with."""
    found: dict[str, dict[str, int]] = {facet: {} for facet in counts.FACETS}
    total = 0
    for version in Version.objects.listed():
        values = counts.values_of(version)
        missed = [facet for facet, wanted in chosen.items() if not values[facet].intersection(wanted)]
        total += not missed
        for facet in counts.FACETS:
            if not missed or missed == [facet]:
                for value in values[facet]:
                    found[facet][value] = found[facet].get(value, 0) + 1
    return total, found


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"country": ("COL",)},
        {"country": ("COL", "PER")},
        {"objective": ("5",), "country": ("COL",)},
        {"objective": ("5", "7"), "kind": ("practice",), "language": ("es",)},
        {"progress": ("unknown",), "year": ("unknown",)},
        {"population": ("children",), "principle": ("human-rights",), "level": ("national",), "year": ("2019",)},
    ],
)
class TestCountsBesideFilters:
    def test_are_what_reading_every_version_gives(self, as_site, chosen):
        with as_site():
            counted = counts.count(chosen)
            total, facets = naive_count(chosen)

        assert counted.total == total
        assert {facet: dict(values) for facet, values in counted.facets.items()} == facets

    def test_are_the_number_of_records_in_the_list(self, as_site, chosen):
        with as_site():
            listed = RecordList(chosen)

            assert listed.total == listed.versions().count() == len({version.pk for version in listed.versions()})


class TestCountsWithinSomeRecords:
    def test_look_at_those_records_only(self, as_site):
        with as_site():
            some = list(Version.objects.listed().values_list("record_id", flat=True)[:7])

            assert counts.count({}, within=some).total == 7
            assert counts.count({}, within=[]).total == 0
            assert sorted(counts.matching_ids({}, within=some, at_most=100)) == sorted(some)


class TestCountsFollowChanges:
    def test_when_a_record_is_withdrawn(self, as_site):
        with as_site():
            before = counts.count({}).total
        record = Record.objects.get(external_id="practice-etpv-colombia")

        changes.withdraw_record(record, reason="An error in the source.", by=SECRETARIAT, at=NOW)

        with as_site():
            after = counts.count({"country": ("COL",)})
            assert counts.count({}).total == before - 1
            assert after.facets["objective"] == naive_count({"country": ("COL",)})[1]["objective"]
        assert counts.differences() == []

    def test_when_a_new_version_is_no_longer_public(self, as_site):
        version = Version.objects.listed().get(record__external_id="practice-etpv-colombia")

        put_in_state(version, State.REPLACED)
        made = make_record(record=version.record, visibility=Visibility.NAMED)

        with as_site():
            assert not Version.objects.filter(record=made.record).exists()
            assert counts.count({}).total == naive_count({})[0]
        assert counts.differences() == []
