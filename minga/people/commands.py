"""Commands on people: add, list, disable, reset."""

import json
from datetime import date
from typing import Annotated

import typer
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from minga.access.command_line import operating
from minga.access.permissions import Role
from minga.access.rowsecurity import operator_name
from minga.accounts.models import Profile
from minga.actors.models import Actor
from minga.audit.by import By
from minga.installation.problems import InstallationProblem
from minga.people import closing, listing
from minga.people.inviting import CannotGrant, invite

user = typer.Typer(help="People who may sign in, and their roles.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address.")]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]


def add_commands(app: typer.Typer) -> None:
    """Add this area's commands to the command line."""
    app.add_typer(user, name="user")


@user.command()
def add(
    email: Email,
    role: Annotated[Role, typer.Option(help="What she is to be.")],
    actor: Annotated[str, typer.Option(help="For whom (a short name such as slv): her office or institution.")],
    process: Annotated[str, typer.Option(help="For moderators and secretariats (a short name such as rcm).")] = "",
    name: Annotated[str, typer.Option(help="How she is called.")] = "",
    lang: Annotated[str, typer.Option(help="Language of her pages and mail.")] = settings.LANGUAGE_CODE,
    as_json: AsJson = False,
) -> None:
    """Invite somebody with a role, or give one more role to who is in already. Prints the link to follow."""
    _check(email, lang)
    with operating("operator.user_add", role=str(role), actor=actor, process=process):
        try:
            invited = invite(
                email=email, name=name, language=lang, role=role, actor=_actor(actor), by=By(operator=operator_name()),
                process=_actor(process) if process else None, on=date.today(),  # noqa: DTZ011
                site=settings.SITE_ADDRESS,
            )  # fmt: skip
        except CannotGrant as problem:
            raise InstallationProblem(str(problem)) from problem
        link = f"{settings.SITE_ADDRESS}{invited.path}" if invited.token else ""
        told = listing.as_dict(invited.person) | {"is_new": invited.is_new, "link": link}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif link:
        typer.echo(_("Invited. The link to follow, once, within 14 days:\n%(link)s") % {"link": link})
    else:
        typer.echo(_("%(email)s has the role now.") % {"email": email})


@user.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List people with their roles."""
    with operating("operator.user_list"):
        people = [listing.as_dict(person) for person in listing.everybody()]
    if as_json:
        typer.echo(json.dumps(people, ensure_ascii=False, indent=1))
        return
    for person in people:
        roles = ", ".join(
            f"{grant['role']}:{grant['actor']}" + (f"@{grant['process']}" if grant["process"] else "")
            for grant in person["roles"]
        )
        typer.echo(f"{person['email']:40} {'' if person['is_active'] else '(–) '}{roles}")


@user.command()
def disable(email: Email, as_json: AsJson = False) -> None:
    """End somebody's access at once, sessions included. What she wrote stays with her office."""
    with operating("operator.user_disable"):
        person = _person(email)
        closing.disable(person, by=By(operator=operator_name()))
        told = listing.as_dict(person)
    typer.echo(
        json.dumps(told, ensure_ascii=False) if as_json else _("%(email)s may no longer sign in.") % {"email": email}
    )


@user.command()
def reset(email: Email, as_json: AsJson = False) -> None:
    """For a lost second factor or password: end sessions and both factors, and print a link to set them anew."""
    with operating("operator.user_reset"):
        person = _person(email)
        link = settings.SITE_ADDRESS + closing.reset(
            person, by=By(operator=operator_name()), site=settings.SITE_ADDRESS
        )
    if as_json:
        typer.echo(json.dumps({"email": person.email, "link": link}, ensure_ascii=False))
    else:
        typer.echo(_("The link to follow, once, within 14 days:\n%(link)s") % {"link": link})


def _person(email: str) -> Profile:
    found = Profile.objects.filter(email__iexact=email, erased_at=None).first()
    if found is None:
        raise InstallationProblem(_("There is nobody with the address %(email)s.") % {"email": email})
    return found


def _actor(slug: str) -> Actor:
    found = Actor.objects.filter(slug=slug).first()
    if found is None:
        raise InstallationProblem(_("There is no actor %(slug)s. Its short name is in its address.") % {"slug": slug})
    return found


def _check(email: str, language: str) -> None:
    try:
        validate_email(email)
    except ValidationError as problem:
        raise InstallationProblem(_("%(email)s is no e-mail address.") % {"email": email}) from problem
    if language not in dict(settings.LANGUAGES):
        raise InstallationProblem(_("The language is one of: es, en, fr, pt."))
