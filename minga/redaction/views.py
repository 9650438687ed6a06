"""The administrator's page for taking a passage or a file out for good."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.audit.by import By
from minga.people.administration import for_administrators
from minga.redaction import changes, tasks
from minga.redaction.models import Redaction
from minga.registry.queries import find_record


class RedactionForm(forms.Form):
    """What to take out of which record, and why."""

    record = forms.CharField(
        label=gettext_lazy("Record"), max_length=20, help_text=gettext_lazy("Its number, as in its address.")
    )
    passage = forms.CharField(
        label=gettext_lazy("Passage"), widget=forms.Textarea({"rows": 3}), required=False, max_length=5_000,
        help_text=gettext_lazy("Copied from the text. It is searched in all versions, translations, edits, reasons and "
                               "remarks of the record; case, accents and punctuation do not matter. In another "
                               "language it is another passage."),
    )  # fmt: skip
    sha256 = forms.RegexField(
        label=gettext_lazy("Or a file, by its SHA-256"), regex=r"^[0-9a-f]{64}$", required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Shown at the record with the date. Do not repeat the passage here."),
    )  # fmt: skip
    sure = forms.BooleanField(label=gettext_lazy("I know that this cannot be undone."))


@for_administrators
def redact(request: HttpRequest) -> HttpResponse:
    """Asks for a redaction, and shows what became of those asked for."""
    form = RedactionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        record = find_record(values["record"])
        try:
            if record is None:
                raise changes.CannotRedact(_("There is no record %(id)s.") % {"id": values["record"]})
            asked = changes.ask(
                record.pk, passage=values["passage"], sha256=values["sha256"], reason=values["reason"],
                by=By(person=request.person), at=timezone.now(),
            )  # fmt: skip
            tasks.redact.defer(redaction=asked.pk)
            messages.success(request, _("It is being taken out. This page says below when it is done."))
            return redirect("redaction")
        except changes.CannotRedact as problem:
            form.add_error(None, str(problem))
    done = Redaction.objects.values("record__public_id", "words", "reason", "asked_at", "applied_at", "places")[:50]
    return render(
        request, "redaction/redaction.html", {"form": form, "done": done, "section": "administration"},
        status=422 if form.errors else 200,
    )  # fmt: skip
