"""Mail leaves when it can; when it cannot, the administrator sees why and lets it be sent again."""

import smtplib
import socket
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog
from django.apps import apps
from django.core.mail.utils import DNS_NAME
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from minga.audit.models import Entry
from minga.notifications import outbox
from minga.notifications.models import MOST_ATTEMPTS, PAUSES, Mail
from minga.notifications.reasons import reason_of, told
from tests.access.people import make_person, signed_in_as
from tests.notifications.mailserver import mail_server


@pytest.fixture(autouse=True)
def _nothing_waits(registry):
    Mail.objects.all().delete()


@pytest.fixture
def served(settings):
    """A mail server that the settings name."""

    @contextmanager
    def serving(**how):
        with mail_server(**how) as taken:
            settings.MAIL_SERVER, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://here", "127.0.0.1", taken.port
            yield taken

    return serving


@pytest.fixture
def away(settings):
    """The settings name a mail server that is away."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.MAIL_SERVER, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://here", "127.0.0.1", port


def put(to: str = "ana@example.org") -> None:
    outbox.put(to=to, subject="Tres cosas esperan", body="https://minga.example.org/es/inbox/")


def pass_time() -> None:
    """All that waits is due."""
    Mail.objects.exclude(again_at=None).update(again_at=timezone.now() - timedelta(seconds=1))


class TestAMailServer:
    def test_is_not_called_when_nothing_waits(self, served):
        with served() as taken:
            assert outbox.send_waiting() == 0

        assert taken.connections == 0

    def test_takes_what_waits_on_one_connection(self, served):
        put()
        put("bea@example.org")
        with served() as taken:
            assert outbox.send_waiting() == 2

        assert (taken.connections, len(taken.messages)) == (1, 2)
        assert not Mail.objects.exclude(body="", again_at=None).exists()

    def test_is_told_the_sites_name(self, served, settings, monkeypatch):
        monkeypatch.setattr(DNS_NAME, "_fqdn", "localhost", raising=False)
        settings.HOST = "minga.example.org"
        apps.get_app_config("notifications").ready()
        put()
        with served() as taken:
            outbox.send_waiting()

        assert taken.commands[0].lower() == "ehlo minga.example.org"
        assert f"Message-ID: <{Mail.objects.get().pk}." in taken.messages[0]
        assert "@minga.example.org>" in taken.messages[0]

    def test_that_refuses_one_address_takes_the_others(self, served):
        put("nobody@example.org")
        put("bea@example.org")
        with served(refuses="nobody") as taken:
            assert outbox.send_waiting() == 1

        refused = Mail.objects.get(sent_at=None)
        assert len(taken.messages) == 1
        assert "550 5.1.1" in refused.reason and "no such user" in refused.reason
        assert "nobody" not in refused.problem and "secret" not in refused.problem


class TestAMailServerThatIsAway:
    def test_is_one_line_in_the_log_and_a_reason_with_each_mail(self, away):
        put()
        put("bea@example.org")
        with structlog.testing.capture_logs() as lines:
            outbox.send_waiting()

        assert [(line["event"], line["waiting"]) for line in lines] == [("mail_server_away", 2)]
        assert "exc_info" not in lines[0]
        assert {mail.reason for mail in Mail.objects.all()} == {"the mail server is not reached (Connection refused)"}

    def test_is_tried_less_and_less_often_for_two_days(self, away):
        put()
        pauses = []
        for _each in range(MOST_ATTEMPTS):
            outbox.send_waiting()
            mail = Mail.objects.get()
            if mail.again_at:
                pauses.append(round((mail.again_at - timezone.now()).total_seconds() / 60))
            pass_time()
        outbox.send_waiting()

        assert pauses == sorted(pauses) == list(PAUSES)
        assert 45 <= sum(pauses) / 60 <= 50
        assert (Mail.objects.get().attempts, Mail.objects.get().is_given_up) == (MOST_ATTEMPTS, True)

    def test_is_not_asked_before_the_pause_is_over(self, away, served):
        put()
        outbox.send_waiting()
        with served() as taken:
            assert outbox.send_waiting() == 0
            assert taken.connections == 0
            pass_time()
            assert outbox.send_waiting() == 1


class TestAReason:
    @pytest.mark.parametrize("problem", [
        smtplib.SMTPAuthenticationError(535, b"5.7.8 ana@example.org with aHVudGVyMg== is wrong"),
        smtplib.SMTPSenderRefused(553, b"<ana@example.org> aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVyMg==", "ana@example.org"),
        smtplib.SMTPRecipientsRefused({"ana@example.org": (450, b"4.2.0 ana@example.org is greylisted\r\n")}),
    ])  # fmt: skip
    def test_holds_no_address_and_no_secret(self, problem):
        assert "ana" not in reason_of(problem) and "aHVudGVy" not in reason_of(problem)
        assert "\n" not in reason_of(problem)

    def test_is_told_in_the_readers_language(self):
        with translation.override("es"):
            assert told("away Connection refused") == "no se llega al servidor de correo (Connection refused)"

    def test_of_an_earlier_version_is_told_as_it_is(self):
        assert told("TimeoutError: timed out") == "TimeoutError: timed out"


class TestAnAdministrator:
    def test_sees_the_reason_and_lets_it_be_sent_again(self, as_site, served):
        admin = make_person("administrator", "rcm-executive-secretariat")
        put()
        Mail.objects.update(attempts=MOST_ATTEMPTS, problem="away Connection refused")
        mail = Mail.objects.get()
        with served(), as_site(admin.pk), signed_in_as(admin.pk) as client:
            before = client.get("/en/administration/outbox/").content.decode()
            done = client.post(f"/en/administration/outbox/{mail.pk}/again/")
            after = client.get("/en/administration/outbox/").content.decode()
            again = client.post(f"/en/administration/outbox/{mail.pk}/again/")
        with served() as taken:
            assert outbox.send_waiting() == 1

        assert "given up after 12 tries: the mail server is not reached (Connection refused)" in before
        assert f"/en/administration/outbox/{mail.pk}/again/" in before
        assert (done.status_code, again.status_code) == (302, 404)
        assert f"/{mail.pk}/again/" not in after
        assert len(taken.messages) == 1
        assert Entry.objects.filter(act="mail.sent_again", by_person=admin.pk).count() == 1

    def test_changes_nothing_else_of_a_mail(self, as_site):
        admin = make_person("administrator", "rcm-executive-secretariat")
        put()
        for column in ("\"to\" = 'eve@example.org'", "body = 'x'", "sent_at = now()", "subject = 'x'"):
            with as_site(admin.pk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                _run(f"update notifications_mail set {column}")

    @pytest.mark.parametrize("role", ["focal_point", "secretariat"])
    def test_is_nobody_else(self, as_site, role):
        person = make_person(role, "slv", "rcm" if role == "secretariat" else "")
        put()
        Mail.objects.update(attempts=MOST_ATTEMPTS)
        mail = Mail.objects.get()
        with as_site(person.pk), signed_in_as(person.pk) as client:
            answer = client.post(f"/en/administration/outbox/{mail.pk}/again/")
            changed = outbox.send_again(mail.pk)

        assert (answer.status_code, changed) == (404, False)
        assert Mail.objects.get().attempts == MOST_ATTEMPTS


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
