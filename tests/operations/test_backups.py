"""An installation moves to another machine in one file, whole, or not at all."""

import json

import psycopg
import pytest

from tests.operations.conftest import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backup(home, tmp_path_factory):
    """A backup of the shared home, with an upload in it."""
    (home / "files").mkdir(exist_ok=True)
    (home / "files" / "carta.txt").write_text("Estimada señora:")
    file = tmp_path_factory.mktemp("backup") / "minga.tar"
    run("backup", str(file), home=home, check=True)
    return file


class TestABackup:
    def test_restores_to_the_same_records_counts_and_files(self, home, backup, tmp_path):
        other = tmp_path / "home"

        restored = run("restore", str(backup), home=other)

        assert restored.returncode == 0, restored.stderr
        assert run("export", home=other).stdout == run("export", home=home).stdout
        assert (other / "files" / "carta.txt").read_text() == "Estimada señora:"
        findings = json.loads(run("doctor", "--json", home=other).stdout)
        assert [finding["text"] for finding in findings if not finding["is_well"]] == []

    def test_holds_no_password(self, home, backup):
        secrets = json.loads((home / "secrets.json").read_text())
        content = backup.read_bytes()

        assert not any(secret.encode() in content for secret in secrets.values())

    def test_takes_new_records_after_it_is_restored(self, backup, tmp_path):
        other = tmp_path / "home"
        run("restore", str(backup), home=other, check=True)
        file = tmp_path / "one.jsonl"
        file.write_text('{"kind": "practice", "lang": "es", "title": "Nueva", "countries": ["SLV"]}\n')

        done = run("import", str(file), "--json", home=other)

        assert json.loads(done.stdout)["accepted"] == 1

    def test_goes_into_an_empty_folder_only(self, home, backup):
        done = run("restore", str(backup), home=home)

        assert done.returncode == 1
        assert "MINGA_HOME" in done.stderr

    def test_that_is_damaged_leaves_nothing_half_made(self, backup, tmp_path):
        damaged = tmp_path / "damaged.tar"
        damaged.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])

        done = run("restore", str(damaged), home=tmp_path / "home")

        assert done.returncode == 1
        assert "not a whole backup" in done.stderr
        assert not (tmp_path / "home").exists()

    def test_never_replaces_a_file(self, home, backup):
        before = backup.read_bytes()

        done = run("backup", str(backup), home=home)

        assert done.returncode == 1
        assert backup.read_bytes() == before

    def test_says_that_the_disk_is_full(self, home):
        done = run("backup", "/dev/full", home=home)

        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert "Traceback" not in done.stderr


class TestTheDoctor:
    def test_finds_counts_that_differ_and_mends_them(self, backup, tmp_path):
        home = tmp_path / "home"
        run("restore", str(backup), home=home, check=True)
        self._as_owner(home, "update registry_count set bits = ~bits where facet = 'kind'")

        found = json.loads(run("doctor", "--json", home=home).stdout)
        run("doctor", "--repair", home=home)
        after = json.loads(run("doctor", "--json", home=home).stdout)

        assert [each["remedy"] for each in found if not each["is_well"]] == ["minga doctor --repair"]
        assert all(each["is_well"] for each in after)

    def test_finds_a_table_without_row_security(self, backup, tmp_path):
        home = tmp_path / "home"
        run("restore", str(backup), home=home, check=True)
        self._as_owner(home, "alter table registry_version disable row level security")

        found = json.loads(run("doctor", "--json", home=home).stdout)

        assert any("registry_version" in each["text"] for each in found if not each["is_well"])

    def test_finds_a_database_of_a_newer_version(self, backup, tmp_path):
        home = tmp_path / "home"
        run("restore", str(backup), home=home, check=True)
        self._as_owner(home, "insert into django_migrations (app, name, applied) values ('registry', '0999_later', now())")

        found = run("doctor", "--json", home=home)
        refused = run("init", home=home)

        assert any("newer" in each["text"] for each in json.loads(found.stdout))
        assert refused.returncode == 1
        assert "newer version" in refused.stderr

    @staticmethod
    def _as_owner(home, statement: str) -> None:
        from minga.installation.database import Database
        from minga.installation.home import Home

        database = Database(Home(home))
        with database.in_use(), psycopg.connect(**database.parameters("owner")) as owner:
            owner.execute(statement)
