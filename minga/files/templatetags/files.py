"""Template tags of files."""

from django import template

from minga.files.models import Attachment
from minga.registry.models import Version

register = template.Library()


@register.simple_tag
def files_of(version: Version) -> list[Attachment]:
    """The files of a version, in order; a letter that allows its entry is not one of them."""
    return list(version.attachments.filter(is_letter=False).select_related("content"))
