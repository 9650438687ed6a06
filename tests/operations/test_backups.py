"""An installation moves to another machine in one file, whole, or not at all."""

import io
import json
import stat
import tarfile
from urllib.parse import quote

import psycopg
import pytest

from minga.installation.database import Database
from minga.installation.home import Home
from minga.operations.unfinished import marked
from tests.operations.conftest import free_port, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backup(home, tmp_path_factory):
    """A backup of the shared home, with an upload in it."""
    (home / "files").mkdir(exist_ok=True)
    (home / "files" / "carta.txt").write_text("Estimada señora:")
    file = tmp_path_factory.mktemp("backup") / "minga.tar"
    run("backup", str(file), home=home, check=True)
    return file


@pytest.fixture(scope="module", autouse=True)
def _server_up(home):
    """Saves each command starting and stopping it."""
    with Database(Home(home)).in_use():
        yield


@pytest.fixture(scope="module")
def restored(backup, tmp_path_factory):
    """A home made from the backup; each test mends what it broke."""
    folder = tmp_path_factory.mktemp("restored") / "home"
    done = run("restore", str(backup), home=folder)
    assert done.returncode == 0, done.stderr
    with Database(Home(folder)).in_use():
        yield folder


class TestABackup:
    def test_restores_to_the_same_records_counts_and_files(self, home, restored):
        assert run("export", home=restored).stdout == run("export", home=home).stdout
        assert (restored / "files" / "carta.txt").read_text() == "Estimada señora:"
        findings = json.loads(run("doctor", "--json", home=restored).stdout)
        assert [finding["text"] for finding in findings if not finding["is_well"]] == []

    def test_holds_no_password(self, home, backup):
        secrets = json.loads((home / "secrets.json").read_text())
        content = backup.read_bytes()

        # The keys of second factors and redactions move with what they open; passwords and the site's key do not.
        passwords = [secret for name, secret in secrets.items() if name not in ("second_factor", "redaction")]
        assert not any(secret.encode() in content for secret in passwords)

    def test_takes_new_records_after_it_is_restored(self, restored, tmp_path):
        file = tmp_path / "one.jsonl"
        file.write_text('{"kind": "practice", "lang": "es", "title": "Nueva", "countries": ["SLV"]}\n')

        done = run("import", str(file), "--json", home=restored)

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
        assert left_in(tmp_path / "home") == ["restore.json"]

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

    def test_may_be_read_by_its_maker_alone(self, backup):
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600

    def test_is_not_made_when_a_policy_hides_rows_from_it(self, home, tmp_path):
        as_owner(home, "create policy hides on registry_record as restrictive for select using (false)")

        done = run("backup", str(tmp_path / "minga.tar"), home=home)

        as_owner(home, "drop policy hides on registry_record")
        assert done.returncode == 1
        assert "registry_record" in done.stderr
        assert list(tmp_path.iterdir()) == []


class TestAFileThatIsNoGoodBackup:
    """Refused before anything is made of it."""

    def test_of_a_newer_format_names_its_version(self, backup, tmp_path):
        done = self._restore(tmp_path, rewritten(backup, tmp_path, {"manifest.json": _newer}))

        assert "9.9.9" in done.stderr and "newer" in done.stderr

    def test_changed_on_its_way_is_noticed(self, backup, tmp_path):
        done = self._restore(tmp_path, rewritten(backup, tmp_path, {"files/carta.txt": lambda text: text + b"!"}))

        assert "not a whole backup" in done.stderr

    def test_cannot_write_outside_its_folder(self, backup, tmp_path):
        with tarfile.open(backup) as archive:
            members = [(each, archive.extractfile(each).read()) for each in archive if each.isfile()]
        trap = tmp_path / "trap.tar"
        with tarfile.open(trap, "w") as archive:
            for member, content in members:
                archive.addfile(member, io.BytesIO(content))
            archive.addfile(tarfile.TarInfo("files/../../../stolen"), io.BytesIO(b""))

        done = self._restore(tmp_path, trap)

        assert "not a whole backup" in done.stderr
        assert not (tmp_path / "stolen").exists()

    @staticmethod
    def _restore(tmp_path, file):
        done = run("restore", str(file), home=tmp_path / "home")
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert left_in(tmp_path / "home") == ["restore.json"]
        return done


class TestARestoreThatFailed:
    """No installation is made in its place by itself: it would look like a lost one."""

    @pytest.fixture
    def failed(self, backup, tmp_path):
        """A home into which a damaged file was restored."""
        damaged = tmp_path / "damaged.tar"
        damaged.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
        assert run("restore", str(damaged), home=tmp_path / "home").returncode == 1
        return tmp_path / "home"

    def test_keeps_minga_up_from_making_one(self, failed):
        done = run("up", "--port", str(free_port()), home=failed)

        assert done.returncode == 1
        assert "minga init" in done.stderr and "minga restore FILE" in done.stderr
        assert left_in(failed) == ["restore.json"]

    def test_is_said_by_the_doctor(self, failed):
        found = json.loads(run("doctor", "--json", home=failed).stdout)

        assert [(each["is_well"], each["remedy"]) for each in found] == [(False, "minga restore FILE")]

    def test_is_forgotten_once_minga_init_made_one(self, failed):
        run("init", "--empty", home=failed, check=True)

        assert "restore.json" not in left_in(failed)
        assert run("doctor", home=failed).returncode == 0

    def test_may_be_begun_again_also_when_it_was_cut_off(self, backup, failed):
        """As a power loss leaves it: files of the server and passwords, and nothing that says an installation is there."""
        home = Home(failed)
        home.restore_mark.write_text(json.dumps({"makes": ["postgres", "run", "files", "secrets.json"], "fills": True}))
        home.prepare()
        (failed / "restoring-x1").mkdir()
        (failed / "redactions.jsonl").write_text("")
        with Database(home).in_use() as database:
            database.ensure()
            with database.connect("owner") as owner:
                owner.execute("create table half_made (id int)")

        exported = run("export", home=failed)
        done = run("restore", str(backup), home=failed)

        assert exported.returncode == 1 and "no installation" in exported.stderr
        assert done.returncode == 0, done.stderr
        assert {"restore.json", "restoring-x1"} & set(left_in(failed)) == set()
        assert "redactions.jsonl" in left_in(failed)
        assert run("doctor", home=failed).returncode == 0

    def test_is_not_begun_beside_another_one(self, backup, failed):
        with marked(Home(failed)):
            done = run("restore", str(backup), home=failed)

        assert done.returncode == 1
        assert "Another restore" in done.stderr


class TestAServerNamedByDatabaseUrl:
    """A restore that fails leaves it as it was (that one succeeds: test_server.py)."""

    @pytest.fixture
    def url(self, home):
        """An empty database of its own on the home's server, which runs meanwhile."""
        database = Database(Home(home))
        with database.in_use():
            with database.connect("owner", autocommit=True) as owner:
                owner.execute("create role keeper login createrole password 'k'")
                owner.execute("create database elsewhere owner keeper")
            parameters = database.parameters("owner") | {"dbname": "elsewhere"}
            with psycopg.connect(**parameters, autocommit=True) as admin:
                admin.execute("create extension vector")
            yield f"postgresql://keeper:k@/elsewhere?host={quote(database.parameters('owner')['host'], safe='')}"
            with database.connect("owner", autocommit=True) as owner:
                owner.execute("drop database elsewhere with (force)")
                for role in ("elsewhere_site", "elsewhere_signin", "elsewhere_worker", "elsewhere_backup", "keeper"):
                    owner.execute(f"drop role if exists {role}")

    def test_is_left_empty_when_the_rows_are_not_those_of_the_manifest(self, backup, url, tmp_path):
        file = rewritten(backup, tmp_path, {"manifest.json": _one_record_more})

        done = run("restore", str(file), home=tmp_path / "home", DATABASE_URL=url)
        left = psycopg.connect(url).execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " union all select proname from pg_proc p where pronamespace = 'public'::regnamespace and not exists"
            " (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')"
            " union all select typname from pg_type t where typnamespace = 'public'::regnamespace and not exists"
            " (select 1 from pg_depend d where d.objid in (t.oid, t.typelem) and d.deptype = 'e')"
            " union all select cfgname from pg_ts_config where cfgnamespace = 'public'::regnamespace"
        )

        assert done.returncode == 1
        assert "registry_record" in done.stderr
        assert left.fetchall() == []

    def test_with_tables_of_somebody_is_not_touched(self, backup, url, tmp_path):
        with psycopg.connect(url) as connection:
            connection.execute("create table theirs (id int)")

        done = run("restore", str(backup), home=tmp_path / "home", DATABASE_URL=url)

        assert done.returncode == 1
        assert "not empty" in done.stderr
        assert psycopg.connect(url).execute("select count(*) from theirs").fetchone() == (0,)

    def test_of_another_site_keeps_the_passwords_of_its_roles(self, backup, url, tmp_path):
        run("init", "--empty", home=tmp_path / "site", check=True, DATABASE_URL=url)

        refused = run("restore", str(backup), home=tmp_path / "home", DATABASE_URL=url)
        passwords = json.loads((tmp_path / "site" / "secrets.json").read_text())
        site = url.replace("keeper:k@", f"elsewhere_site:{passwords['site']}@")

        assert refused.returncode == 1 and "not empty" in refused.stderr
        assert psycopg.connect(site).execute("select 1").fetchone() == (1,)

    def test_is_left_empty_when_the_redactions_cannot_be_read(self, backup, url, tmp_path):
        (tmp_path / "redactions.jsonl").write_text("nonsense\n")

        done = run("restore", str(backup), "--redactions", str(tmp_path / "redactions.jsonl"), home=tmp_path / "home",
                   DATABASE_URL=url)  # fmt: skip

        assert done.returncode == 1
        left = psycopg.connect(url).execute("select 1 from pg_class where relnamespace = 'public'::regnamespace")
        assert left.fetchall() == []

    def test_that_a_cut_off_restore_filled_is_not_taken_for_an_installation(self, url, tmp_path):
        """What was redacted since would be there again."""
        home = Home(tmp_path / "home")
        home.prepare()
        home.restore_mark.write_text(json.dumps({"makes": ["run", "files", "secrets.json"], "fills": True}))
        with psycopg.connect(url) as connection:
            connection.execute("create table half_made (id int)")

        done = run("init", home=home.folder, DATABASE_URL=url)

        assert done.returncode == 1
        assert "cut off" in done.stderr


class TestTheDoctor:
    def test_finds_counts_that_differ_and_mends_them(self, restored):
        as_owner(restored, "update registry_count set bits = ~bits where facet = 'kind'")

        found = json.loads(run("doctor", "--json", home=restored).stdout)
        run("doctor", "--repair", home=restored)
        after = json.loads(run("doctor", "--json", home=restored).stdout)

        assert [each["remedy"] for each in found if not each["is_well"]] == ["minga doctor --repair"]
        assert all(each["is_well"] for each in after)

    def test_finds_a_table_without_row_security_and_open_passwords(self, restored):
        as_owner(restored, "alter table registry_version disable row level security")
        (restored / "secrets.json").chmod(0o644)

        found = [each for each in json.loads(run("doctor", "--json", home=restored).stdout) if not each["is_well"]]

        as_owner(restored, "alter table registry_version enable row level security")
        (restored / "secrets.json").chmod(0o600)
        assert any("registry_version" in each["text"] for each in found)
        assert any(each["remedy"].startswith("chmod 600") for each in found)

    def test_finds_a_role_that_may_pass_by_row_security(self, restored):
        as_owner(restored, "alter role minga_site bypassrls")

        found = json.loads(run("doctor", "--json", home=restored).stdout)

        as_owner(restored, "alter role minga_site nobypassrls")
        assert "minga init" in [each["remedy"] for each in found if not each["is_well"]]

    def test_finds_a_database_of_a_newer_version(self, restored):
        as_owner(
            restored, "insert into django_migrations (app, name, applied) values ('registry', '0999_later', now())"
        )

        found = run("doctor", "--json", home=restored)
        refused = run("init", home=restored)

        as_owner(restored, "delete from django_migrations where name = '0999_later'")
        assert any("newer" in each["text"] for each in json.loads(found.stdout))
        assert refused.returncode == 1
        assert "newer version" in refused.stderr


def left_in(folder) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def as_owner(home, statement: str) -> None:
    """Run a statement as the database's owner."""
    database = Database(Home(home))
    with database.in_use(), database.connect("owner") as owner:
        owner.execute(statement)


def rewritten(backup, folder, changes):
    """A copy of a backup in which some members have another content."""
    file = folder / "rewritten.tar"
    with tarfile.open(backup) as archive, tarfile.open(file, "w") as copy:
        for member in archive:
            content = archive.extractfile(member).read() if member.isfile() else b""
            if member.name in changes:
                content = changes[member.name](content)
                member.size = len(content)
            copy.addfile(member, io.BytesIO(content))
    return file


def _newer(manifest: bytes) -> bytes:
    return json.dumps({**json.loads(manifest), "format": 99, "minga": "9.9.9", "more": 1}).encode()


def _one_record_more(manifest: bytes) -> bytes:
    described = json.loads(manifest)
    described["rows"]["registry_record"] += 1
    return json.dumps(described).encode()
