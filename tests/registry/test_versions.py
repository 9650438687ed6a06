"""What the database itself holds about versions, whoever asks and whatever was forgotten above it."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from minga.registry.lifecycle import EDITABLE, LISTED, OPEN, STEPS, State
from minga.registry.models import Participation, Record, Version
from tests.making import make_record, put_in_state


class TestAVersionPastDraft:
    @pytest.mark.parametrize("state", sorted(set(State) - set(EDITABLE)))
    @pytest.mark.parametrize(
        ("column", "value"),
        [("title", "Otro"), ("visibility", "named"), ("principles", ["human-rights"]), ("year", 1999)],
    )
    def test_keeps_its_content(self, registry, state, column, value):
        made = make_record(state=state, principles=["child-sensitive"])

        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Version.objects.filter(pk=made.version.pk).update(**{column: value})

    def test_keeps_its_makers(self, registry):
        made = make_record()

        with pytest.raises(IntegrityError, match="past draft"), transaction.atomic():
            Participation.objects.filter(version=made.version).delete()

    def test_moves_on_through_its_lifecycle(self, registry):
        made = make_record(state=State.PUBLISHED)

        put_in_state(made.version, State.ARCHIVED)

        assert Version.objects.get(pk=made.version.pk).state == State.ARCHIVED


class TestADraft:
    def test_changes(self, registry):
        made = make_record(state=State.DRAFT)

        Version.objects.filter(pk=made.version.pk).update(title="Otro título")

        assert Version.objects.get(pk=made.version.pk).title == "Otro título"

    def test_stays_with_its_record(self, registry):
        made, other = make_record(state=State.DRAFT), make_record(state=State.ARCHIVED)

        with pytest.raises(IntegrityError, match="stays with its record"), transaction.atomic():
            Version.objects.filter(pk=made.version.pk).update(record=other.record)


class TestARecord:
    @pytest.mark.parametrize("group", [LISTED, OPEN], ids=["listed", "open"])
    def test_has_one_such_version_at_most(self, registry, group):
        made = make_record(state=group[0])
        second = make_record(record=made.record, state=State.ARCHIVED)

        with pytest.raises(IntegrityError, match="one_"), transaction.atomic():
            put_in_state(second.version, group[-1])

    def test_is_never_emptied_out(self, registry):
        from django.db import connection

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("truncate registry_version cascade")

    def test_hands_its_versions_over_with_itself(self, registry):
        made = make_record(owner="slv")
        other = make_record(owner="gtm").record.owner

        Record.objects.filter(pk=made.record.pk).update(owner=other)

        assert Version.objects.get(pk=made.version.pk).owner == other


class TestTheLifecycle:
    def test_leads_from_draft_to_every_state(self):
        reached = {State.DRAFT}
        for _step in STEPS:
            reached |= {step.target for step in STEPS.values() if reached.intersection(step.sources)}

        assert reached == set(State)
