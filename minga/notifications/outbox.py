"""Mail leaves through an outbox in the database: put there with the change it tells of, sent by the worker.

Without a mail server (`MINGA_MAIL`) it stays in the outbox, where the administrator reads it. What cannot be sent is
tried again after growing pauses, for two days; then it is given up until an administrator asks for it.
"""

import re
import smtplib
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from minga.access.rowsecurity import seeing_all
from minga.notifications.models import MOST_ATTEMPTS, PAUSES, Mail
from minga.notifications.reasons import reason_of

FAILURES = (OSError, ValueError)  # of the network and the server (smtplib's are among the first), and of the message
AT_ONCE = 50
_LINE_BREAKS = re.compile(r"[\r\n\x00-\x1f\x7f\u2028\u2029]+")

log = structlog.get_logger(__name__)


def put(*, to: str, subject: str, body: str, person: int | None = None, at: datetime | None = None) -> None:
    """Put a message into the outbox, in the current transaction.

    Args:
        to: one address.
        subject: one line; line breaks become blanks, so that nobody smuggles headers in.
        body: plain text.
        person: the id of whom it is for.
        at: when it was written.
    """
    # Plain SQL, since Django's insert reads the new id back: whoever writes need not be allowed to read.
    with connection.cursor() as cursor:
        cursor.execute(
            'insert into notifications_mail ("to", person, subject, body, created_at, attempts, problem)'
            " values (%s, %s, %s, %s, %s, 0, '')",
            [one_line(to), person, one_line(subject)[:300], body, at or timezone.now()],
        )


def one_line(text: str) -> str:
    """A text without line breaks or control signs."""
    return _LINE_BREAKS.sub(" ", text).strip()


class Backend(BaseEmailBackend):
    """Where Django and allauth hand their mail in."""

    def send_messages(self, email_messages) -> int:
        """Put each message into the outbox."""
        for message in email_messages:
            for to in message.to:
                put(to=to, subject=message.subject, body=message.body)
        return len(email_messages)


def send_waiting() -> int:
    """Send what is due. As the worker; each message in a transaction of its own.

    A worker that is killed between handing one over and noting it sends that one again, with the same Message-ID.

    Returns:
        how many were sent.
    """
    if not settings.MAIL_SERVER:
        return 0
    with seeing_all():
        if not _due().exists():  # nobody is called for nothing
            return 0
    server = get_connection("django.core.mail.backends.smtp.EmailBackend")
    try:
        server.open()
        return _send_one_by_one(server)
    except FAILURES as problem:  # of opening: those of a message are noted with it
        reason = reason_of(problem)
        with seeing_all():
            waiting = _put_off(_due(), reason)
        log.warning("mail_server_away", reason=reason, waiting=waiting)
        return 0
    finally:
        with suppress(*FAILURES):
            server.close()


def send_again(mail: int) -> bool:
    """Let the worker try a message anew that was given up. As an administrator.

    Returns:
        whether there was such a message.
    """
    given_up = Mail.objects.filter(pk=mail, sent_at=None, attempts__gte=MOST_ATTEMPTS)
    return bool(given_up.update(attempts=0, again_at=None))


def _due() -> QuerySet[Mail]:
    return Mail.objects.filter(Q(again_at=None) | Q(again_at__lte=timezone.now()), sent_at=None,
                               attempts__lt=MOST_ATTEMPTS)  # fmt: skip


def _put_off(mails: QuerySet[Mail], reason: str) -> int:
    """Note a try that failed, and when the next one is; returns for how many."""
    now = timezone.now()
    keys = list(mails.values_list("pk", "attempts"))
    for tried in {attempts for _key, attempts in keys}:
        Mail.objects.filter(pk__in=[key for key, attempts in keys if attempts == tried]).update(
            attempts=tried + 1, problem=reason,
            again_at=now + timedelta(minutes=PAUSES[tried]) if tried < len(PAUSES) else None,
        )  # fmt: skip
    return len(keys)


def _send_one_by_one(server) -> int:
    sent = 0
    for _number in range(AT_ONCE):
        with seeing_all():
            # Those that were tried least go first; a row that another worker is sending is passed over.
            mail = _due().select_for_update(skip_locked=True).order_by("attempts", "created_at", "id").first()
            if mail is None:
                break
            problem = _send(mail, server)
        sent += problem is None
        if isinstance(problem, OSError) and not isinstance(problem, smtplib.SMTPRecipientsRefused):
            break  # the same would be said of the next one
    return sent


def _send(mail: Mail, server) -> Exception | None:
    """Hand one over and note what became of it; returns what went wrong."""
    name = f"<{mail.pk}.{mail.created_at:%Y%m%d%H%M%S}@{DNS_NAME}>"
    try:
        EmailMessage(
            mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to], connection=server,
            headers={"Message-ID": name},
        ).send()  # fmt: skip
    except FAILURES as problem:
        reason = reason_of(problem)
        _put_off(Mail.objects.filter(pk=mail.pk), reason)
        log.warning("mail_not_sent", mail=mail.pk, attempt=mail.attempts + 1, reason=reason)
        return problem
    mail.attempts += 1
    mail.sent_at, mail.again_at, mail.problem, mail.body = timezone.now(), None, "", ""  # it may have held a link
    mail.save(update_fields=["attempts", "sent_at", "again_at", "problem", "body"])
    return None
