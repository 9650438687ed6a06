"""A list of records as one value: what was chosen, how it is sorted, which page. Page, counts, feed and files of a
list are all made from it, so they never disagree.

It is read from a query string. Nonsense there is never an error: what cannot be understood is left out and said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from minga.actors import queries as actors
from minga.registry import counts
from minga.registry.counts import FACETS, UNKNOWN, Counted
from minga.registry.kinds import Kind
from minga.registry.models import Participation, Version
from minga.vocabularies import queries as vocabularies

SCHEMES = {"objective": "gcm-objectives", "principle": "gcm-principles", "population": "populations",
           "level": "levels", "progress": "progress"}  # fmt: skip
COLUMNS = {"kind": "kind", "language": "language", "level": "level", "progress": "progress", "year": "year",
           "country": "places", "objective": "objectives", "principle": "principles",
           "population": "populations"}  # fmt: skip
ARRAYS = {"country", "objective", "principle", "population"}
ORDERS = {
    "region": (F("is_of_region").desc(), F("listed_at").desc(), F("record_id").desc()),
    "newest": (F("listed_at").desc(), F("record_id").desc()),
    "year": (F("year").desc(nulls_last=True), F("record_id").desc()),
    "title": (F("title").asc(), F("record_id").asc()),
}
DEFAULT_ORDER = "region"
# Up to this many matches are fetched by their ids and sorted; above, an index is walked in the list's order.
NARROW = 3_000
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class RecordList:
    """What a reader asked for."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = DEFAULT_ORDER
    page: int = 1
    kind: str = ""  # fixed by the address: /practices/
    actor: str = ""  # slug of an actor that takes part
    ignored: tuple[str, ...] = ()  # what was not understood, as it was written

    @classmethod
    def read(cls, query: QueryDict, *, kind: str = "") -> "RecordList":
        """Understand a query string.

        Args:
            query: the request's GET parameters.
            kind: the kind that the address fixes, if it does.
        """
        chosen: dict[str, tuple[str, ...]] = {}
        ignored: list[str] = []
        for facet in FACETS:
            values = [part.strip() for value in query.getlist(facet)[:200] for part in value.split(",") if part.strip()]
            values = list(dict.fromkeys(spelled(facet, value) for value in values))
            good = [value for value in values if exists(facet, value)]
            ignored += [f"{facet}={value[:40]}" for value in values if value not in good]
            if good and not (facet == "kind" and kind):
                chosen[facet] = tuple(good)
        order = query.get("sort", DEFAULT_ORDER)
        if order not in ORDERS:
            ignored.append(f"sort={order[:40]}")
            order = DEFAULT_ORDER
        page = _page_number(query.get("page", "1"))
        if page is None:
            ignored.append(f"page={query['page'][:40]}")
        actor = query.get("actor", "")
        if actor and not re.fullmatch(r"[a-z0-9-]{1,80}", actor):
            ignored.append(f"actor={actor[:40]}")
            actor = ""
        known = {*FACETS, "sort", "page", "actor", "q", "spelling"}
        ignored += [name[:40] for name in query if name not in known]
        return cls(chosen, order, page or 1, kind, actor, tuple(_printable(text) for text in ignored[:10]))

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """What was chosen, the address's kind included."""
        return {**self.chosen, "kind": (self.kind,)} if self.kind else dict(self.chosen)

    @cached_property
    def scope(self) -> list[int] | None:
        """The ids of the records that the list is confined to beside its facets; None for all."""
        if not self.actor:
            return None
        return list(
            Participation.objects.filter(actor__slug=self.actor, version__is_listed=True)
            .values_list("version__record_id", flat=True)
            .distinct()
        )

    @cached_property
    def counted(self) -> Counted:
        """The total and the counts beside each filter."""
        return counts.count(self.asked, within=self.scope)

    @property
    def total(self) -> int:
        """How many records match."""
        return self.counted.total

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // settings.RECORDS_PER_PAGE))

    @property
    def shown_page(self) -> int:
        """The page that is shown: the last one when the asked one lies beyond."""
        return min(self.page, self.pages)

    @property
    def next_page(self) -> int:
        """The number of the page after the shown one."""
        return self.shown_page + 1

    @property
    def previous_page(self) -> int:
        """The number of the page before the shown one."""
        return self.shown_page - 1

    @property
    def first_number(self) -> int:
        """The place of the first shown record in the whole list, from 1."""
        return (self.shown_page - 1) * settings.RECORDS_PER_PAGE + 1

    @cached_property
    def rows(self) -> list[Version]:
        """The versions of the shown page."""
        first = (self.shown_page - 1) * settings.RECORDS_PER_PAGE
        return list(self._fastest().select_related("record")[first : first + settings.RECORDS_PER_PAGE])

    def versions(self) -> QuerySet[Version]:
        """All matching listed versions, in order."""
        found = Version.objects.listed().filter(conditions(self.asked)).order_by(*ORDERS[self.order])
        return found if self.scope is None else found.filter(record_id__in=self.scope)

    def _fastest(self) -> QuerySet[Version]:
        """The same, by whichever road is shorter."""
        if self.total > NARROW or not (self.asked or self.actor):
            return self.versions()
        ids = counts.matching_ids(self.asked, within=self.scope, at_most=NARROW)
        if ids is None:
            return self.versions()
        beyond = Q(is_public=False) & conditions(self.asked)
        if self.scope is not None:
            beyond &= Q(record_id__in=self.scope)
        return (
            Version.objects.listed()
            .filter(counts.among(ids) & Q(is_public=True) | beyond)
            .order_by(*ORDERS[self.order])
        )

    def query(self, **changes) -> str:
        """The query string of this list with changes, defaults left out: query(page=2), query(country=())."""
        values: dict[str, object] = {**self.chosen, "sort": self.order, "actor": self.actor, **changes}
        if "page" not in values:  # asked for only when needed, since it takes the counts to know the last page
            values["page"] = self.shown_page if self.page > 1 else 1
        if values["sort"] == DEFAULT_ORDER:
            values["sort"] = ""
        if values["page"] == 1:
            values["page"] = ""
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)

    def without(self, facet: str, value: str) -> "RecordList":
        """The list with one choice taken back."""
        left = tuple(each for each in self.chosen.get(facet, ()) if each != value)
        chosen = {name: values for name, values in {**self.chosen, facet: left}.items() if values}
        return replace(self, chosen=chosen, page=1)


def conditions(asked: Mapping[str, tuple[str, ...]]) -> Q:
    """The choice as a condition on versions."""
    condition = Q()
    for facet, values in asked.items():
        column = COLUMNS[facet]
        if facet in ARRAYS:
            condition &= Q(**{f"{column}__overlap": list(values)})
            continue
        given = [value for value in values if value != UNKNOWN]
        branch = Q(**{f"{column}__in": given})
        if UNKNOWN in values:
            branch |= Q(year__isnull=True) if facet == "year" else Q(**{column: ""}) | Q(**{column: UNKNOWN})
        condition &= branch
    return condition


def spelled(facet: str, value: str) -> str:
    """Values as we spell them: country=slv means SLV, objective=05 means 5."""
    if facet == "country":
        return value.upper()
    if facet == "objective" and value.isascii() and value.isdigit():
        return str(int(value))
    return value


def exists(facet: str, value: str) -> bool:
    """Whether a value of a facet exists at all; otherwise it is said that it was left out."""
    match facet:
        case "kind":
            return value in Kind.values
        case "country":
            return value in actors.countries("en")
        case "language":
            return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) is not None
        case "year":
            return value == UNKNOWN or re.fullmatch(r"[12]\d{3}", value) is not None
        case "objective":
            code = vocabularies.objective_code(int(value)) if re.fullmatch(r"\d{1,3}", value, re.ASCII) else ""
            return code in vocabularies.labels("gcm-objectives", "en")
    return value in vocabularies.labels(SCHEMES[facet], "en") or (value == UNKNOWN and facet in ("level", "progress"))


def _printable(text: str) -> str:
    """What was written, without signs that no page can show."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def _page_number(text: str) -> int | None:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return None
    return min(max(1, int(text)), LAST_PAGE)
