"""What leaves the registry: lists on the site, everything at the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from babel.dates import format_date
from django.conf import settings
from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.exchange import writing
from minga.exchange.documents import as_docx
from minga.exchange.rows import rows_of
from minga.installation.problems import InstallationProblem
from minga.registry.facets import LABELS, label_of
from minga.registry.lifecycle import LISTED, OPEN
from minga.registry.lists import RecordList, conditions
from minga.registry.models import Record, Version

FORMS = ("jsonl", "json", "csv", "xlsx", "docx")


class TooLong(Exception):
    """A list that is too long for a Word file; the message says what to do."""


def pieces_of(asked: RecordList, form: str, *, title: str) -> Iterator[bytes]:
    """A list of the site in one of the forms.

    Raises:
        TooLong: a Word file of more records than settings allow.
    """
    versions = asked.versions()
    if form == "docx":
        require_short(asked.total)
    about = about_of(asked, title=title)
    return _pieces(versions, form, title=title, about=about)


def require_short(total: int) -> None:
    """Refuse a Word file of too many records.

    Raises:
        TooLong: naming the limit.
    """
    if total > settings.LONGEST_WORD_LIST:
        message = _("A Word file holds at most %(limit)d records and this list has %(total)d. Narrow it, or take XLSX, CSV or JSON.")
        raise TooLong(message % {"limit": settings.LONGEST_WORD_LIST, "total": total})


def about_of(asked: RecordList, *, title: str) -> list[tuple[str, str]]:
    """What was chosen, when and from where, for the reader of the file."""
    language = get_language()
    today = format_date(datetime.now(UTC).date(), "long", locale=language)
    chosen = [
        (str(LABELS[facet]), ", ".join(label_of(facet, code, language) for code in codes))
        for facet, codes in asked.asked.items()
    ]
    return [
        (_("List"), title),
        (_("Registry"), settings.SITE_NAME),
        (_("Taken on"), today),
        (_("Records"), str(asked.total)),
        *chosen,
        (_("Licence"), _("CC BY 4.0, unless a record's source says otherwise")),
    ]


def _pieces(versions, form: str, *, title: str, about: list[tuple[str, str]]) -> Iterator[bytes]:
    rows = rows_of(versions)
    match form:
        case "jsonl":
            return writing.as_jsonl(rows)
        case "json":
            return writing.as_json(rows)
        case "csv":
            return writing.as_csv(rows)
        case "xlsx":
            return iter([writing.as_xlsx(rows, about=about)])
    return iter([as_docx(rows, title=title, about=about, language=get_language())])


def export_all(chosen: dict[str, tuple[str, ...]], *, form: str, out: Path | None) -> int:
    """Write everything that the installation holds and that was chosen, one version a record.

    Args:
        chosen: facet -> values, as on the site.
        form: one of FORMS.
        out: the file to write; standard output without it.

    Returns:
        how many records were written.

    Raises:
        InstallationProblem: the form is unknown, the list too long for it, or the file cannot be written.
    """
    if form not in FORMS:
        raise InstallationProblem(_("The format is one of: %(forms)s.") % {"forms": ", ".join(FORMS)})
    if out is None and form in ("xlsx", "docx"):
        raise InstallationProblem(_("Name the file to write with --out."))
    versions = standing_versions().filter(conditions(chosen)).order_by("record_id")
    total = versions.count()
    try:
        if form == "docx":
            require_short(total)
    except TooLong as problem:
        raise InstallationProblem(str(problem)) from problem
    about = [(_("Registry"), settings.SITE_NAME), (_("Taken on"), date.today().isoformat()),  # noqa: DTZ011
             (_("Records"), str(total))]  # fmt: skip
    with _written(out) as stream:
        for piece in _pieces(versions, form, title=settings.SITE_NAME, about=about):
            stream.write(piece)
    return total


def standing_versions():
    """One version a record: the listed one, else the open one, else the last."""
    rank = Case(
        When(state__in=LISTED, then=Value(0)), When(state__in=OPEN, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    best = Version.objects.filter(record=OuterRef("pk")).annotate(rank=rank).order_by("rank", "-number").values("pk")
    return Version.objects.filter(pk__in=Record.objects.annotate(best=Subquery(best[:1])).values("best"))


@contextmanager
def _written(out: Path | None) -> Iterator[BinaryIO]:
    """A file that appears only when it is whole, or standard output.

    Raises:
        InstallationProblem: the disk is full, or the folder cannot be written.
    """
    try:
        if out is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        is_device = out.exists() and not out.is_file()
        draft = out if is_device else out.with_name(f"{out.name}.new")
        with draft.open("wb") as stream:
            yield stream
        if not is_device:
            draft.replace(out)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stdout = None
        raise SystemExit(0) from None
    except OSError as problem:
        raise InstallationProblem(
            _("%(file)s cannot be written (%(reason)s). Choose another place, or free some space.")
            % {"file": out or "-", "reason": problem.strerror}
        ) from problem
