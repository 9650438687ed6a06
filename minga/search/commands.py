"""Commands of search: search, embed, the encoder's process, and how good it is."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.progress import Progress

from minga.access.command_line import note_command, opened
from minga.access.process import become
from minga.access.rowsecurity import seeing_all
from minga.accounts.command_line import AsPerson, acting_for
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem
from minga.registry.kinds import Kind
from minga.search import axes as measuring
from minga.search import grammar, indexing, sets, spelling, wordlist
from minga.search.answering import answers, encode

AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many results.")]
# As the page says it (search/understood.html).
ONLY_WORDS = gettext_noop(
    "Only words are searched at the moment, not meaning: records in other languages may be missing. Try again in a minute."
)


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
        words = [grammar.read(line["query"]).words for line in lines]
        vectors, made_with = encode(words)
        if any(words) and not made_with:
            typer.echo(_(ONLY_WORDS), err=True)
        for line, vector in zip(lines, vectors, strict=True):
            with acting.turn():
                reading = spelling.meant(grammar.read(line["query"]), language=line["lang"])
                found = answers(
                    line["query"], language=line["lang"], chosen=chosen, vector=vector, limit=limit,
                    encoder=made_with, reading=reading,
                )  # fmt: skip
            told = {"meant": reading.typed_right} if reading.meant else {}
            if file:
                typer.echo(json.dumps({"id": line["id"], **told, "results": found}, ensure_ascii=False))
            elif as_json:
                typer.echo(json.dumps({**told, "results": found}, ensure_ascii=False, indent=1))
            else:
                _print(found, reading)


def _lines(file: Path) -> list[dict]:
    """Queries from JSON Lines.

    Raises:
        InstallationProblem: a line is not as it should be; the message says which.
    """
    read = []
    for number, text in enumerate(file.read_bytes().splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            if not isinstance(line["query"], str):
                raise TypeError
            read.append({"id": line.get("id", number), "lang": str(line.get("lang") or ""), "query": line["query"]})
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            message = _('Line %(number)d of %(file)s is not {"id": …, "lang": …, "query": …}.')
            raise InstallationProblem(message % {"number": number, "file": file}) from problem
    return read


def _print(found: list[dict], reading: spelling.Reading) -> None:
    if reading.meant:
        typer.echo(_("Did you mean: %(query)s? It was searched too.") % {"query": reading.typed_right}, err=True)
    if not found:
        typer.echo(_("Nothing is found."), err=True)
    for each in found:
        typer.echo(f"{each['id']}  {each['lang']}  {each['title']}")
        typer.echo(f"    {each['passage'][:160]}\n    {each['why']}")


def embed(
    show_status: Annotated[bool, typer.Option("--status", help="Say how far it is, and do nothing.")] = False,
    axes: Annotated[
        bool, typer.Option("--axes", help="Measure a service's model anew, on today's translations.")
    ] = False,
    ship: Annotated[Path | None, typer.Option(help="Write the vectors of all public passages into a file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Embed what was published since, with progress. It can be stopped and goes on where it was."""
    from minga.language.encoders import default_encoder

    with opened():
        note_command("operator.embed")
        become("worker")
        if axes:
            _measure()
        plan = sets.plan(seeing_all, measures=not show_status)
        if not show_status and not ship:
            _embed(plan, quiet=as_json or not sys.stderr.isatty())
        with seeing_all():
            if ship:
                number = indexing.ship(default_encoder(), ship)
                typer.echo(_("%(number)d vectors written to %(file)s.") % {"number": number, "file": ship})
            told = indexing.status(plan)
    if as_json:
        first = {"encoder": told[0].name, "listed": told[0].listed, "embedded": told[0].embedded,
                 "waiting": told[0].waiting} if told else {}  # fmt: skip
        typer.echo(
            json.dumps({**first, "sets": [asdict(each) for each in told], "is_service_known": plan.wanted is not None})
        )
        return
    for line in _status_lines(plan, told):
        typer.echo(line)


def _measure() -> None:
    """Compute the language axes of a service's model."""
    from minga.language.endpoint import ServiceTrouble

    asked = sets.service()
    if asked is None:
        raise InstallationProblem(_("The encoder of this machine brings its language axes with it."))
    try:
        made = measuring.set_up(asked, turn=seeing_all)
    except ServiceTrouble as problem:
        text = _("The embeddings service at %(host)s fails: %(reason)s.")
        raise InstallationProblem(text % {"host": asked.host, "reason": problem}) from problem
    typer.echo(
        _("%(encoder)s: %(number)d language axes, computed from translations (%(texts)s).")
        % {"encoder": made.name, "number": len(made.axes), "texts": made.made_from}
    )


def _embed(plan: sets.Plan, *, quiet: bool) -> None:
    from minga.language.encoders import default_encoder

    with Progress(disable=quiet) as progress:
        task = progress.add_task(_("Embedding"), total=None)
        most = 0

        def told(left: int) -> None:
            nonlocal most
            most = max(most, left)
            progress.update(task, total=most, completed=most - left)

        indexing.embed(plan, turn=seeing_all, told=told)
    with seeing_all():
        wordlist.follow()
    wordlist.embed(default_encoder(), turn=seeing_all)


def _status_lines(plan: sets.Plan, told: list[indexing.Status]) -> Iterator[str]:
    for each in told:
        given = {"encoder": each.name, "embedded": each.embedded, "listed": each.listed, "waiting": each.waiting}
        yield _("%(embedded)d of %(listed)d listed records have vectors of %(encoder)s; %(waiting)d wait.") % given
        if each.given_up:
            yield "    " + _("The encoder failed at %(number)d; they are found by their words.") % {
                "number": each.given_up
            }
        if each.name not in plan.names:
            yield "    " + _("Not wanted any more: it goes when the others are complete.")
        elif not each.is_complete:
            yield "    " + _("Search uses it once it is complete.")
    if plan.wanted is None:
        yield _("The embeddings service at %(host)s has not been reached yet; its model is set up once it answers.") % {
            "host": sets.service().host}  # fmt: skip


def encoder() -> None:
    """Hold the encoder and answer the site's processes (started by `minga up`)."""
    from minga.language import process
    from minga.language.encoders import default_encoder

    is_needed = not sets.is_given_queries(visitor=False)  # else only until a service has made its vectors
    process.serve(Home.of_environment(), default_encoder(), ready=is_needed)
