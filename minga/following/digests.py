"""Mail about what is new in saved searches: of each, how many are new, and which of them everybody may read.

Mail travels in the open. What is not public is counted, for whoever may read it today, and never named.
"""

from collections import defaultdict
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from minga.access.rowsecurity import acting, seeing_all
from minga.accounts.models import Digest, Profile
from minga.exchange import addresses
from minga.following import changes
from minga.following.models import SavedSearch
from minga.following.news import untold
from minga.notifications import outbox
from minga.registry.models import Version
from minga.registry.queries import in_rows

MORNING = 7  # the hour, in the installation's time zone, from which daily digests go out; weekly ones on Mondays
NAMED = 5  # public records of a search that are named

log = structlog.get_logger(__name__)
Told = list[tuple[SavedSearch, list[Version]]]


def write_digests(now: datetime) -> int:
    """Write to everybody in whose saved searches something is new, as often as each prefers. As the worker.

    Args:
        now: the time.

    Returns:
        how many messages were put into the outbox.
    """
    due: dict[int, list[int]] = defaultdict(list)
    with seeing_all():
        people = Profile.objects.filter(is_active=True, erased_at=None).values("pk")
        for search in SavedSearch.objects.filter(person__in=people).exclude(rhythm=Digest.NEVER).order_by("pk"):
            if search.rhythm == Digest.AT_ONCE or search.told_at < last_morning(search.rhythm, now):
                due[search.person].append(search.pk)
    written = 0
    for person, searches in due.items():
        try:
            written += _write_to(person, searches, now)
        except Exception:  # whatever one search ends in, the others' digests go out
            log.exception("digest_failed", person=person)
    return written


def last_morning(rhythm: str, now: datetime) -> datetime:
    """The moment from which the last digests of a rhythm, daily or weekly, were due."""
    local = timezone.localtime(now)
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if rhythm == Digest.WEEKLY:
        morning -= timedelta(days=local.weekday())
    if morning > local:
        morning -= timedelta(days=7 if rhythm == Digest.WEEKLY else 1)
    return morning


def _write_to(person: int, searches: list[int], now: datetime) -> bool:
    """One message, if anything is new. All is asked with the rights that this person has now."""
    with acting(person=person):
        me = Profile.objects.filter(pk=person, is_active=True, erased_at=None).first()
        if me is None:
            return False
        told: Told = []
        for search in SavedSearch.objects.filter(person=person, pk__in=searches).order_by("name", "pk"):
            if search.asked.ignored:  # a filter is gone since: without it, it would be another search
                continue
            news = untold(search)
            if not news.is_whole:  # the encoder is away: put off, since words alone find less
                continue
            changes.note_told(search, news, at=now)
            if news.versions:
                told.append((search, news.versions))
        if not told:
            return False
        with translation.override(me.language):
            subject, body = message(told)
        outbox.put(to=me.email, person=me.pk, subject=subject, body=body, at=now)
    return True


def message(told: Told) -> tuple[str, str]:
    """Subject and text in the active language.

    Args:
        told: searches, and the versions that are new in each.
    """
    number = len({version.record_id for _search, versions in told for version in versions})
    subject = ngettext(
        "%(site)s: %(number)d new record in your searches", "%(site)s: %(number)d new records in your searches", number
    ) % {"site": settings.SITE_NAME, "number": number}
    ending = _("How often you are written to, and how to end it: %(link)s") % {"link": _address("searches")}
    return subject, "\n\n".join([*(_part(search, versions) for search, versions in told), ending])


def _part(search: SavedSearch, versions: list[Version]) -> str:
    """What is told of one search."""
    count = ngettext("%(number)d new record", "%(number)d new records", len(versions)) % {"number": len(versions)}
    lines = [f"{outbox.one_line(search.name)}: {count}"]
    public = [version for version in versions if version.is_public]
    for row in in_rows(public[:NAMED], get_language()):
        link = addresses.lasting(settings.SITE_ADDRESS, row.version.record.public_id)
        lines.append(f"- {outbox.one_line(row.title)}\n  {link}")
    if len(public) < len(versions):
        hidden = len(versions) - len(public)
        lines.append(
            "- " + ngettext("%(number)d that is not public: sign in to read it",
                            "%(number)d that are not public: sign in to read them", hidden) % {"number": hidden}
        )  # fmt: skip
    lines.append(_("All of them: %(link)s") % {"link": _address("search-open", search.pk)})
    return "\n".join(lines)


def _address(name: str, *arguments) -> str:
    return f"{settings.SITE_ADDRESS}{reverse(name, args=arguments)}"
