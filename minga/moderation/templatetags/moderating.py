"""Template tags of moderation."""

from django import template

from minga.moderation.criteria import criteria_for
from minga.moderation.models import Mark
from minga.moderation.queries import Remark

register = template.Library()


@register.simple_tag
def criteria_marks(remark: Remark, kind: str) -> list[tuple[str, str, str]]:
    """The filled-in lines of a sheet: (criterion, mark, remark)."""
    labels = dict(Mark.choices)
    return [
        (str(each.label), str(labels.get(given.get("mark"), "—")), given.get("remark", ""))
        for each in criteria_for(kind)
        if (given := remark.marks.get(each.code))
    ]
