"""Commands that take records in and out."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import Progress

from minga.accounts.command_line import AsPerson, acting_for
from minga.exchange.importing import Importer, Report
from minga.exchange.jsonlines import read_lines
from minga.exchange.previewing import Preview
from minga.installation.problems import InstallationProblem
from minga.registry.kinds import Kind

SHOWN_PROBLEMS = 50
SHOWN_REASONS = 2


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command("import")(import_file)
    app.command("export")(export_records)


def import_file(
    file: Annotated[Path, typer.Argument(help="A file of JSON Lines, one record a line.")],
    kind: Annotated[Kind | None, typer.Option(help="The kind of lines that name none.")] = None,
    state: Annotated[str, typer.Option(help="draft, or published: “taken from a public source”.")] = "draft",
    source: Annotated[str, typer.Option(help="Where it was taken from, for lines without source_url.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")] = False,
    as_person: AsPerson = "",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Take records in from a file. Importing the same file again changes nothing."""
    if state not in ("draft", "published"):
        raise typer.BadParameter(_("The state is draft or published."), param_hint="--state")
    _require_readable(file)
    if as_person and state != "draft":
        raise InstallationProblem(_("A person imports drafts; they are endorsed and published from there."))
    with acting_for(as_person, act="operator.import", file=file.name, state=state, dry_run=dry_run) as acting:
        importer = Importer(
            by=acting.by, at=datetime.now(UTC), turn=acting.turn, publish=state == "published",
            source=source or _source_of(file), kind=kind, dry_run=dry_run,
        )  # fmt: skip
        if dry_run:
            importer.look = Preview(importer.report).look
        report = _run(importer, file, show_progress=not as_json)
    _tell(report, as_json=as_json, dry_run=dry_run)
    sys.exit(1 if report.refused else 0)


def _require_readable(file: Path) -> None:
    """Say what is wrong with the file before anything else happens.

    Raises:
        InstallationProblem: it is missing, a folder, or not readable.
    """
    if file.is_dir():
        raise InstallationProblem(_("%(file)s is a folder. Name a file of JSON Lines.") % {"file": file})
    if not file.is_file():
        raise InstallationProblem(_("There is no file %(file)s.") % {"file": file})
    if not os.access(file, os.R_OK):
        raise InstallationProblem(_("You may not read the file %(file)s.") % {"file": file})


def _run(importer: Importer, file: Path, *, show_progress: bool) -> Report:
    """Import the file with a progress bar.

    Raises:
        InstallationProblem: the file or the database's disk fails on the way; complete batches stay.
    """
    try:
        with file.open("rb") as stream, Progress(console=Console(stderr=True), disable=not show_progress) as progress:
            task = progress.add_task(file.name, total=file.stat().st_size)
            return importer.run(read_lines(stream), lambda rows: progress.update(task, completed=stream.tell()))
    except OSError as problem:
        message = _("%(file)s cannot be read to its end (%(reason)s). What was taken in stays; import it again later.")
        raise InstallationProblem(message % {"file": file, "reason": problem.strerror}) from problem
    except OperationalError as problem:
        message = _("The database stopped in row %(row)d (%(reason)s). What was taken in stays; import the file again.")
        reason = str(problem).strip().split("\n")[0]
        raise InstallationProblem(message % {"row": importer.report.rows, "reason": reason}) from problem


def _source_of(file: Path) -> str:
    """The file's name and date, when nobody says where its rows were taken from."""
    day = datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
    return f"{file.name}, {day.isoformat()}"


def _tell(report: Report, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        counts = {name: getattr(report, name) for name in ("rows", "accepted", "unchanged", "refused")}
        compared = ("alike", "alike_rows", "not_compared") if dry_run else ()
        told = {**counts, "problems": report.problems, **{name: getattr(report, name) for name in compared}}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for problem in report.problems[:SHOWN_PROBLEMS]:
        where = _("row %(row)d") % {"row": problem["row"]} + (f", {problem['column']}" if problem["column"] else "")
        sign = "✗" if problem["severity"] == "error" else "!"
        typer.echo(f"{sign} {where}: {problem['message']}", err=True)
    more = len(report.problems) - SHOWN_PROBLEMS
    if more > 0:
        typer.echo(ngettext("… and %(more)d more problem.", "… and %(more)d more problems.", more) % {"more": more},
                   err=True)  # fmt: skip
    _tell_alike(report)
    text = _("Rows: %(rows)d. Taken in: %(accepted)d. Unchanged: %(unchanged)d. Refused: %(refused)d.")
    typer.echo((_("Dry run, nothing was kept. ") if dry_run else "") + text % vars(report))


def _tell_alike(report: Report) -> None:
    """Which new rows look like what is recorded already, or like another row."""
    for each in report.alike[:SHOWN_PROBLEMS]:
        told = {"row": each["row"], "id": each["id"], "title": each["title"], "how": each["how"]}
        typer.echo("≈ " + _("row %(row)d: %(how)s: %(id)s “%(title)s”") % told, err=True)
        for reason in each["reasons"][:SHOWN_REASONS]:
            typer.echo(f"      {reason['text'][:200]}", err=True)
    for each in report.alike_rows[:SHOWN_PROBLEMS]:
        typer.echo("≈ " + _("row %(row)d looks the same as row %(other_row)d") % each, err=True)
    if report.not_compared:
        text = _("%(number)d more new rows were not compared; minga duplicates --candidates compares a whole file.")
        typer.echo(text % {"number": report.not_compared}, err=True)


def export_records(
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.")] = None,
    country: Annotated[str, typer.Option(help="Only this country (ISO alpha-3).")] = "",
    objective: Annotated[int | None, typer.Option(help="Only this objective of the Compact.")] = None,
    lang: Annotated[str, typer.Option(help="Only records written in this language.")] = "",
    form: Annotated[str, typer.Option("--format", help="jsonl, csv, xlsx or docx.")] = "jsonl",
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
    as_person: AsPerson = "",
) -> None:
    """Write records out: everything that the installation holds, or that a person may read, each with its state."""
    from minga.exchange.exporting import export_all

    given = {"kind": kind.value if kind else "", "country": country.upper(), "language": lang,
             "objective": "" if objective is None else str(objective)}  # fmt: skip
    # Noted before the first record leaves, and kept also when the reader goes away in the middle.
    with acting_for(as_person, act="operator.export", format=form, **given) as acting, acting.turn():
        total = export_all({name: (value,) for name, value in given.items() if value}, form=form, out=out)
    if out is not None:
        text = ngettext("%(number)d record written to %(file)s.", "%(number)d records written to %(file)s.", total)
        typer.echo(text % {"number": total, "file": out}, err=True)
