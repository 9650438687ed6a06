"""What all tests share: one real installation with the bundled records, and a way to act as the site.

Tests run in a transaction of the worker that sees all and is rolled back. `as_site()` acts in the same transaction as
the very role that the site uses, so that what a test sees is what a visitor sees.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.utils import translation

from minga.access.process import become, forget_connections
from minga.access.rowsecurity import acting, seeing_all
from minga.common.keeping import forget_everything
from minga.installation.database import Database
from minga.installation.home import Home

AsSite = Callable[..., AbstractContextManager]


@pytest.fixture(scope="session")
def installation() -> Iterator[Database]:
    """A fresh installation with the bundled records; its database runs as long as the tests."""
    from minga.operations.initialising import initialise

    home = Home.of_environment()
    home.create()
    with Database(home).in_use() as database:
        initialise(database, bundled=True)
        home.remember(bundled=True)
        with database.connect("owner", autocommit=True) as owner:
            # Only here: lets a test act as the site inside the worker's transaction.
            owner.execute(f"grant {database.role_name('site')} to {database.role_name('worker')}")
        become("worker")
        yield database
        forget_connections()


@pytest.fixture(scope="session")
def django_db_setup(installation, django_db_blocker) -> None:
    """The database of the tests is the installation's own; there is no second one to make."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Names stay as the installation made them."""


@pytest.fixture(autouse=True, scope="session")
def _open_database(django_db_blocker) -> Iterator[None]:
    """The installation's fixture reads the database before the first test asks for it."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(autouse=True)
def _english() -> None:
    """A page that an earlier test asked for in Spanish does not make this one speak Spanish."""
    translation.activate("en")


@pytest.fixture
def registry(db) -> Iterator[None]:
    """The registry with its bundled records, seen whole; what a test changes is rolled back."""
    forget_everything()
    with seeing_all():
        yield
    forget_everything()


@pytest.fixture
def as_site(registry, installation) -> AsSite:
    """Act as the site's database role, for a person or a visitor: `with as_site(): ...`."""

    @contextmanager
    def acting_as_site(person: int | None = None) -> Iterator[None]:
        with acting(person=person):
            with connection.cursor() as cursor:
                cursor.execute(f"set local role {installation.role_name('site')}")
            try:
                yield
            finally:
                if not connection.needs_rollback:
                    with connection.cursor() as cursor:
                        cursor.execute("reset role")

    return acting_as_site
