"""PostgreSQL's own programs, run as one of our roles; the password goes through the environment, never the words."""

import errno
import os
import subprocess

from minga.installation.database import Database, Role
from minga.installation.embedded import programs
from minga.installation.problems import InstallationProblem

VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY", "options": "PGOPTIONS", "service": "PGSERVICE", "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip


def run_program(database: Database, role: Role, program: str, *words: str) -> None:
    """Run pg_dump or pg_restore against the installation's database.

    Args:
        database: in use.
        role: as whom.
        program: its name.
        words: the program's options.

    Raises:
        OSError: the disk is full.
        InstallationProblem: the program failed; its last words are in the message.
    """
    parameters = database.parameters(role)
    environment = {VARIABLES[key]: str(value) for key, value in parameters.items() if key in VARIABLES}
    done = subprocess.run(
        [str(programs() / program), *words], env={**os.environ, "LC_ALL": "C", **environment}, capture_output=True,
        text=True, errors="replace", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[-400:]
        if "No space left" in reason:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise InstallationProblem(f"{program}: {reason}")
