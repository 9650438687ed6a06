"""The secretariat's queue of suspected duplicates, and a pair side by side with what may be decided of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.access.permissions import Role
from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.actors import queries as actors
from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.duplicates import comparing, deciding, merging, queue
from minga.duplicates.candidates import of_version
from minga.duplicates.models import Pair, Verdict
from minga.duplicates.reasons import Reason, reasons_of
from minga.duplicates.showing import beside, whole
from minga.language.process import Away
from minga.registry import queries
from minga.registry.kinds import Kind
from minga.registry.models import Version, Visibility
from minga.registry.moves import MovedOn, NoReason, NotThere

A_PAGE = 20
MOST_COUNTED = 1_000


class Counted(Paginator):
    """Pages of a long queue: nobody goes beyond a thousand pairs, so no more are counted."""

    @property
    def count(self) -> int:
        """How many there are, a thousand at most."""
        return self.object_list[:MOST_COUNTED].count()


@signed_in
def pairs(request: HttpRequest) -> HttpResponse:
    """The queue, the likeliest pair first."""
    if not grants.processes_as(Role.SECRETARIAT):
        return nothing_there(request)
    asked = _asked(request)
    page = Counted(queue.pairs(asked), A_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    language = get_language()
    rows = queries.in_rows([version for pair in found for version in (pair.low_version, pair.high_version)], language)
    told = deciding.told([pair.decision for pair in found if pair.decision], language)
    return render(request, "duplicates/queue.html", {
        "page": page, "asked": asked, "section": "duplicates", "is_long": page.paginator.count >= MOST_COUNTED,
        "pairs": [(pair, *rows[2 * at : 2 * at + 2], told.get(pair.decision_id)) for at, pair in enumerate(found)],
        "kinds": Kind.choices, "verdicts": Verdict.choices, "proposals": _proposals(),
        "countries": [(code, actors.country_name(code, language)) for code in actors.american_states(language)],
    })  # fmt: skip


def _asked(request: HttpRequest) -> queue.Asked:
    """What is asked for, as far as it can be understood."""
    kind, verdict = request.GET.get("kind", ""), request.GET.get("verdict", "")
    country = request.GET.get("country", "").upper()
    return queue.Asked(
        kind if kind in Kind.values else "",
        country if country in actors.countries("en") else "",
        verdict if verdict in Verdict.values else "",
    )


def _proposals() -> list[tuple]:
    """Merges that wait for an answer: (merge, title of the one that stays, title of the other)."""
    proposals = merging.under_way()
    versions = Version.objects.in_bulk(
        [pk for each in proposals for pk in (each.kept_version_id, each.merged_version_id)]
    )
    rows = {row.version.pk: row for row in queries.in_rows(versions.values(), get_language())}
    return [(each, rows.get(each.kept_version_id), rows.get(each.merged_version_id)) for each in proposals]


@signed_in
def pair(request: HttpRequest, pair: int) -> HttpResponse:
    """Two records side by side, with why they look the same, and what is to be decided."""
    found = queue.find(pair) if grants.processes_as(Role.SECRETARIAT) else None
    if found is None:
        return nothing_there(request)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _decide(request, found)
        except (NoReason, MovedOn) as refusal:
            problem, status = str(refusal), 422 if isinstance(refusal, NoReason) else 409
            found = queue.find(pair)
        except NotThere:
            found = None
    versions = whole(*found.versions) if found else {}
    if len(versions) < 2:
        return nothing_there(request)
    return render(request, "duplicates/pair.html", _pair_page(request, found, versions, problem), status=status)


def _decide(request: HttpRequest, found: Pair) -> HttpResponse:
    """Keep a decision; the same effort leads on to the merge.

    Raises:
        NoReason, MovedOn, NotThere: it was not kept.
    """
    verdict, seen = request.POST.get("verdict", ""), request.POST.get("seen", "")
    if verdict not in Verdict.values:
        raise NoReason(_("Choose what you decide."))
    deciding.decide(
        found.low_id, found.high_id, verdict, request.POST.get("reason", ""), request.person, versions=found.versions,
        probability=found.probability, seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
    )  # fmt: skip
    if verdict == Verdict.SAME:
        kept, merged = _way_round(found)
        messages.success(request, _("Noted. Now propose to the owners how the two become one."))
        return redirect("merge-propose", kept.record.public_id, merged.record.public_id)
    messages.success(
        request, _("Noted. You are not asked about these two again, unless one of the texts changes much.")
    )
    return redirect("duplicates")


def _way_round(found: Pair) -> tuple[Version, Version]:
    """Which one stays, as a first proposal: what its owner published, then what says more, then the older one."""
    one, other = found.low_version, found.high_version

    def weight(version: Version) -> tuple:
        return version.state == "published", len(version.summary) + len(str(version.details)), -version.record_id

    return (one, other) if weight(one) >= weight(other) else (other, one)


def _pair_page(request: HttpRequest, found: Pair, versions: dict[int, Version], problem: str) -> dict:
    one, other = versions[found.low_version_id], versions[found.high_version_id]
    note_reading(request, one, other)
    kept, merged = _way_round(found)
    told = deciding.told([found.decision], get_language()) if found.decision else {}
    return {
        "pair": found, "one": one, "other": other, "beside": beside(one, other), "problem": problem,
        "typed": request.POST, "decided": told.get(found.decision_id), "verdicts": Verdict.choices,
        "reasons": _reasons(one, other), "kept": kept, "merged": merged,
        "merges": [each for each in merging.of_record(one.record_id) if other.record_id in (each.kept_id, each.merged_id)],
        "section": "duplicates",
    }  # fmt: skip


def _reasons(one: Version, other: Version) -> tuple[Reason, ...]:
    """Why they look the same or different: what stands in the first record and what in the second."""
    facts = comparing.facts_of_versions([other.pk])
    try:
        return reasons_of(of_version(one), [other], facts, [other], comparing.InSite().sentences)[other.pk]
    except Away:  # the encoder is: without sentences
        return reasons_of(of_version(one), [other], facts, [], comparing.InSite().sentences)[other.pk]


def note_reading(request: HttpRequest, *versions: Version) -> None:
    """Who read what is not public stands in the trail."""
    for version in versions:
        if version.visibility != Visibility.PUBLIC:
            audit.note(
                "record.read", subject=f"record:{version.record.public_id}", by_person=request.person,
                owner_actor=version.owner_id, version=version.number,
            )  # fmt: skip
