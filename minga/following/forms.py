"""The form of a saved search."""

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.accounts.models import Digest
from minga.following.changes import LONGEST_NAME
from minga.following.models import SavedSearch


class SavedSearchForm(forms.Form):
    """What she calls a search, and how often she is written to about it."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME,
        help_text=_("It stands in the mail, which travels in the open: choose one that may be read on the way."),
    )  # fmt: skip
    rhythm = forms.ChoiceField(label=_("Mail when something new fits"), choices=Digest)

    @classmethod
    def of(cls, search: SavedSearch, data=None) -> "SavedSearchForm":
        """The form of one search, on a page that holds several.

        Args:
            search: which.
            data: what was sent, if this one was.
        """
        now = {"name": search.name, "rhythm": search.rhythm}
        return cls(data, initial=now, auto_id=f"search-{search.pk}-%s")
