"""The letter that allows an office to enter a record on another's behalf."""

from django.utils.translation import gettext as _

from minga.registry.checking import ERROR, Problem
from minga.registry.models import Version


def missing_letter(version: Version) -> list[Problem]:
    """A problem for a draft that is entered on another's behalf without a letter among its files."""
    if version.on_behalf_of_id is None or version.attachments.filter(is_letter=True).exists():
        return []
    message = _("It is entered on another's behalf: add the letter that allows it, under “Files”.")
    return [Problem(ERROR, "on_behalf_of", "no_letter", message)]
