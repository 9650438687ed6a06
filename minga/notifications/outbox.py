"""Mail leaves through an outbox in the database: put there with the change it tells of, sent by the worker.

Without a mail server (`MINGA_MAIL`) it stays in the outbox, where the administrator reads it.
"""

import re
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from minga.notifications.models import Mail

MOST_ATTEMPTS = 8
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
    """Send what waits. A worker that is killed between handing one over and noting it sends that one again.

    Returns:
        how many were sent.
    """
    if not settings.MAIL_SERVER:
        return 0
    sent = 0
    with get_connection("django.core.mail.backends.smtp.EmailBackend") as server:
        while sent < AT_ONCE and _send_one(server):
            sent += 1
    return sent


def _send_one(server) -> bool:
    """Send the oldest one that waits; a row that another worker is sending is passed over."""
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(sent_at=None, attempts__lt=MOST_ATTEMPTS)
            .order_by("attempts", "created_at", "id")
            .first()
        )
        if mail is None:
            return False
        mail.attempts += 1
        message = EmailMessage(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to], connection=server)
        try:
            message.send()
            mail.sent_at, mail.problem, mail.body = timezone.now(), "", ""  # it may have held a link
        except OSError as problem:  # smtplib's errors are among them
            mail.problem = f"{type(problem).__name__}: {problem}"[:500]
            log.warning("mail_not_sent", mail=mail.pk, attempt=mail.attempts, problem=type(problem).__name__)
        mail.save(update_fields=["attempts", "sent_at", "problem", "body"])
    return mail.sent_at is not None
