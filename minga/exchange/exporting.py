"""What leaves the registry: lists on the site, everything at the command line; both by the same road.

On the site a person takes what she may read, the listed version of each record. The operator takes everything, one
version a record: the listed one, else the one being worked on, else the last.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.dates import format_date
from django.conf import settings
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.actors import queries as actors
from minga.exchange import addresses, writing
from minga.exchange.citations import Citation
from minga.exchange.documents import as_docx
from minga.exchange.outlet import written
from minga.exchange.rows import Turn, complete, row_of
from minga.exchange.workbooks import as_xlsx
from minga.installation.problems import InstallationProblem
from minga.registry.facets import LABELS, label_of
from minga.registry.lifecycle import LISTED, OPEN
from minga.registry.lists import RecordList, conditions
from minga.registry.models import Record, Version
from minga.vocabularies import queries as vocabularies

FORMS = ("jsonl", "json", "csv", "xlsx", "docx")
Cite = Callable[[Version], str]
Chosen = dict[str, tuple[str, ...]]


class TooLong(Exception):
    """A list that is too long for a Word file; the message says what to do."""


@dataclass(frozen=True)
class Selection:
    """Versions to take away, and what is said of them."""

    versions: QuerySet[Version]
    title: str
    about: Callable[[], list[tuple[str, str]]]  # (label, text); only some forms have room for it
    cite: Cite = lambda version: ""
    turn: Turn = nullcontext

    def pieces(self, form: str) -> Iterator[bytes]:
        """The whole as a file of one of FORMS; made while it is read, but for Word.

        Args:
            form: one of FORMS.
        """
        versions = complete(self.versions, turn=self.turn)
        language = get_language() or settings.LANGUAGE_CODE
        match form:
            case "jsonl":
                return writing.as_jsonl(map(row_of, versions))
            case "json":
                return writing.as_json(map(row_of, versions))
            case "csv":
                return writing.as_csv(map(row_of, versions))
            case "xlsx":
                return as_xlsx(map(row_of, versions), about=self.about(), language=language)
        records = ((row_of(version), self.cite(version)) for version in versions)
        return iter([as_docx(records, title=self.title, about=self.about(), language=language)])


def selection_of(asked: RecordList, *, title: str, base: str, turn: Turn) -> Selection:
    """A list of the site.

    Args:
        asked: the list.
        title: its name for readers.
        base: scheme and host of the site.
        turn: makes a transaction as the reader.
    """
    return Selection(asked.versions(), title, lambda: about_list(asked, title=title, base=base), citing(base), turn)


def citing(base: str) -> Cite:
    """How each version is cited today, in the current language."""
    today, language = datetime.now(UTC).date(), get_language()

    def cite(version: Version) -> str:
        address = addresses.lasting(base, version.record.public_id)
        return Citation.of(version, registry=settings.SITE_NAME, address=address, today=today).text(language)

    return cite


def require_short(total: int) -> None:
    """Refuse a Word file of too many records.

    Raises:
        TooLong: naming the limit.
    """
    if total > settings.LONGEST_WORD_LIST:
        message = _(
            "A Word file holds at most %(limit)d records and this list has %(total)d. Narrow it, or take XLSX, CSV or JSON."
        )
        raise TooLong(message % {"limit": settings.LONGEST_WORD_LIST, "total": total})


def about_list(asked: RecordList, *, title: str, base: str) -> list[tuple[str, str]]:
    """What was chosen, when and from where, for the reader of the file."""
    chosen = _in_words(asked.asked)
    if asked.actor:
        chosen.append((_("Actor"), asked.actor))
    address = addresses.list_page(base, asked.kind, asked.query(page=1))
    return [(_("List"), title), *about_taking(asked.total), (_("Address"), address), *chosen, _licence()]


def _in_words(chosen: Chosen) -> list[tuple[str, str]]:
    language = get_language() or settings.LANGUAGE_CODE
    return [
        (str(LABELS[facet]), ", ".join(label_of(facet, code, language) for code in codes))
        for facet, codes in chosen.items()
    ]


def about_taking(total: int) -> list[tuple[str, str]]:
    """From which registry, when, how many."""
    today = format_date(datetime.now(UTC).date(), "long", locale=get_language() or settings.LANGUAGE_CODE)
    return [(_("Registry"), settings.SITE_NAME), (_("Taken on"), today), (_("Records"), str(total))]


def _licence() -> tuple[str, str]:
    return (_("Licence"), _("CC BY 4.0, unless a record's source says otherwise"))


def export_all(chosen: Chosen, *, form: str, out: Path | None) -> int:
    """Write everything that the installation holds and that was chosen, one version a record.

    Args:
        chosen: facet -> values, as on the site.
        form: one of FORMS.
        out: the file to write; standard output without it.

    Returns:
        how many records were written.

    Raises:
        InstallationProblem: form or choice is unknown, the list too long, or the file cannot be written.
    """
    if form not in FORMS:
        raise InstallationProblem(_("The format is one of: %(forms)s.") % {"forms": ", ".join(FORMS)})
    if out is None and form in ("xlsx", "docx"):
        raise InstallationProblem(_("Name the file to write with --out."))
    _require_known(chosen)
    versions = standing_versions().filter(conditions(chosen)).order_by("record_id")
    total = versions.count()
    if form == "docx":
        try:
            require_short(total)
        except TooLong as problem:
            raise InstallationProblem(str(problem)) from problem
    words = _in_words(chosen)
    selection = Selection(versions, settings.SITE_NAME, lambda: [*about_taking(total), *words, _licence()])
    with written(out) as write:
        for piece in selection.pieces(form):
            write(piece)
    return total


def _require_known(chosen: Chosen) -> None:
    """A mistyped country would give an empty file without a word.

    Raises:
        InstallationProblem: naming what is not known.
    """
    known: dict[str, Callable[[str], bool]] = {
        "country": lambda code: code in actors.countries("en"),
        "objective": lambda code: vocabularies.objective_code(int(code)) in vocabularies.labels("gcm-objectives", "en"),
        "language": lambda code: re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) is not None,
    }
    for facet, codes in chosen.items():
        for code in codes:
            if facet in known and not known[facet](code):
                message = _("“%(value)s” is not known (%(facet)s).")
                raise InstallationProblem(message % {"value": code, "facet": LABELS[facet]})


def standing_versions() -> QuerySet[Version]:
    """One version a record: the listed one, else the open one, else the last."""
    rank = Case(
        When(state__in=LISTED, then=Value(0)), When(state__in=OPEN, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    best = Version.objects.filter(record=OuterRef("pk")).annotate(rank=rank).order_by("rank", "-number").values("pk")
    return Version.objects.filter(pk__in=Record.objects.annotate(best=Subquery(best[:1])).values("best"))
