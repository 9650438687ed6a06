"""Commands that run and keep an installation."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from minga.access.command_line import note_command, opened
from minga.access.process import become
from minga.access.rowsecurity import seeing_all
from minga.installation.database import Database
from minga.installation.home import Home

PORT = 8000


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(init)
    app.command()(up)
    app.command()(serve)
    app.command()(work)
    app.command()(backup)
    app.command()(restore)
    app.command()(doctor)
    app.command()(demo)


def init(
    empty: Annotated[bool, typer.Option("--empty", help="Without the bundled real records.")] = False,
) -> None:
    """Make an installation in MINGA_HOME, or bring it to this version. Safe to run again."""
    from minga.operations.unfinished import begin_anew

    begin_anew(Home.of_environment())
    make_installation(bundled=not empty)


def make_installation(*, bundled: bool) -> None:
    """Make or upgrade the installation, with a progress bar."""
    from minga.operations import demonstration
    from minga.operations.initialising import initialise

    home = Home.of_environment()
    home.create()
    texts = {
        "roles": _("Database roles"),
        "tables": _("Tables"),
        "vocabularies": _("Vocabularies"),
        "actors": _("Countries and organisations"),
        "records": _("Bundled records"),
    }
    columns = (TextColumn("{task.description:30}"), BarColumn(), MofNCompleteColumn())
    with opened() as database, Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(texts["roles"], total=1)

        def step(name: str, done: int, total: int) -> None:
            progress.update(task, description=texts[name], completed=done, total=total)

        initialise(database, bundled=bundled, step=step)
        if bundled:
            demonstration.ensure(home)
        progress.update(task, description=_("Ready"), completed=1, total=1)
    home.remember(bundled=bundled)


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", envvar="MINGA_PORT")] = PORT,
) -> None:
    """Run the site and its worker until Ctrl-C or SIGTERM. On a trial without MINGA_HOST, make the installation first."""
    from minga.operations.supervising import Supervisor, require_installation

    home = Home.of_environment()
    require_installation(home, hosted=bool(settings.HOST))
    with Supervisor.sole(home, host=host, port=port) as supervisor:
        supervisor.run(make_installation, _how_to_sign_in)


def _how_to_sign_in() -> str:
    from minga.operations import demonstration

    home = Home.of_environment()
    become("worker")
    with seeing_all():
        if home.holds_bundled or settings.HOST:
            demonstration.ensure(home)
    lines = demonstration.lines(home)
    return told_how_to_sign_in(lines) if lines else ""


def demo(as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False) -> None:
    """Say how to sign in as each kind of user, with the code of the second factor that holds now."""
    from minga.operations import demonstration

    home = Home.of_environment()
    with opened():
        become("worker")
        with seeing_all():
            demonstration.ensure(home)
    lines = demonstration.lines(home)
    if as_json:
        names = ("role", "email", "password", "code")
        typer.echo(json.dumps([dict(zip(names, line, strict=True)) for line in lines], ensure_ascii=False, indent=1))
    elif lines:
        typer.echo(told_how_to_sign_in(lines))
    else:
        typer.echo(_("There are no demonstration accounts: this site has a public name (MINGA_HOST)."))


def told_how_to_sign_in(lines: list[tuple[str, str, str, str]]) -> str:
    """The demonstration accounts as a table for the terminal."""
    head = _("To try it as somebody who is signed in, on this machine only (codes change; again with: minga demo):")
    rows = [f"  {role:18} {email:56} {password}   {code}" for role, email, password, code in lines]
    return "\n".join([head, *rows])


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", envvar="MINGA_PORT")] = PORT,
) -> None:
    """Serve the site."""
    from minga.operations.serving import serve_site

    with opened():
        serve_site(host=host, port=port)


def work(
    until_idle: Annotated[bool, typer.Option("--until-idle", help="Stop when no job is left.")] = False,
) -> None:
    """Do the jobs that are due, and take over those of killed workers."""
    from minga.operations.working import work_on_jobs

    with opened() as database:
        done = work_on_jobs(database, until_idle=until_idle)
    if until_idle:
        typer.echo(_("Jobs done: %(number)d.") % {"number": done})


def backup(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the whole installation into one file: database, uploads, settings of its roles left out."""
    from minga.operations.backups import back_up

    with opened() as database:
        note_command("operator.backup", file=file.name)
        written = back_up(database, file)
    typer.echo(_("%(file)s: %(records)d records, %(size).1f MB.") % {
        "file": file, "records": written.records, "size": written.size / 1e6})  # fmt: skip


def restore(
    file: Annotated[Path, typer.Argument(help="A file that minga backup wrote.", exists=True)],
    redactions: Annotated[
        Path | None,
        typer.Option(help="redactions.jsonl of the old home: what was redacted since is taken out again.", exists=True),
    ] = None,
) -> None:
    """Make an installation in MINGA_HOME, which must not hold one yet, from a backup."""
    from minga.operations.restoring import restore_into

    restored = restore_into(Home.of_environment(), file, redactions=redactions)
    with opened():
        note_command("operator.restore", file=file.name)
    typer.echo(_("Restored %(records)d records from %(file)s.") % {"file": file, "records": restored.records})


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Recount, and give the roles their rights anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say what is wrong with the installation and how to mend it. Exit code 1 when anything is."""
    from minga.operations import examining

    if repair:
        with opened() as database:
            note_command("operator.repair")
            examining.repair(database, tell=lambda text: typer.echo(text, err=True))
    findings = examining.examine(Database())
    if as_json:
        typer.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            typer.echo(f"{'✓' if finding.is_well else '✗'} {finding.text}")
            if finding.remedy:
                typer.echo(f"  → {finding.remedy}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)
