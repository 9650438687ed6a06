"""Mail about what waits: how many things, and a link. Never a title, a name or a reason: mail travels in the open."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minga.access.rowsecurity import acting, seeing_all
from minga.accounts.models import Digest, Profile
from minga.inbox.lines import TASKS, Line, waiting_for
from minga.notifications import outbox
from minga.notifications.models import Mailed

# A digest goes out when this much time has passed since the last one; a little less than a day or week, so that a
# run that comes a minute early does not skip one.
EVERY = {
    Digest.AT_ONCE: timedelta(minutes=4), Digest.DAILY: timedelta(hours=23), Digest.WEEKLY: timedelta(days=6, hours=23),
}  # fmt: skip
MORNING = 7  # the hour, in the installation's time zone, at which daily and weekly digests go out


def write_digests(now: datetime) -> int:
    """Write to everybody for whom something new waits, as often as each prefers. As the worker.

    Args:
        now: the time.

    Returns:
        how many messages were put into the outbox.
    """
    with seeing_all():
        last = dict(Mailed.objects.values_list("person", "at"))
        people = list(Profile.objects.filter(is_active=True, erased_at=None).exclude(digest=Digest.NEVER))
    return sum(_write_to(person, last.get(person.pk), now) for person in people if _is_due(person, last, now))


def _is_due(person: Profile, last: dict[int, datetime], now: datetime) -> bool:
    before = last.get(person.pk)
    if before is not None and now - before < EVERY[person.digest]:
        return False
    return person.digest == Digest.AT_ONCE or timezone.localtime(now).hour == MORNING


def _write_to(person: Profile, before: datetime | None, now: datetime) -> bool:
    """One message, if anything came since the last one; what waits is asked with this person's own rights."""
    with acting(person=person.pk), translation.override(person.language):
        lines = waiting_for(person.pk)
        if not any(before is None or line.since > before for line in lines):
            return False
        subject, body = message(lines)
    with seeing_all():
        outbox.put(to=person.email, person=person.pk, subject=subject, body=body, at=now)
        Mailed.objects.update_or_create(person=person.pk, defaults={"at": now})
    return True


def message(lines: list[Line]) -> tuple[str, str]:
    """Subject and text in the active language."""
    number = len(lines)
    subject = ngettext("%(site)s: %(number)d thing waits for you", "%(site)s: %(number)d things wait for you", number)
    tasks = Counter(line.task for line in lines)
    told = [f"- {TASKS[task]}: {count}" for task, count in tasks.items()]
    dates = [line.due for line in lines if line.due]
    if dates:
        told.append(_("The first is due on %(date)s.") % {"date": date_format(min(dates), "DATE_FORMAT")})
    link = f"{settings.SITE_ADDRESS}{reverse('inbox')}"
    how_often = f"{settings.SITE_ADDRESS}{reverse('account')}"
    ending = _("Sign in to see them: %(link)s\n\nHow often you are written to: %(account)s") % {
        "link": link, "account": how_often,
    }  # fmt: skip
    return subject % {"site": settings.SITE_NAME, "number": number}, "\n".join([*told, "", ending])
