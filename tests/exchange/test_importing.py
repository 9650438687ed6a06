"""Rows from outside: what is taken, what is refused, and what is said about it."""

import pytest
from django.db import IntegrityError

from minga.actors.models import Actor
from minga.exchange import importing
from minga.registry import changes
from minga.registry.lifecycle import State
from minga.registry.models import Participation, Record, Version, Visibility
from tests.exchange.taking import codes, exported, row, take, take_bytes, tally
from tests.making import AT, BY, actor_id, make_record

pytestmark = pytest.mark.usefixtures("registry")


def version_of(external_id: str) -> Version:
    """The newest version of an imported record."""
    return Version.objects.filter(record__external_id=external_id).order_by("-number")[0]


class TestImportingAFile:
    def test_makes_drafts_unless_told_otherwise(self):
        assert tally(take(row(id="one"))) == (1, 0, 0)
        assert version_of("one").state == State.DRAFT

    def test_lists_them_as_taken_from_a_public_source_when_told_so(self):
        take(row(id="one"), row(id="two", source_url="https://example.org/two"), publish=True)

        assert version_of("one").state == State.PUBLISHED_FROM_SOURCE
        reasons = {each.transitions.last().reason for each in map(version_of, ("one", "two"))}
        assert reasons == {"tests", "https://example.org/two"}

    def test_again_changes_nothing(self):
        rows = [row(id="one", actor="Red de prueba"), row(id="two")]
        take(*rows)

        assert tally(take(*rows)) == (0, 2, 0)
        assert Version.objects.filter(record__external_id__in=["one", "two"]).count() == 2

    def test_names_the_line_that_is_not_json_and_takes_the_rest(self):
        report = take_bytes(b'{"kind": "practice", "lang": "es", "title": "A", "countries": ["SLV"]}\n{oops\n')

        assert tally(report) == (1, 0, 1)
        assert codes(report) == [(2, "error", "not_json")]

    def test_names_the_line_without_a_title_and_takes_the_rest(self):
        report = take(row(id="one", title=" "), row(id="two"))

        assert tally(report) == (1, 0, 1)
        assert codes(report) == [(1, "error", "no_title")]

    def test_keeps_nothing_in_a_dry_run(self):
        before = Record.objects.count(), Actor.objects.count()

        report = take(row(id="one", actor="Red que nadie conoce"), row(id="two", title=""), dry_run=True)

        assert tally(report) == (1, 0, 1)
        assert (Record.objects.count(), Actor.objects.count()) == before

    def test_of_many_batches_counts_all_rows(self, monkeypatch):
        monkeypatch.setattr(importing, "BATCH", 3)
        rows = [row(id=f"n{number}", actor=f"Red {number % 2}") for number in range(10)]

        assert tally(take(*rows)) == (10, 0, 0)
        assert tally(take(*rows)) == (0, 10, 0)

    def test_asks_the_database_a_fixed_number_of_times(self, django_assert_max_num_queries):
        rows = [row(id=f"n{number}", actor=f"Red {number}", partners=["OIM"]) for number in range(200)]

        with django_assert_max_num_queries(60):
            take(*rows)


class TestARowIsRefused:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"kind": "poem"}, "unknown_kind"),
            ({"kind": ["practice"]}, "unknown_kind"),
            ({"lang": None}, "no_lang"),
            ({"countries": []}, "no_actor_nor_country"),
            ({"countries": ["Atlantis"]}, "unknown_country"),
            ({"objectives": [24]}, "unknown_objective"),
            ({"objectives": ["first"]}, "unknown_objective"),
            ({"title": ["a", "b"]}, "not_a_text"),
            ({"title": {"es": "a"}}, "not_a_text"),
            ({"summary": "x" * 10_000_000}, "too_long"),
            ({"amount": "5000"}, "not_a_number"),
            ({"start": "next year"}, "unknown_date"),
            ({"source_url": "javascript:alert(1)"}, "unknown_address"),
            ({"owner": "nobody-knows"}, "unknown_owner"),
            ({"owner": ["slv"]}, "unknown_owner"),
            ({"id": "x" * 201}, "unusable_id"),
            ({"id": True}, "unusable_id"),
            ({"external_id": {"a": 1}}, "unusable_id"),
            ({"visibility": "secret"}, "unknown_visibility"),
            ({"visibility": ["public"]}, "unknown_visibility"),
            ({"translations": "none"}, "not_a_list"),
            ({"translations": [{"lang": " ", "title": "a"}, {"lang": "en", "title": "b"}]}, "no_title"),
            ({"translations": [{"lang": "en", "title": "\x01"}]}, "no_title"),
            ({"notes": "x" * 10_000_000}, "too_long"),
            ({"partners": [f"Red {number}" for number in range(600)]}, "too_many_actors"),
            ({f"field{number}": 1 for number in range(400)}, "too_many_fields"),
        ],
    )
    def test_with_the_reason(self, change, code):
        report = take(row(id="before"), row(id="bad") | change, row(id="after"))

        assert tally(report) == (2, 0, 1)
        assert (2, "error", code) in codes(report)
        assert all(len(problem["message"]) < 1000 for problem in report.problems)

    def test_when_its_id_stands_in_the_file_already(self):
        report = take(
            row(id="one"), row(id="one", title="Otra"), row(external_id="one"), row(id="x", external_id="one")
        )

        assert tally(report) == (1, 0, 3)
        assert codes(report) == [(number, "error", "same_id_twice") for number in (2, 3, 4)]
        assert "row 1 already" in report.problems[0]["message"]

    def test_when_it_means_a_record_that_another_row_meant(self):
        take(row(id="one"))
        own = Record.objects.get(external_id="one").public_id

        report = take(
            row(id=own, title="Uno"), row(external_id="one", title="Dos"), row(id=own, owner="slv", title="Tres")
        )

        assert tally(report) == (1, 0, 2)

    def test_when_the_record_is_of_another_kind(self):
        take(row(id="one"))

        assert codes(take(row(id="one", kind="need")))[-1] == (1, "error", "another_kind")

    def test_when_the_record_was_withdrawn(self):
        made = make_record()
        changes.withdraw_record(made.record, reason="Un error.", by=BY, at=AT)

        report = take(row(id=made.record.public_id))

        assert codes(report) == [(1, "error", "not_possible")]

    def test_when_its_owner_has_published_a_text_of_its_own(self):
        made = make_record(state=State.PUBLISHED)

        report = take(row(id=made.record.public_id), publish=True)

        assert codes(report) == [(1, "error", "not_possible")]
        assert Version.objects.get(record=made.record).title == made.version.title

    def test_alone_when_the_database_cannot_keep_it(self, monkeypatch):
        add_records = changes.add_records

        def clash(drafts, **options):
            if any(draft.external_id == "two" for draft in drafts):
                raise IntegrityError
            return add_records(drafts, **options)

        monkeypatch.setattr(changes, "add_records", clash)

        report = take(row(id="one"), row(id="two"), row(id="three"))

        assert tally(report) == (2, 0, 1)
        assert codes(report) == [(2, "error", "not_storable")]


class TestARowIsTakenWithARemark:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"colour": "blue"}, "unknown_field"),
            ({"urgency": "high"}, "field_of_another_kind"),
            ({"start": "2020", "end": "2019"}, "ends_before_it_begins"),
            ({"partners": ["CAN"]}, "ambiguous_actor"),
        ],
    )
    def test_that_says_what_is_odd(self, change, code):
        report = take(row(id="odd") | change)

        assert tally(report) == (1, 0, 0)
        assert codes(report) == [(1, "warning", code)]

    def test_when_it_names_another_owner_than_the_record_has(self):
        made = make_record(owner="gtm", state=State.DRAFT)

        report = take(row(id=made.record.public_id, owner="slv"))

        assert codes(report) == [(1, "warning", "owner_kept")]
        assert Record.objects.get(pk=made.record.pk).owner_id == actor_id("gtm")


class TestTheRecordOfARow:
    def test_is_the_installations_own_first(self):
        made = make_record(state=State.DRAFT)
        take(row(id=made.record.public_id, external_id="elsewhere"))

        assert Version.objects.get(record=made.record).title == row()["title"]

    def test_is_then_the_owners_of_that_external_id(self):
        take(row(id="same", owner="slv", title="De El Salvador"), row(id="same", owner="gtm", title="De Guatemala"))

        take(row(id="another", external_id="same", owner="gtm", title="De Guatemala, nueva"))

        titles = set(Version.objects.filter(record__external_id="same").values_list("title", flat=True))
        assert titles == {"De El Salvador", "De Guatemala, nueva"}

    def test_belongs_to_the_importing_secretariat_when_nobody_is_named(self, settings):
        take(row(id="one"))

        assert Record.objects.get(external_id="one").owner_id == actor_id(settings.SECRETARIAT)

    def test_keeps_who_may_read_it_when_the_row_does_not_say(self):
        made = make_record(visibility=Visibility.NAMED, audience=("gtm",), state=State.PUBLISHED_FROM_SOURCE)

        take(row(id=made.record.public_id), publish=True)

        newest = Version.objects.filter(record=made.record).order_by("-number")[0]
        assert (newest.title, newest.visibility, newest.audience) == (row()["title"], "named", [actor_id("gtm")])

    def test_gets_a_draft_beside_its_listed_version(self):
        take(row(id="one"), publish=True)

        assert tally(take(row(id="one", title="Nueva"))) == (1, 0, 0)
        states = dict(Version.objects.filter(record__external_id="one").values_list("title", "state"))
        assert states == {"Ventanilla única": "published_from_source", "Nueva": "draft"}

    def test_is_listed_anew_when_its_source_says_something_new(self):
        take(row(id="one"), publish=True)

        take(row(id="one", title="Nueva"), publish=True)

        states = dict(Version.objects.filter(record__external_id="one").values_list("title", "state"))
        assert states == {"Ventanilla única": "replaced", "Nueva": "published_from_source"}

    def test_is_listed_when_its_draft_says_the_same(self):
        take(row(id="one"))

        assert tally(take(row(id="one"), publish=True)) == (1, 0, 0)
        assert version_of("one").state == State.PUBLISHED_FROM_SOURCE


class TestActorsOfARow:
    def test_are_one_when_spelled_alike(self):
        take(row(id="a", actor="Red Ñandú"), row(id="b", actor="RED NANDU"), row(id="c", actor="Red Ñandú (RN)"))
        take(row(id="d", actor="red ñandú"))

        found = Participation.objects.filter(version__record__external_id__in="abcd")
        assert len({each.actor_id for each in found}) == 1
        assert {each.name_as_given for each in found} == {"Red Ñandú", "RED NANDU", "Red Ñandú (RN)", "red ñandú"}

    def test_are_those_that_are_known_under_another_name(self):
        take(row(id="a", actor="EE.UU."), row(id="b", actor="OIM", partners=["IOM"]))

        found = Participation.objects.filter(version__record__external_id__in="ab")
        assert {each.actor.slug for each in found} == {"usa", "iom"}

    def test_are_not_guessed_from_names_without_letters(self):
        assert tally(take(row(id="a", actor="???", partners=["??? (OIM)", "!!!"]))) == (1, 0, 0)

        assert {each["actor"] for each in exported("a")} == {"???"}
