"""Commands of search: search, embed, the encoder's process, and how good it is."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.progress import Progress

from minga.access.command_line import note_command, opened
from minga.access.process import become
from minga.access.rowsecurity import seeing_all
from minga.accounts.command_line import AsPerson, acting_for
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from minga.registry.kinds import Kind
from minga.search import grammar, indexing
from minga.search.answering import answers, encode

AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many results.")]


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(search)
    app.command()(embed)
    app.command()(encoder)


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", filters such as country:COL or -objective:6.')] = "",
    file: Annotated[Path | None, typer.Option(exists=True, help='Many: lines {"id", "lang", "query"}.')] = None,
    lang: Annotated[str, typer.Option(help="Language of the query: es, en, fr, pt. It is guessed otherwise.")] = "",
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.")] = None,
    country: Annotated[str, typer.Option(help="Only this country, as ISO alpha-3.")] = "",
    limit: Limit = 10,
    as_person: AsPerson = "",
    as_json: AsJson = False,
) -> None:
    """Find published records, in whatever language they are."""
    filters = {"kind": (kind.value,) if kind else (), "country": (country.upper(),) if country else ()}
    chosen = {name: values for name, values in filters.items() if values}
    with acting_for(as_person, act="operator.search") as acting:
        lines = _lines(file) if file else [{"id": None, "lang": lang, "query": query}]
        vectors = encode([grammar.read(line["query"]).words for line in lines])
        for line, vector in zip(lines, vectors, strict=True):
            with acting.turn():
                found = answers(line["query"], language=line["lang"], chosen=chosen, vector=vector, limit=limit)
            if file:
                typer.echo(json.dumps({"id": line["id"], "results": found}, ensure_ascii=False))
            elif as_json:
                typer.echo(json.dumps({"results": found}, ensure_ascii=False, indent=1))
            else:
                _print(found)


def _lines(file: Path) -> list[dict]:
    """Queries from JSON Lines.

    Raises:
        InstallationProblem: a line is not as it should be; the message says which.
    """
    read = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            read.append(
                {"id": line.get("id", number), "lang": str(line.get("lang") or ""), "query": str(line["query"])}
            )
        except (ValueError, KeyError, AttributeError) as problem:
            message = _('Line %(number)d of %(file)s is not {"id": …, "lang": …, "query": …}.')
            raise InstallationProblem(message % {"number": number, "file": file}) from problem
    return read


def _print(found: list[dict]) -> None:
    if not found:
        typer.echo(_("Nothing is found."), err=True)
    for each in found:
        typer.echo(f"{each['id']}  {each['lang']}  {each['title']}")
        typer.echo(f"    {each['passage'][:160]}\n    {each['why']}")


def embed(
    show_status: Annotated[bool, typer.Option("--status", help="Say how far it is, and do nothing.")] = False,
    ship: Annotated[Path | None, typer.Option(help="Write the vectors of all public passages into a file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Embed what was published since, with progress. It can be stopped and goes on where it was."""
    from minga.language.encoders import default_encoder

    with opened():
        note_command("operator.embed")
        become("worker")
        encoder = default_encoder()
        if not show_status and not ship:
            with Progress(disable=as_json or not sys.stderr.isatty()) as progress:
                task = progress.add_task(_("Embedding"), total=None)
                most = [0]

                def told(left: int) -> None:
                    most[0] = max(most[0], left)
                    progress.update(task, total=most[0], completed=most[0] - left)

                indexing.embed(encoder, turn=seeing_all, told=told)
        with seeing_all():
            if ship:
                number = indexing.ship(encoder, ship)
                typer.echo(_("%(number)d vectors written to %(file)s.") % {"number": number, "file": ship})
            now = indexing.status(encoder.name)
    told_now = {"encoder": encoder.name, "listed": now.listed, "embedded": now.embedded, "waiting": now.stale}
    if as_json:
        typer.echo(json.dumps(told_now))
    else:
        typer.echo(
            _("%(embedded)d of %(listed)d listed records have vectors of %(encoder)s; %(waiting)d wait.") % told_now
        )


def encoder() -> None:
    """Hold the encoder and answer the site's processes (started by `minga up`)."""
    from minga.language import process
    from minga.language.encoders import default_encoder

    process.serve(Home.of_environment(), default_encoder())
