"""Which database this installation uses, and how each role connects to it.

`DATABASE_URL` names a server and whoever may make roles and tables there; without it the embedded
server is used. Everything above this module is the same for both: connection parameters by role.
The other roles' connections are made by `minga init`; on a server whose administrator hands out roles,
`MINGA_SITE_URL`, `MINGA_SIGNIN_URL`, `MINGA_WORKER_URL` and `MINGA_BACKUP_URL` name them instead.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Literal

import psycopg
import psycopg.sql
from psycopg.conninfo import conninfo_to_dict

from minga.installation.embedded import DATABASE, OWNER, EmbeddedServer
from minga.installation.home import Home
from minga.installation.problems import InstallationProblem

Role = Literal["owner", "site", "signin", "worker", "backup"]
EXTENSIONS = ("unaccent", "pg_trgm", "vector")  # of search; the embedded server brings them
LONGEST_NAME = 50  # the roles' names are made from it and may have 63 bytes
MADE_ROLES: tuple[Role, ...] = ("site", "signin", "worker", "backup")

_role_of_process: Role = "site"  # the least of them, so that forgetting to say fails safe


def use_role(role: Role) -> None:
    """Say as whom this process connects; before its first connection."""
    global _role_of_process
    _role_of_process = role


def role_of_process() -> Role:
    """As whom this process connects."""
    return _role_of_process


class Database:
    """The database of one installation."""

    def __init__(self, home: Home | None = None):
        self.home = home or Home.of_environment()
        self.server_url = os.environ.get("DATABASE_URL", "")
        self.embedded = None if self.server_url else EmbeddedServer(self.home)

    @property
    def name(self) -> str:
        return self.owner_parameters["dbname"]

    @property
    def owner_parameters(self) -> dict[str, str]:
        if self.embedded:
            return self.embedded.url(OWNER, self.home.secret("owner"))
        try:
            parameters = {key: str(value) for key, value in conninfo_to_dict(self.server_url).items()}
        except psycopg.ProgrammingError as problem:
            raise InstallationProblem(
                "DATABASE_URL cannot be read. It looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE."
            ) from problem
        if len(parameters.get("dbname", "")) > LONGEST_NAME:
            raise InstallationProblem(f"The database's name is longer than {LONGEST_NAME} characters; choose another.")
        if not parameters.get("dbname"):
            raise InstallationProblem("DATABASE_URL names no database: postgresql://USER:PASSWORD@HOST:5432/DATABASE.")
        return parameters

    def role_name(self, role: Role) -> str:
        """The role's name on the server: several databases on one server have roles of their own."""
        return self.owner_parameters["user"] if role == "owner" else f"{self.name}_{role}"

    def parameters(self, role: Role) -> dict[str, str]:
        """Connection parameters of a role, for psycopg and for PostgreSQL's own programs."""
        own = os.environ.get(f"MINGA_{role.upper()}_URL") if role != "owner" else None
        if own:
            return {key: str(value) for key, value in conninfo_to_dict(own).items()}
        if role == "owner":
            return self.owner_parameters
        return {**self.owner_parameters, "user": self.role_name(role), "password": self.home.secret(role)}

    @contextmanager
    def in_use(self) -> Iterator["Database"]:
        """Keep the server up while the block runs (the embedded one is started when it is not running)."""
        with self.embedded.in_use() if self.embedded else nullcontext():
            yield self

    def connect(self, role: Role, **options) -> psycopg.Connection:
        """A plain connection as a role.

        Raises:
            InstallationProblem: the server does not answer or refuses.
        """
        try:
            return psycopg.connect(**self.parameters(role), **options)
        except psycopg.OperationalError as problem:
            raise InstallationProblem(f"The database does not answer: {' '.join(str(problem).split())}") from problem

    def ensure(self) -> None:
        """Make the embedded server's database, and the roles that own nothing."""
        if self.embedded:
            with psycopg.connect(
                **self.embedded.url(OWNER, self.home.secret("owner"), "postgres"), autocommit=True
            ) as server:
                if not server.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                    server.execute(f'create database "{DATABASE}"')
        with self.connect("owner") as connection:
            self._ensure_extensions(connection)
            for role in MADE_ROLES:
                if not os.environ.get(f"MINGA_{role.upper()}_URL"):
                    self._ensure_role(connection, role)

    def _ensure_extensions(self, connection: psycopg.Connection) -> None:
        for name in EXTENSIONS:
            if connection.execute("select 1 from pg_extension where extname = %s", [name]).fetchone():
                continue
            try:
                connection.execute(psycopg.sql.SQL("create extension {}").format(psycopg.sql.Identifier(name)))
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported,
                    psycopg.errors.UndefinedFile) as problem:  # fmt: skip
                raise InstallationProblem(
                    f"The database {self.name} lacks the extension {name}. Let the server's administrator install it "
                    f"and run there: create extension {name};"
                ) from problem

    def _ensure_role(self, connection: psycopg.Connection, role: Role) -> None:
        name = psycopg.sql.Identifier(self.role_name(role))
        known = connection.execute("select 1 from pg_roles where rolname = %s", [self.role_name(role)]).fetchone()
        statement = "alter role {} with login password {}" if known else (
            "create role {} with login nobypassrls password {}"
        )  # fmt: skip
        try:
            connection.execute(psycopg.sql.SQL(statement).format(name, psycopg.sql.Literal(self.home.secret(role))))
        except psycopg.errors.InsufficientPrivilege as problem:
            raise InstallationProblem(
                f"{self.owner_parameters['user']} may not make the role {self.role_name(role)}. Let the server's "
                f"administrator grant it CREATEROLE, or make the roles and name them with MINGA_{role.upper()}_URL."
            ) from problem
