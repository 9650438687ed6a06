"""Commands on records: list, show, and the steps of their lifecycle."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.accounts.command_line import Acting, AsPerson, acting_for
from minga.installation.problems import InstallationProblem
from minga.registry import drafts, moves, telling
from minga.registry.kinds import Kind
from minga.registry.lifecycle import State
from minga.registry.models import Version

RecordId = Annotated[str, typer.Argument(metavar="ID", help="The record's id, as in its address.")]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
Reason = Annotated[str, typer.Option(help="Why; whoever it concerns reads it.")]
NEXT = {State.DRAFT: "send", State.ENDORSED: "submit"}


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command("list")(list_records)
    app.command()(show)
    app.command()(submit)
    app.command()(endorse)
    app.command()(publish)
    app.command()(withdraw)
    app.command()(move)


def list_records(
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.")] = None,
    state: Annotated[State | None, typer.Option(help="Only versions in this editorial state.")] = None,
    owner: Annotated[str, typer.Option(help="Only records of this actor (its short name).")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 50,
    as_person: AsPerson = "",
    as_json: AsJson = False,
) -> None:
    """List records, each by its newest version that may be read."""
    with _record_errors(as_person, "operator.list") as acting, acting.turn():
        found = telling.newest_versions(kind=kind or "", state=state or "", owner=owner)
        rows = [telling.as_line(version) for version in found[:limit]]
        total = found.count()
    if as_json:
        typer.echo(json.dumps({"total": total, "records": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['kind']:11} {row['owner']:12} {row['state']:22} {row['title'][:70]}")
    typer.echo(_("%(shown)d of %(total)d.") % {"shown": len(rows), "total": total}, err=True)


def show(record: RecordId, as_person: AsPerson = "", as_json: AsJson = False) -> None:
    """Show a record: where it stands, who has it, what comes next, and what it says."""
    with _record_errors(as_person, "operator.show", subject=f"record:{record}") as acting, acting.turn():
        version = _newest(record)
        told = telling.as_whole(version)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"{told['title']}\n{told['id']} · {told['kind']} · {told['owner']} · v{told['version']} · {told['state']}"
    )
    typer.echo(_("Since %(since)s with: %(holder)s.") % {"since": told["since"], "holder": told["holder"]})
    typer.echo(_("You may: %(steps)s.") % {"steps": ", ".join(told["steps"]) or "—"})
    for step in told["history"]:
        typer.echo(f"  {step['at']}  {step['step']}: {step['from'] or '·'} → {step['to']}  {step['reason']}".rstrip())


def submit(record: RecordId, as_person: AsPerson = "", as_json: AsJson = False) -> None:
    """Send a draft to its endorsing office; once it is endorsed, submit it to its process."""
    with _record_errors(as_person, "operator.submit", subject=f"record:{record}") as acting, acting.turn():
        version = _newest(record)
        _take(acting, version, NEXT.get(version.state, "submit"), "", as_json)


def endorse(record: RecordId, as_person: AsPerson = "", as_json: AsJson = False) -> None:
    """Endorse the version that waits for it, on behalf of its owner's office."""
    _step("endorse", record, as_person, as_json)


def publish(
    record: RecordId,
    from_source: Annotated[
        str, typer.Option(help="For a draft: the public source it was taken from; it is listed as such at once.")
    ] = "",
    as_person: AsPerson = "",
    as_json: AsJson = False,
) -> None:
    """Publish an accepted version; the version that was listed before stays in the history."""
    _step("publish_from_source" if from_source else "publish", record, as_person, as_json, from_source)


def withdraw(record: RecordId, reason: Reason = "", as_person: AsPerson = "", as_json: AsJson = False) -> None:
    """Take a published record off the site. Its address says that it was withdrawn, and why."""
    _step("withdraw", record, as_person, as_json, reason)


def move(
    record: RecordId,
    step: Annotated[str, typer.Argument(help="One of the steps that `minga show` offers.")],
    reason: Reason = "",
    as_person: AsPerson = "",
    as_json: AsJson = False,
) -> None:
    """Take any step of the lifecycle: recall, return, reopen, archive, abandon, …"""
    _step(step, record, as_person, as_json, reason)


def _step(name: str, record: str, as_person: str, as_json: bool, reason: str = "") -> None:
    with _record_errors(as_person, f"operator.{name}", subject=f"record:{record}") as acting, acting.turn():
        _take(acting, _version_for(record, name), name, reason, as_json)


def _take(acting: Acting, version: Version, name: str, reason: str, as_json: bool) -> None:
    before = version.state
    if (
        name in ("send", "endorse", "publish_from_source")
        and version.state == State.DRAFT
        and (problems := drafts.missing(version))
    ):
        raise moves.NotPossible(" ".join(problem.message for problem in problems))
    state = moves.move(version, name, by=acting.by, reason=reason, seen=version.revision)
    public_id = version.record.public_id
    if as_json:
        told = {"id": public_id, "version": version.number, "step": name, "from": before, "to": state}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(_("Record %(id)s is now: %(state)s.") % {"id": public_id, "state": state.label})


def _version_for(record: str, step: str) -> Version:
    """The newest version with which the step can be taken, else the newest there is (which then says why not)."""
    versions = telling.versions_of(record)
    if not versions:
        raise moves.NotThere
    able = (each for each in versions if step in {one.name for one in moves.steps_now(each)})
    return next(able, versions[0])


def _newest(record: str) -> Version:
    versions = telling.versions_of(record)
    if not versions:
        raise moves.NotThere
    return versions[0]


@contextmanager
def _record_errors(as_person: str, act: str, **details) -> Iterator[Acting]:
    """Not there and not permitted end alike."""
    try:
        with acting_for(as_person, act=act, **details) as acting:
            yield acting
    except moves.NotThere as problem:
        record = str(details.get("subject", "")).removeprefix("record:")
        raise InstallationProblem(_("There is no record %(id)s.") % {"id": record}) from problem
    except moves.NotPossible as problem:
        raise InstallationProblem(str(problem)) from problem
