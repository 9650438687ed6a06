"""Commands that take records in and out."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import Progress

from minga.access.command_line import opened, operating
from minga.access.process import become
from minga.access.rowsecurity import acting_as_operator, operator_name, seeing_all
from minga.audit.by import By
from minga.exchange.importing import Importer, Report
from minga.exchange.jsonlines import read_lines
from minga.installation.problems import InstallationProblem
from minga.registry.kinds import Kind

SHOWN_PROBLEMS = 50


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
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Take records in from a file. Importing the same file again changes nothing."""
    if state not in ("draft", "published"):
        raise typer.BadParameter(_("The state is draft or published."), param_hint="--state")
    if not file.is_file():
        raise InstallationProblem(_("There is no file %(file)s.") % {"file": file})
    with opened():
        become("worker")
        with acting_as_operator(act="operator.import", file=file.name, state=state, dry_run=dry_run):
            pass
        importer = Importer(
            by=By(operator=operator_name()), at=datetime.now(UTC), turn=seeing_all, publish=state == "published",
            source=source or _source_of(file), kind=kind, dry_run=dry_run,
        )  # fmt: skip
        with file.open("rb") as stream, Progress(console=Console(stderr=True), disable=as_json) as progress:
            task = progress.add_task(file.name, total=file.stat().st_size)
            report = importer.run(read_lines(stream), lambda rows: progress.update(task, completed=stream.tell()))
    _tell(report, as_json=as_json, dry_run=dry_run)
    sys.exit(1 if report.refused else 0)


def _source_of(file: Path) -> str:
    """The file's name and date, when nobody says where its rows were taken from."""
    day = datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
    return f"{file.name}, {day.isoformat()}"


def _tell(report: Report, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        counts = {name: getattr(report, name) for name in ("rows", "accepted", "unchanged", "refused")}
        typer.echo(json.dumps({**counts, "problems": report.problems}, ensure_ascii=False, indent=1))
        return
    for problem in report.problems[:SHOWN_PROBLEMS]:
        where = _("row %(row)d") % {"row": problem["row"]} + (f", {problem['column']}" if problem["column"] else "")
        sign = "✗" if problem["severity"] == "error" else "!"
        typer.echo(f"{sign} {where}: {problem['message']}", err=True)
    more = len(report.problems) - SHOWN_PROBLEMS
    if more > 0:
        typer.echo(ngettext("… and %(more)d more problem.", "… and %(more)d more problems.", more) % {"more": more},
                   err=True)  # fmt: skip
    text = _("Rows: %(rows)d. Taken in: %(accepted)d. Unchanged: %(unchanged)d. Refused: %(refused)d.")
    typer.echo((_("Dry run, nothing was kept. ") if dry_run else "") + text % vars(report))


def export_records(
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.")] = None,
    country: Annotated[str, typer.Option(help="Only this country (ISO alpha-3).")] = "",
    objective: Annotated[int | None, typer.Option(help="Only this objective of the Compact.")] = None,
    lang: Annotated[str, typer.Option(help="Only records written in this language.")] = "",
    form: Annotated[str, typer.Option("--format", help="jsonl, csv, xlsx or docx.")] = "jsonl",
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
) -> None:
    """Write records out: everything the installation holds, drafts included, each with its state."""
    from minga.exchange.exporting import export_all

    with operating("operator.export", format=form, kind=kind or "", country=country, objective=objective, lang=lang):
        chosen = {
            "kind": [kind.value] if kind else [],
            "country": [country.upper()] if country else [],
            "objective": [str(objective)] if objective else [],
            "language": [lang] if lang else [],
        }
        export_all({name: tuple(values) for name, values in chosen.items() if values}, form=form, out=out)
