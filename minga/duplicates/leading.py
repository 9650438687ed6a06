"""Addresses of merged records lead to the record that stays, whatever was asked of them, in one step.

By a redirect that is not permanent: a merge can be undone, and browsers keep a permanent one for good.
"""

from django.http import HttpResponse
from django.shortcuts import redirect

from minga.duplicates.merging import where_it_went
from minga.registry.paths import PATHS
from minga.registry.queries import find_listed


def merged_elsewhere(public_id: str, name: str = "record", *rest: str) -> HttpResponse | None:
    """The answer at an address of a merged record; None where it was not merged, or the reader may not read where it went.

    Args:
        public_id: of the record that was asked for.
        name: of the address, whose first parts are the kind and the record.
        rest: its further parts.
    """
    went = where_it_went(public_id)
    version = find_listed(went.kept.public_id) if went and went.kept else None
    return redirect(name, PATHS[version.kind], version.record.public_id, *rest) if version else None
