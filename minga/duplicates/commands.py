"""The command `minga duplicates`: texts compared with the registry without keeping them, and the pass over all records."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress

from minga.accounts.command_line import AsPerson, acting_for
from minga.duplicates.candidates import Candidate, of_row
from minga.installation.problems import InstallationProblem

AT_ONCE = 16  # texts, so that the first lines come soon
SHOWN = 3  # reasons of a match, for people


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(duplicates)


def duplicates(
    candidates: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help='Records, or lines {"id", "lang", "title", "summary"}.'),
    ] = None,
    all_records: Annotated[
        bool, typer.Option("--all", help="Compare all listed records and fill the queue of suspected duplicates.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many matches of a text.")] = 10,
    as_person: AsPerson = "",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts: a line for each text.")] = False,
) -> None:
    """Which efforts of a file are recorded already, in whatever language: likeliest first, with reasons. Keeps nothing.

    With --all, the suspected duplicates among all listed records; it goes on where it was stopped.
    """
    if (candidates is None) == (not all_records):
        raise InstallationProblem(_("Name a file with --candidates, or ask for --all."))
    if all_records:
        _fill(as_person, as_json=as_json)
        return
    broken: list[str] = []
    with acting_for(as_person, act="operator.duplicates", file=candidates.name) as acting:
        for name, candidate, found in _compared(candidates, broken, acting, limit):
            if as_json:
                typer.echo(json.dumps({"candidate": name, "matches": found}, ensure_ascii=False))
            else:
                _print(name, candidate, found)
    for message in broken:
        typer.echo(message, err=True)
    if broken:
        sys.exit(1)


def _compared(
    file: Path, broken: list[str], acting, limit: int
) -> Iterator[tuple[Any, Candidate, list[dict[str, Any]]]]:
    from minga.duplicates.comparing import Here, similar

    here, texts = Here(), _texts(file, broken)
    while some := list(islice(texts, AT_ONCE)):
        vectors = here.wholes([candidate.whole for _name, candidate in some])
        for (name, candidate), vector in zip(some, vectors, strict=True):
            with acting.turn():
                matches = similar(candidate, limit=limit, encoding=here, vector=vector)
                yield name, candidate, [_told(each) for each in matches]


def _texts(file: Path, broken: list[str]) -> Iterator[tuple[Any, Candidate]]:
    """The texts of a file with their ids (or numbers of lines); what cannot be read is told and left out."""
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.strip():
                continue
            try:
                row = json.loads(raw.decode("utf-8-sig"))
                if not isinstance(row, dict):
                    raise TypeError(_("it is no object"))
                yield row.get("id", number), of_row(row)
            except (ValueError, TypeError, RecursionError) as problem:
                told = {"number": number, "file": file, "why": problem}
                broken.append(_("Line %(number)d of %(file)s is left out: %(why)s") % told)


def _told(match) -> dict[str, Any]:
    record = match.version.record
    return {
        "id": record.public_id, "external_id": record.external_id, "owner": match.version.owner.slug,
        "probability": round(match.probability, 4), "reasons": [each.told() for each in match.reasons],
    }  # fmt: skip


def _print(name: Any, candidate: Candidate, found: list[dict[str, Any]]) -> None:
    typer.echo(f"\n{name}  {candidate.title}")
    for each in found:
        typer.echo(f"  {each['probability']:4.0%}  {each['id']}  {each['external_id']}")
        for reason in each["reasons"][:SHOWN]:
            typer.echo(f"        {reason['text'][:200]}")


def _fill(as_person: str, *, as_json: bool) -> None:
    """The pass over all records: the operator's, since the queue is made of what everybody may not read."""
    from minga.duplicates import queue

    if as_person:
        raise InstallationProblem(_("The queue is filled by the operator, without --as."))
    with (
        acting_for("", act="operator.duplicates_all"),
        Progress(console=Console(stderr=True), disable=as_json or not sys.stderr.isatty()) as progress,
    ):
        task = progress.add_task(_("Comparing"), total=None)
        filled = queue.fill(report=lambda done, total: progress.update(task, completed=done, total=total))
    if as_json:
        typer.echo(json.dumps({"compared": filled.compared, "pairs": filled.pairs, "left": filled.left}))
        return
    text = _("Versions compared: %(compared)d. Suspected pairs: %(pairs)d. Left for later: %(left)d.")
    typer.echo(text % vars(filled))
