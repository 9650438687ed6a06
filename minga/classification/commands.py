"""The command `minga code`: proposals of objectives and principles for texts in a file."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from minga.classification.texts import Text, text_of

AT_ONCE = 16  # texts, so that the first lines come soon
SHOWN = 4  # proposals of a kind, for people


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(code)


def code(
    file: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help='Records, or lines {"id", "lang", "title", "summary"}.')
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="For scripts: a line for each record, with all labels.")
    ] = False,
) -> None:
    """Propose objectives and principles of the Compact for texts, with probabilities and evidence. Nothing is kept."""
    from minga.classification.coding import Coder

    broken: list[str] = []
    coder = Coder()
    texts = _texts(file, broken)
    while some := list(islice(texts, AT_ONCE)):
        for (name, text), coded in zip(some, coder.code([text for _name, text in some]), strict=True):
            told = coded.told()
            if as_json:
                typer.echo(json.dumps({"id": name} | told, ensure_ascii=False))
            else:
                _print(name, text, told)
    for message in broken:
        typer.echo(message, err=True)
    if broken:
        sys.exit(1)


def _texts(file: Path, broken: list[str]) -> Iterator[tuple[Any, Text]]:
    """The texts of a file with their ids (or numbers of lines); what cannot be read is told and left out."""
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.strip():
                continue
            try:
                row = json.loads(raw.decode("utf-8-sig"))
                if not isinstance(row, dict):
                    raise TypeError(_("it is no object"))
                yield row.get("id", number), text_of(row)
            except (ValueError, TypeError, RecursionError) as problem:
                told = {"number": number, "file": file, "why": problem}
                broken.append(_("Line %(number)d of %(file)s is left out: %(why)s") % told)


def _print(name: Any, text: Text, told: dict[str, list[dict[str, Any]]]) -> None:
    typer.echo(f"\n{name}  {text.title}")
    for proposals in told.values():
        for each in proposals[:SHOWN]:
            label, *rest = each.values()
            typer.echo(f"  {rest[0]:4.0%}  {label}  {' / '.join(rest[1])[:120]}")
