"""A PostgreSQL server named by DATABASE_URL does what the embedded one does, with an owner who is no superuser."""

import json
from collections.abc import Iterator

import psycopg
import pytest

from minga.installation.embedded import OWNER, EmbeddedServer
from minga.installation.home import Home
from tests.operations.conftest import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server_url(tmp_path_factory) -> Iterator[str]:
    """A server with an empty database and an owner who may make roles, as an administrator would hand it out."""
    home = Home(tmp_path_factory.mktemp("server") / "home")
    home.create()
    server = EmbeddedServer(home)
    with server.in_use():
        with psycopg.connect(**server.url(OWNER, home.secret("owner"), "postgres"), autocommit=True) as admin:
            admin.execute("create role registry login password 'se%cret/1' createrole")
            admin.execute("create database registry owner registry")
            admin.execute("create database second owner registry")
        for name in ("registry", "second"):  # as the how-to asks of the administrator: it is not for owners to make
            with psycopg.connect(**server.url(OWNER, home.secret("owner"), name), autocommit=True) as admin:
                admin.execute("create extension vector")
        folder = str(server.socket_folder).replace("/", "%2F")
        yield f"postgresql://registry:se%25cret%2F1@{folder}/registry"


class TestAServer:
    def test_carries_an_installation(self, server_url, tmp_path):
        home = tmp_path / "home"

        made = run("init", home=home, DATABASE_URL=server_url)
        again = run("init", home=home, DATABASE_URL=server_url)
        findings = json.loads(run("doctor", "--json", home=home, DATABASE_URL=server_url).stdout)

        assert made.returncode == again.returncode == 0, made.stderr + again.stderr
        assert [each["text"] for each in findings if not each["is_well"]] == []
        assert any("leakproof" in each["remedy"] for each in findings)
        assert not (home / "postgres").exists()

    def test_is_backed_up_and_restored_into_another_database_on_it(self, server_url, tmp_path):
        home, other = tmp_path / "home", tmp_path / "other"
        run("init", home=home, check=True, DATABASE_URL=server_url)
        run("backup", str(tmp_path / "b.tar"), home=home, check=True, DATABASE_URL=server_url)
        second = server_url.replace("/registry?", "/second?").removesuffix("/registry") + "/second"

        restored = run("restore", str(tmp_path / "b.tar"), home=other, DATABASE_URL=second)

        assert restored.returncode == 0, restored.stderr
        exports = [
            run("export", home=folder, DATABASE_URL=url).stdout for folder, url in ((home, server_url), (other, second))
        ]
        assert exports[0] == exports[1] != ""

    def test_that_is_misspelt_is_named(self, tmp_path):
        done = run("init", home=tmp_path / "home", DATABASE_URL="mysql:nonsense")

        assert done.returncode == 1
        assert "DATABASE_URL" in done.stderr and "Traceback" not in done.stderr
