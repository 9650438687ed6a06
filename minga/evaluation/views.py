"""Which model proposes objectives and principles here: for administrators and secretariats, who may go back to another."""

from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minga.access.permissions import Role
from minga.accounts.guards import proven, signed_in
from minga.actors import grants
from minga.audit.by import By
from minga.classification import using
from minga.design.answers import nothing_there
from minga.evaluation import listing, retraining


def for_keepers(view):
    """Nothing is there for anybody but administrators and secretariats."""
    proven_view = proven(view)

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not grants.roles() & {Role.ADMINISTRATOR, Role.SECRETARIAT}:
            return nothing_there(request)
        return proven_view(request, *args, **kwargs)

    return guarded


@for_keepers
def models(request: HttpRequest) -> HttpResponse:
    """The models with their figures; one of them is put to use by its button."""
    if request.method == "POST":
        name = request.POST.get("use", "")
        try:
            using.put_to_use(name, by=By(person=request.person))
        except using.NoSuchModel as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("%(name)s proposes from now on.") % {"name": name})
        return redirect("coding-models")
    shown = [(each, [(kind, *_figures(each, kind)) for kind in each.figures]) for each in reversed(listing.models())]
    return render(request, "evaluation/models.html", {
        "models": shown, "fewest": retraining.FEWEST, "fewest_new": retraining.FEWEST_NEW, "section": "administration",
        "is_administrator": grants.is_administrator(),
    })  # fmt: skip


def _figures(each: listing.Listed, kind: str) -> tuple[dict[str, float], dict[str, float]]:
    """Its figures for a kind of labels and those of the model that it was compared with, by names for templates."""
    both = each.figures[kind], each.figures_of_other.get(kind, {})
    return tuple({name.replace(" ", "_").replace("-", "_"): value for name, value in told.items()} for told in both)
