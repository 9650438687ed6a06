"""Who gives, hands over and ends what: held by the database, whoever asks."""

import time
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from minga.accounts import demonstration, guards
from minga.accounts.models import Invitation, Person, Profile
from minga.actors.models import Grant
from minga.audit.by import By
from minga.audit.models import Entry
from minga.inbox import digests
from minga.inbox.lines import waiting_for
from minga.notifications import outbox
from minga.notifications.models import Mail
from minga.people import closing
from minga.people.inviting import CannotGrant, give_role, invite
from minga.registry import moves
from minga.registry.lifecycle import State
from minga.registry.models import Rules, Version
from tests.access.people import make_person, signed_in_as
from tests.making import actor_id, make_record

BY = By(operator="tests")
TODAY = date(2026, 3, 4)


def call(function: str, *parameters):
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(parameters))
        cursor.execute(f"select {function}({marks})", list(parameters))
        return cursor.fetchone()[0]


def test_the_secretariat_sets_the_rules_of_its_process(as_site):
    secretariat = make_person("secretariat", "rcm-executive-secretariat", "rcm")
    form = {"moderators_needed": 1, "names_shown": "on", "endorse_days": 5, "moderate_days": 6, "publish_days": 7}
    with as_site(secretariat.pk), signed_in_as(secretariat.pk) as client:
        answer = client.post("/es/moderation/rules/rcm/", form)

        assert answer.status_code == 302
        assert Rules.objects.get(process__slug="rcm").moderate_days == 6


class TestAnAdministrator:
    def test_says_again_who_she_is_when_she_last_did_long_ago_and_loses_nothing(self, as_site):
        admin = make_person("administrator", "rcm-executive-secretariat")
        with (
            as_site(admin.pk),
            signed_in_as(admin.pk) as client,
            patch.object(guards, "has_proven_herself", lambda request: False),
        ):
            shown = client.get("/es/administration/people/")
            sent = client.post("/es/administration/people/", {"email": "nueva@slv.example", "name": "Nueva"},
                               headers={"Sec-Fetch-Site": "same-origin"})  # fmt: skip

        assert shown.status_code == 302 and "/es/account/confirm/?next=" in shown.url
        assert sent.status_code == 403 and "nueva@slv.example" in sent.content.decode()
        assert not Profile.objects.filter(email="nueva@slv.example").exists()

    def test_has_proven_herself_for_an_hour_after_she_showed_a_factor(self):
        for ago, is_proven in ((60, True), (3700, False)):
            request = RequestFactory().get("/")
            request.user = Person(pk=7)
            request.session = {"account_authentication_methods": [{"method": "mfa", "at": time.time() - ago}],
                               "account_authentication_methods_user": "7"}  # fmt: skip
            assert guards.has_proven_herself(request) is is_proven

    def test_gives_roles_to_others_and_never_to_herself(self, as_site):
        admin, other = make_person("administrator", "rcm-executive-secretariat"), make_person("contributor", "gtm")
        with as_site(admin.pk):
            give_role(Profile.objects.get(pk=other.pk), role="endorser", actor=_actor("gtm"), process=None,
                      by=By(person=admin.pk), on=TODAY)  # fmt: skip
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Grant.objects.create(person_id=admin.pk, actor_id=actor_id("slv"), role="endorser", since=TODAY,
                                     granted_by=admin.pk)  # fmt: skip
            assert Grant.objects.filter(person_id=admin.pk, role="administrator").update(until=date(2099, 1, 1)) == 0

    def test_leaves_a_trace_of_each_role_whoever_writes_it(self, as_site):
        person = make_person("contributor", "gtm")

        assert Entry.objects.filter(act="role.given", subject=f"person:{person.pk}").exists()

    @pytest.mark.parametrize("role", ["focal_point", "secretariat", "moderator", "endorser"])
    def test_is_nobody_else(self, as_site, role):
        person = make_person(role, "slv", "rcm" if role in ("secretariat", "moderator") else "")
        with as_site(person.pk):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Grant.objects.create(person_id=make_me_another(), actor_id=actor_id("slv"), role="endorser",
                                     since=TODAY, granted_by=person.pk)  # fmt: skip
            with pytest.raises(DatabaseError, match="Not permitted"), transaction.atomic():
                call("accounts_close", person.pk + 10_000, "reset")


def make_me_another() -> int:
    """The id of somebody; that nobody may be granted to is the point."""
    return 1


def _actor(slug: str):
    from minga.actors.models import Actor

    return Actor.objects.get(slug=slug)


class TestHandingOver:
    def test_gives_a_colleague_all_that_one_wrote_for_and_ends_it(self, as_site):
        leaving, staying = make_person("focal_point", "slv"), make_person("contributor", "slv")
        draft = make_record(owner="slv", state=State.DRAFT)
        with as_site(leaving.pk):
            assert call("actors_hand_over", staying.pk) == 1
            assert not Version.objects.filter(pk=draft.version.pk).exists()
        with as_site(staying.pk):
            assert call("minga_my_actors_as", ["focal_point"]) == [actor_id("slv")]
            assert Version.objects.filter(pk=draft.version.pk).exists()

    @pytest.mark.parametrize(("role", "actor"), [("contributor", "gtm"), ("moderator", "iom")])
    def test_goes_to_nobody_outside_the_office(self, as_site, role, actor):
        leaving, other = (
            make_person("focal_point", "slv"),
            make_person(role, actor, "rcm" if role == "moderator" else ""),
        )
        with as_site(leaving.pk), pytest.raises(DatabaseError, match="nobody to hand over to"), transaction.atomic():
            call("actors_hand_over", other.pk)

    def test_never_hands_over_the_right_to_endorse(self, as_site):
        leaving, staying = make_person("endorser", "slv"), make_person("contributor", "slv")
        with as_site(leaving.pk), pytest.raises(DatabaseError, match="nobody to hand over to"), transaction.atomic():
            call("actors_hand_over", staying.pk)


class TestARoleThatEnds:
    def test_ends_what_its_holder_may_do_at_once(self, as_site):
        made = make_record(owner="gtm", state=State.TO_ENDORSE)
        endorser = make_person("endorser", "gtm")
        Grant.objects.filter(person_id=endorser.pk).update(until=date.today() - timedelta(days=1))  # noqa: DTZ011
        with as_site(endorser.pk), pytest.raises(moves.NotThere):
            moves.move(made.version, "endorse", by=By(person=endorser.pk), seen=0)


class TestAnInvitation:
    def _invited(self, **how):
        return invite(email="nueva@example.org", name="Nueva", language="es", role="contributor", actor=_actor("slv"),
                      process=None, by=BY, on=TODAY, **how)  # fmt: skip

    def test_is_kept_as_a_hash_only_and_replaces_the_one_before(self, registry):
        first, second = self._invited(), self._invited()

        assert first.token not in str(Invitation.objects.values())
        assert Invitation.objects.filter(person=second.person, used_at=None).count() == 1

    def test_lets_nobody_in_again_whose_access_was_ended(self, registry):
        invited = self._invited()
        closing.disable(invited.person, by=BY)
        with pytest.raises(CannotGrant):
            self._invited()

        assert not Invitation.objects.filter(person=invited.person, used_at=None).exists()

    def test_gives_a_moderator_her_process_and_an_author_none(self, registry):
        person = self._invited().person
        moderator = give_role(person, role="moderator", actor=_actor("iom"), process=None, by=BY, on=TODAY)

        assert moderator.process.slug == "rcm"
        with pytest.raises(CannotGrant):
            give_role(person, role="focal_point", actor=_actor("rcm"), process=None, by=BY, on=TODAY)


class TestErasing:
    def test_removes_what_is_held_and_keeps_what_was_done(self, as_site):
        made = make_record(owner="slv", state=State.DRAFT)
        person = make_person("focal_point", "slv")
        with as_site(person.pk):
            moves.move(made.version, "send", by=By(person=person.pk))
            closing.erase(Profile.objects.get(pk=person.pk), by=By(person=person.pk))

        gone = Profile.objects.get(pk=person.pk)
        assert (gone.name, gone.is_active, gone.email.endswith("@erased.invalid")) == ("", False, True)
        assert made.version.transitions.get(name="send").by_person == person.pk
        with as_site(person.pk):
            assert not Version.objects.filter(pk=made.version.pk).exists()


class TestDemonstrationAccounts:
    @pytest.mark.parametrize("headers", [
        {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"}, {"REMOTE_ADDR": "::1", "HTTP_VIA": "1.1 x"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}, {"REMOTE_ADDR": "nonsense"},
    ])  # fmt: skip
    def test_are_closed_to_whoever_comes_from_elsewhere(self, headers):
        assert not demonstration.is_open_to(RequestFactory().get("/", **headers))

    def test_are_open_on_the_machine_itself_while_there_is_no_public_name(self, settings):
        request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1")
        assert demonstration.is_open_to(request)
        settings.HOST = "minga.example.org"
        assert not demonstration.is_open_to(request)


class TestMail:
    def test_takes_no_header_from_a_name(self, registry):
        outbox.put(to="a@example.org\r\nBcc: b@example.org", subject="Hola\r\nBcc: b@example.org", body="x")
        mail = Mail.objects.latest("id")

        assert "\n" not in mail.to + mail.subject and "\r" not in mail.to + mail.subject

    def test_of_a_digest_holds_numbers_and_a_link_and_nothing_of_a_record(self, as_site):
        made = make_record(owner="slv", state=State.TO_ENDORSE)
        endorser = make_person("endorser", "slv")
        Profile.objects.filter(pk=endorser.pk).update(digest="at_once")
        with as_site(endorser.pk):
            lines = waiting_for(endorser.pk)
        subject, body = digests.message(lines)

        assert [line.task for line in lines] == ["endorse"]
        assert made.mark not in subject + body
        assert "/inbox/" in body
