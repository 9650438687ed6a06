"""What a model may learn from: published, public records whose labels a person decided, each text once."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from minga.classification.corrections import corrections
from minga.classification.models import Decision
from minga.registry.lifecycle import LISTED, State
from minga.registry.models import Visibility
from tests.access.test_confidentiality import make_world, worlds
from tests.making import AT, Made, make_record, undone


def decide(made: Made, code: str = "8", what: str = "confirmed", *, kind: str = "objectives", hours: int = 0) -> None:
    Decision.objects.create(
        version=made.version, kind=kind, code=code, what=what, person=1, at=AT + timedelta(hours=hours)
    )


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_nothing_that_is_not_public_is_learnt_from(registry, world):
    with undone():
        made = make_world(world)
        for each in made:
            decide(each)
        learnt = {each.record for each in corrections().records}
        public = {
            each.record.pk
            for each in made
            if each.version.state in LISTED and each.version.visibility == Visibility.PUBLIC
        }

        assert learnt <= public


def test_a_record_is_learnt_from_as_it_was_published(registry):
    made = make_record(objectives=[8, 1])
    decide(made)
    decide(make_record(state=State.DRAFT))
    make_record()  # nobody decided on it
    [each] = corrections().records

    assert each.record == made.record.pk and each.row["objectives"] == [8, 1]
    assert each.row["principles"] == []  # nobody decided on those


def test_what_was_decided_in_an_earlier_version_still_holds(registry):
    first = make_record(state=State.REPLACED)
    decide(first)
    make_record(record=first.record, objectives=[3])

    assert [each.row["objectives"] for each in corrections().records] == [[3]]


def test_what_is_decided_for_a_version_to_come_does_not_count_yet(registry):
    first = make_record()
    decide(make_record(record=first.record, state=State.DRAFT))

    assert corrections().records == []


class TestContradictions:
    def test_a_rejected_label_that_was_published_leaves_the_record_out(self, registry):
        made = make_record(objectives=[8])
        decide(made, "8", "rejected")
        found = corrections()

        assert found.records == [] and [(each.public_id, each.why) for each in found.left_out] == [
            (made.record.public_id, "rejected")
        ]

    def test_a_label_that_was_taken_after_all_is_none(self, registry):
        made = make_record(objectives=[8])
        decide(made, "8", "rejected")
        decide(made, "8", "added", hours=1)

        assert len(corrections().records) == 1

    def test_of_two_records_that_say_the_same_the_latest_decision_holds(self, registry):
        text = {"title": "Un mismo texto", "summary": "Dice lo mismo."}
        earlier, later = make_record(objectives=[8], **text), make_record(objectives=[9], **text)
        decide(later, "9", hours=2)
        decide(earlier, "8")
        found = corrections()

        assert [each.row["objectives"] for each in found.records] == [[9]]
        assert [(each.public_id, each.why) for each in found.left_out] == [(earlier.record.public_id, "same_text")]
