"""The command `minga match`: what may answer needs that are in a file and nowhere else."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from minga.accounts.command_line import AsPerson, acting_for
from minga.language.encoders import default_encoder
from minga.matching import reading
from minga.matching.matching import KINDS, Match, answers_to
from minga.matching.reading import Reading
from minga.matching.stories import Story, story_in
from minga.registry.kinds import Kind

AT_ONCE = 16  # needs that are read together, so that the first lines come soon
# As the page says it (matching/matches.html).
ONLY_WORDS = gettext_noop("Only words are compared at the moment, not meaning: records in other languages are missing.")


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(match)


def match(
    file: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help='Needs: lines {"id", "lang", "title", "text"}.')
    ],
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many records for each need.")] = 10,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only these kinds of record; else all that may help.")] = None,
    as_person: AsPerson = "",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts: a line for each need.")] = False,
) -> None:
    """Find the practices, initiatives, offers and pledges that may answer needs, each with a probability and a reason.

    The file's texts are read on this machine alone; nothing of them is kept.
    """
    broken: list[str] = []
    kinds = tuple(kind or KINDS)
    with acting_for(as_person, act="operator.match") as acting:
        with acting.turn():
            is_possible = reading.is_possible()
        if not is_possible:
            typer.echo(_(ONLY_WORDS), err=True)
        stories = _stories(file, broken)
        while some := list(islice(stories, AT_ONCE)):
            for (name, story), read in zip(some, _read([story for _name, story in some], is_possible), strict=True):
                with acting.turn():
                    found = answers_to(read, limit=limit, kinds=kinds)
                if as_json:
                    typer.echo(json.dumps({"id": name, "matches": [_told(each) for each in found]}, ensure_ascii=False))
                else:
                    _print(name, story, found)
    for message in broken:
        typer.echo(message, err=True)
    if broken:
        sys.exit(1)


def _read(stories: list[Story], is_possible: bool) -> list[Reading]:
    if not is_possible:
        return [reading.by_words_alone(story) for story in stories]
    return reading.read_many(stories, default_encoder())


def _stories(file: Path, broken: list[str]) -> Iterator[tuple[Any, Story]]:
    """The needs of a file with their ids (or numbers of lines); what cannot be read is told and left out."""
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            if not raw.strip():
                continue
            try:
                row = json.loads(raw.decode("utf-8-sig"))
                if not isinstance(row, dict):
                    raise TypeError(_("it is no object"))
                yield row.get("id", number), story_in(row)
            except (ValueError, TypeError, RecursionError) as problem:
                told = {"number": number, "file": file, "why": problem}
                broken.append(_("Line %(number)d of %(file)s is left out: %(why)s") % told)


def _told(each: Match) -> dict[str, Any]:
    """A match for scripts."""
    record = each.version.record
    return {
        "id": record.public_id, "external_id": record.external_id, "owner": each.version.owner.slug,
        "kind": each.version.kind, "probability": each.probability, "why": each.why, "title": each.version.title,
        "lang": each.version.language, "asked": each.asked, "passage": each.passage,
    }  # fmt: skip


def _print(name: Any, story: Story, found: list[Match]) -> None:
    typer.echo(f"\n{name}  {story.title}")
    if not found:
        typer.echo("    " + _("Nothing is found."))
    for each in found:
        sure = "    " if each.probability is None else f"{each.probability:4.0%}"
        typer.echo(f"  {sure}  {each.version.record.public_id}  {each.version.kind}  {each.version.title}")
        typer.echo(f"        “{each.passage[:160]}”\n        {each.why}")
