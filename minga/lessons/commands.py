"""The command `minga lessons`: what records say they learned about an objective, by theme."""

import json
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minga.accounts.command_line import AsPerson, acting_for
from minga.lessons.telling import Theme, as_values, lessons_of


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.command()(lessons)


def lessons(
    objective: Annotated[int, typer.Argument(min=1, max=23, help="An objective of the Compact: 1 to 23.")],
    as_person: AsPerson = "",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """What records say they learned about an objective: their own passages by theme, in whatever language."""
    with acting_for(as_person, act="operator.lessons") as acting, acting.turn():
        found = lessons_of(objective)
        if as_json:
            typer.echo(json.dumps(as_values(found), ensure_ascii=False, indent=1))
            return
        for theme in (*found.themes, *found.single):
            _print(theme)
        if not found.said:
            typer.echo(_("Nothing is found."), err=True)


def _print(theme: Theme) -> None:
    records = ngettext("%(number)d record", "%(number)d records", theme.records) % {"number": theme.records}
    typer.echo(f"\n{theme.central.text}\n    {records}  {' '.join(theme.countries)}  {' '.join(theme.languages)}")
    for each in theme.said:
        typer.echo(f"    {each.version.record.public_id}  {each.language}  {each.text[:160]}")
