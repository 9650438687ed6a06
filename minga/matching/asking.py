"""Where a page asks for the matches of a record: in a part that comes once the page stands, and a link for who has no script."""

from django.urls import reverse

from minga.matching.showing import may_be_matched
from minga.registry.models import Version
from minga.registry.paths import PATHS


def asked_for(version: Version) -> dict[str, str]:
    """What a page needs to ask for the matches of a version; nothing where the person is shown none.

    Args:
        version: that the current person may read: the one that is listed, or the newest.
    """
    if not may_be_matched(version):
        return {}
    public_id = version.record.public_id
    if version.is_listed:
        return {"matches_address": reverse("matches", args=[PATHS[version.kind], public_id])}
    return {"matches_address": reverse("work-matches", args=[public_id])}
