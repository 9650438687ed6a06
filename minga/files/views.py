"""Files of records: served to whoever may read the version, and never as something that a browser would run."""

from functools import partial
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.access.rowsecurity import acting
from minga.accounts.guards import signed_in
from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.files import changes
from minga.files.checking import LARGEST, Refused, check
from minga.files.models import Attachment
from minga.registry.drafts import own_draft
from minga.registry.lifecycle import JUDGED
from minga.registry.models import Version
from minga.registry.moves import NotPossible

SANDBOX = "sandbox; default-src 'none'"


def file(request: HttpRequest, attachment: int) -> HttpResponse:
    """A file, to keep; pages show pictures from here too."""
    found = Attachment.objects.select_related("version", "version__record", "content").filter(pk=attachment).first()
    if found is None:
        return nothing_there(request)
    person = getattr(request, "person", None)
    if not found.version.is_public:
        audit.note(
            "file.read", subject=f"record:{found.version.record.public_id}", by_person=person,
            owner_actor=None if found.version.state in JUDGED else found.version.owner_id, file=found.pk,
        )  # fmt: skip
    response = StreamingHttpResponse(
        changes.pieces_of(found.content_id, turn=partial(acting, person=person)), content_type=found.media_type
    )
    response["Content-Length"] = str(found.content.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "public, max-age=300" if found.version.is_public else "private, no-store"
    return response


@signed_in
def files(request: HttpRequest, public_id: str) -> HttpResponse:
    """The files of a draft: add, describe, take off."""
    version = own_draft(public_id)
    if version is None:
        return nothing_there(request)
    problem, description = "", request.POST.get("description", "").strip()
    if request.method == "POST":
        problem = _act_on(request, version, description)
        if not problem:
            return redirect("work-files", public_id)
    page = {
        "version": version, "record": version.record, "attachments": version.attachments.select_related("content"),
        "problem": problem, "description": description, "largest": LARGEST, "megabytes": LARGEST // 1024 // 1024,
        "section": "work",
    }  # fmt: skip
    return render(request, "files/files.html", page, status=422 if problem else 200)


def _act_on(request: HttpRequest, version: Version, description: str) -> str:
    """Do what the pressed button says; returns what is to be mended."""
    chosen = request.POST.get("file-id", "")
    attachment = version.attachments.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    if attachment is not None and "take-off" in request.POST:
        changes.take_off(attachment)
        messages.success(request, _("Taken off this version. Earlier versions keep it."))
        return ""
    if attachment is not None:
        changes.describe(attachment, description)
        messages.success(request, _("Saved."))
        return ""
    upload = request.FILES.get("file")
    if upload is None:
        return _("Choose a file first.")
    if upload.size > LARGEST:
        return _("The file is larger than %(megabytes)d MB.") % {"megabytes": LARGEST // 1024 // 1024}
    try:
        checked = check(upload.name, upload.read())
    except Refused as refused:
        return str(refused)
    if checked.is_image and not description:
        return _("Say in a sentence what the picture shows, for those who do not see it; then choose the file again.")
    try:
        changes.attach(
            version,
            checked,
            description=description,
            by=request.person,
            at=timezone.now(),
            is_letter="letter" in request.POST and version.on_behalf_of_id is not None,
        )
    except NotPossible as refusal:
        return str(refusal)
    messages.success(request, _("The file is with the record."))
    return ""
