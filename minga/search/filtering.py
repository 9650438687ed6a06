"""The filters of a search as conditions on version ids, so that they hold inside each statement and not after it.

Of a narrow choice the ids are fetched from the kept bits (registry/counts.py), and whatever is compared is looked up
among them; of a wide one each candidate is asked whether it passes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from django.db.models import Q

from minga.access.rowsecurity import sees_public_only
from minga.registry import counts
from minga.registry.lists import NARROW, conditions
from minga.registry.models import Version
from minga.search.grammar import Query


@dataclass(frozen=True)
class Filters:
    """Which versions a search is confined to."""

    narrow: tuple[int, ...] | None = None  # the versions that pass, where they are few
    _sql: str = ""  # else the versions that pass, one id a row
    _parameters: tuple = field(default=())

    def within(self, column: str) -> tuple[str, list]:
        """A condition on a column with version ids, beginning with "and", and its parameters; ("", []) without filters.

        Args:
            column: its name in the statement.
        """
        if self.narrow is not None:
            return f" and {column} = any(%s)", [list(self.narrow)]
        if not self._sql:
            return "", []
        # A scalar subselect is asked row by row, by the primary key; "in" would read all that pass, for a few candidates.
        return f" and (select true from ({self._sql}) passing where passing.pk = {column})", list(self._parameters)

    @property
    def passing(self) -> tuple[str, list] | None:
        """The ids that pass as SQL and its parameters; None without filters."""
        if self.narrow is not None:
            return "select unnest(%s::bigint[])", [list(self.narrow)]
        return (self._sql, list(self._parameters)) if self._sql else None


NONE = Filters()


def filters_of(query: Query) -> Filters:
    """The filters that a query asks for.

    Args:
        query: as it was understood.
    """
    if not query.chosen and not query.excluded:
        return NONE
    excluded = [~conditions({facet: values}) for facet, values in query.excluded.items() if values]
    condition = reduce(and_, excluded, conditions(query.chosen))
    if query.chosen and (records := counts.matching_ids(query.chosen, at_most=NARROW)) is not None:
        return Filters(narrow=tuple(_listed(records, condition, excluded)))
    sql, parameters = Version.objects.listed().filter(condition).order_by().values("pk").query.sql_with_params()
    return Filters(_sql=sql, _parameters=parameters)


def _listed(records: list[int], condition: Q, excluded: Iterable[Q]) -> Iterable[int]:
    """The listed versions of public records that were chosen, and those that this person may read beside them."""
    passing = reduce(and_, excluded, counts.among(records) & Q(is_public=True))
    if not sees_public_only():
        passing |= Q(is_public=False) & condition
    return Version.objects.listed().filter(passing).order_by("pk").values_list("pk", flat=True)
