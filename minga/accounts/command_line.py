"""`--as EMAIL`: a command that sees and does only what that person may, connected as the site."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from minga.access.command_line import note_command, opened
from minga.access.process import become
from minga.access.rowsecurity import acting, operator_name, seeing_all
from minga.accounts.models import Person
from minga.audit.by import By
from minga.installation.problems import InstallationProblem

AsPerson = Annotated[
    str, typer.Option("--as", metavar="EMAIL", help="See and do only what this person may, connected as the site.")
]


@dataclass(frozen=True)
class Acting:
    """In whose name a command works."""

    by: By
    turn: Callable[[], AbstractContextManager]  # one transaction of it


@contextmanager
def acting_for(email: str, *, act: str, **details) -> Iterator[Acting]:
    """Open the installation for a person, or for the operator who sees all.

    Args:
        email: the person's; empty for the operator.
        act: what is done, for the trail.
        details: what to note with it.

    Raises:
        InstallationProblem: nobody with that address may sign in.
    """
    with opened():
        note_command(act, **({"for": email} if email else {}), **details)
        if not email:
            yield Acting(By(operator=operator_name()), seeing_all)
            return
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise InstallationProblem(_("Nobody with the address %(email)s may sign in.") % {"email": email})
        become("site")
        yield Acting(By(person=person.pk, operator=operator_name()), partial(acting, person=person.pk))
