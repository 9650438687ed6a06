"""The digest of saved searches: when it goes out, what it tells, and what it tells nobody."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.accounts.models import Profile
from minga.actors.models import Grant
from minga.audit.by import By
from minga.following import changes, digests
from minga.following.models import SavedSearch
from minga.following.news import LOOKS_BACK
from minga.notifications.models import Mail
from minga.people import closing
from minga.redaction import changes as redaction
from minga.redaction.models import Redaction
from minga.registry.lifecycle import State
from tests.access.people import everybody, make_person
from tests.access.test_confidentiality import make_world, worlds
from tests.following.following import NOW, listed, save
from tests.making import AT, put_in_state, undone
from tests.search.encoder import embed_all

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
MONDAY = datetime(2026, 3, 9, 7, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def person(registry, meaning):
    return someone("focal_point", "slv")


def someone(role: str, actor: str, *more):
    made = make_person(role, actor, *more)
    Profile.objects.filter(pk=made.pk).update(language="en")
    return made


def mail_to(person) -> list[Mail]:
    return list(Mail.objects.filter(person=person.pk).order_by("id"))


def written(person, now: datetime) -> str:
    """What is written to a person at a time: subject and text; "" for nothing."""
    before = len(mail_to(person))
    digests.write_digests(now)
    return "\n".join(f"{mail.subject}\n{mail.body}" for mail in mail_to(person)[before:])


class TestTheRhythm:
    def test_is_weekly_on_a_monday_morning_unless_she_chooses_another(self, person):
        save(person.pk, "q=zurcidora")
        listed(NOW + A_MINUTE, title="Zurcidora")

        assert written(person, MONDAY - A_MINUTE) == ""
        assert "1 new record" in written(person, MONDAY)
        second = listed(MONDAY + A_MINUTE, title="Zurcidora segunda")
        assert written(person, MONDAY + A_DAY) == ""
        assert second.record.public_id in written(person, MONDAY + 7 * A_DAY)

    def test_catches_up_when_the_worker_slept_through_the_morning(self, person):
        save(person.pk, "q=zurcidora")
        listed(NOW + A_MINUTE, title="Zurcidora")

        assert "1 new record" in written(person, MONDAY + timedelta(hours=9))

    def test_is_each_morning_or_at_once_or_never(self, person):
        for rhythm in ("daily", "at_once", "never"):
            search = save(person.pk, "q=zurcidora", rhythm=rhythm)
            made = listed(NOW + A_MINUTE, title=f"Zurcidora {rhythm}")
            assert (made.record.public_id in written(person, NOW + 5 * A_MINUTE)) == (rhythm == "at_once")
            assert (made.record.public_id in written(person, MONDAY - 3 * A_DAY)) == (rhythm == "daily")
            assert written(person, MONDAY) == ""
            search.delete()

    def test_puts_several_searches_into_one_message_and_counts_a_record_once(self, person):
        save(person.pk, "q=zurcidora"), save(person.pk, "country=CUB"), save(person.pk, "country=URY")
        listed(NOW + A_MINUTE, title="Zurcidora", countries=["CUB"])
        digests.write_digests(MONDAY)
        (mail,) = mail_to(person)

        assert mail.subject == "Minga: 1 new record in your searches"
        assert "zurcidora: 1 new record" in mail.body and "Cuba: 1 new record" in mail.body
        assert "Uruguay" not in mail.body and "/account/searches/" in mail.body


class TestWhatIsNew:
    def test_is_told_once(self, person):
        save(person.pk, "q=zurcidora", rhythm="at_once")
        listed(NOW + A_MINUTE, title="Zurcidora")

        told = [written(person, NOW + number * 5 * A_MINUTE) for number in range(1, 4)]
        assert [bool(each) for each in told] == [True, False, False]
        assert written(person, NOW + 2 * LOOKS_BACK) == ""

    def test_is_not_lost_when_its_vectors_come_after_the_digest(self, person):
        save(person.pk, "q=quetzalia", rhythm="at_once")
        made = listed(NOW + A_MINUTE, title="Zamoria", summary=None)
        assert written(person, NOW + 5 * A_MINUTE) == ""
        embed_all()

        assert made.record.public_id in written(person, NOW + 10 * A_MINUTE)

    def test_waits_for_the_encoder_rather_than_being_told_by_words_alone(self, person, meaning):
        save(person.pk, "q=zurcidora"), save(person.pk, "country=CUB")
        listed(NOW + A_MINUTE, title="Zurcidora"), listed(NOW + A_MINUTE, countries=["CUB"])
        meaning.is_away = True
        without = written(person, MONDAY)
        meaning.is_away = False

        assert "Cuba: 1 new" in without and "zurcidora:" not in without
        assert "zurcidora: 1 new" in written(person, MONDAY + 3 * A_DAY)

    def test_is_what_the_page_would_list_and_not_what_is_merely_nearest(self, person):
        save(person.pk, "q=zurcidora")
        listed(NOW + A_MINUTE, title="Cosa de otra clase", embedded=True)

        assert written(person, MONDAY) == ""

    def test_is_not_what_she_has_seen_meanwhile(self, person):
        search = save(person.pk, "q=zurcidora")
        listed(NOW + A_MINUTE, title="Zurcidora")
        changes.look(search, at=NOW + A_DAY)

        assert written(person, MONDAY) == ""

    def test_is_not_all_that_came_while_she_wanted_no_mail(self, person):
        search = save(person.pk, "q=zurcidora", rhythm="never")
        listed(NOW + A_MINUTE, title="Zurcidora")
        changes.change(search, name="x", rhythm="at_once", at=NOW + 3 * A_DAY)

        assert written(person, NOW + 3 * A_DAY + A_MINUTE) == ""

    def test_is_unknown_when_a_filter_is_gone(self, person):
        SavedSearch.objects.filter(pk=save(person.pk, "level=local").pk).update(query="level=imperial")
        listed(NOW + A_MINUTE)

        assert written(person, MONDAY) == ""

    def test_reaches_the_others_when_one_search_fails(self, person, monkeypatch):
        other = someone("endorser", "gtm")
        save(person.pk, "country=CUB"), save(other.pk, "country=CUB")
        listed(NOW + A_MINUTE, countries=["CUB"])
        ask = digests.untold
        told = iter([True])
        monkeypatch.setattr(digests, "untold", lambda search: 1 / 0 if next(told, False) else ask(search))

        assert digests.write_digests(MONDAY) == 1


class TestTheMail:
    def test_names_what_is_public_and_only_counts_the_rest(self, person):
        save(person.pk, "country=CUB")
        public = listed(NOW + A_MINUTE, countries=["CUB"])
        shared = listed(NOW + A_MINUTE, countries=["CUB"], visibility="participants", process="rcm")
        text = written(person, MONDAY)

        assert "Cuba: 2 new records" in text and f"Title {public.mark}" in text
        assert f"/r/{public.record.public_id}/" in text and "1 that is not public" in text
        assert shared.mark not in text and shared.record.public_id not in text

    def test_takes_no_header_or_line_from_a_name_or_title(self, person):
        SavedSearch.objects.filter(pk=save(person.pk, "country=CUB").pk).update(name="a\r\nBcc: x@example.org")
        listed(NOW + A_MINUTE, countries=["CUB"])
        digests.write_digests(MONDAY)
        (mail,) = mail_to(person)

        assert "\nBcc" not in mail.body and "\n" not in mail.subject

    def test_that_waits_loses_a_passage_that_is_redacted(self, person, monkeypatch, tmp_path):
        monkeypatch.setattr(redaction.outside, "FILE", str(tmp_path / "redactions.jsonl"))
        save(person.pk, "country=CUB")
        made = listed(NOW + A_MINUTE, title="Caso de Juana Quispe", countries=["CUB"])
        Profile.objects.filter(pk=person.pk).update(language="pt")  # there is no translation
        assert "Juana Quispe" in written(person, MONDAY)
        asked = redaction.ask(made.record.pk, passage="Juana Quispe", reason="Menor.", by=By(operator="t"), at=AT)
        redaction.apply(Redaction.objects.get(pk=asked.pk))

        assert "Quispe" not in mail_to(person)[0].body


class TestWhoMayNotRead:
    def test_is_told_nothing_of_it_not_even_that_there_is_something(self, person):
        save(person.pk, "q=zurcidora"), save(person.pk, "country=GTM"), save(person.pk, "")
        listed(
            NOW + A_MINUTE, title="Zurcidora", countries=["GTM"], visibility="named", audience=("gtm",), embedded=True
        )

        assert written(person, MONDAY) == ""

    def test_since_her_role_has_ended_is_told_nothing_more(self, registry, meaning):
        reader = someone("focal_point", "gtm")
        save(reader.pk, "q=zurcidora", rhythm="at_once")
        listed(NOW + A_MINUTE, title="Zurcidora primera", visibility="named", audience=("gtm",))
        assert "1 new record" in written(reader, NOW + 5 * A_MINUTE)
        listed(NOW + 6 * A_MINUTE, title="Zurcidora segunda", visibility="named", audience=("gtm",))
        Grant.objects.filter(person=reader.pk).update(until=date(2021, 1, 1))

        assert written(reader, NOW + 10 * A_MINUTE) == ""

    @pytest.mark.parametrize("how", [closing.disable, closing.erase])
    def test_because_her_access_was_ended_is_not_written_to_at_all(self, person, how):
        save(person.pk, "country=CUB")
        listed(NOW + A_MINUTE, countries=["CUB"])
        how(Profile.objects.get(pk=person.pk), by=By(operator="tests"))

        assert digests.write_digests(MONDAY) == 0
        assert mail_to(person) == []

    def test_is_not_told_of_what_was_taken_off_the_list(self, person):
        save(person.pk, "country=CUB")
        put_in_state(listed(NOW + A_MINUTE, countries=["CUB"]).version, State.WITHDRAWN)

        assert written(person, MONDAY) == ""

    @pytest.mark.slow
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(world=worlds)
    def test_whoever_she_is_and_whatever_there_is_the_number_is_that_of_what_she_may_read(
        self, registry, meaning, world
    ):
        with undone():
            people = everybody()
            for each in people:
                save(each.pk, "", at=AT - A_DAY)  # the records of a made world are listed at AT
                Profile.objects.filter(pk=each.pk).update(language="en")
            made = make_world(world)
            digests.write_digests(MONDAY)
            for each in people:
                readable = {one.record.pk for one in made if each.may_read(one.version) and _is_listed(one)}
                text = "".join(mail.subject + mail.body for mail in mail_to(each))
                assert (f"All records: {len(readable)} new" in text) == bool(readable), (each, text)
                assert bool(text) == bool(readable)
                public = {one.mark for one in made if _is_listed(one) and one.version.visibility == "public"}
                assert not {one.mark for one in made if one.mark in text} - public


def _is_listed(made) -> bool:
    made.version.refresh_from_db()
    return made.version.is_listed


@given(st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001  (the zone is added below)
def test_every_moment_has_a_last_morning_that_is_not_after_it(moment):
    now = timezone.make_aware(moment)
    daily, weekly = (timezone.localtime(digests.last_morning(rhythm, now)) for rhythm in ("daily", "weekly"))

    assert weekly <= daily <= now and now - daily <= timedelta(hours=25) and now - weekly <= timedelta(days=7, hours=1)
    assert all(later >= earlier for earlier, later in pairwise([weekly, daily]))
    assert (daily.hour, weekly.hour, weekly.weekday()) == (7, 7, 0)
