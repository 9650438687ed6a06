"""As which system user the embedded server runs.

PostgreSQL refuses to run as root, so under root it runs as a system user of its own. Where that user cannot
walk to the folder (a checkout below /root, a private temporary folder), it is lent the one capability
to read past folder permissions. Under any other user the server is that user's.
"""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from minga.installation.problems import InstallationProblem

SYSTEM_USER = "minga-db"


def give_to_server_user(path: Path) -> None:
    """Let the server own a file or folder; nothing to do unless we are root."""
    if os.geteuid() == 0:
        user = _server_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def owners_of_server_files() -> set[int]:
    """Numbers of the users whom the server's own files may belong to: ourselves and the server's."""
    return {0, _server_user().pw_uid} if os.geteuid() == 0 else {os.geteuid()}


def require_own_server(data: Path) -> None:
    """Refuse to run the server of somebody else: files that we made in it would be closed to her.

    Raises:
        InstallationProblem: the server's folder belongs to another user.
    """
    if data.exists() and (owner := data.stat().st_uid) not in owners_of_server_files():
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"number {owner}"
        raise InstallationProblem(f"The installation belongs to the user {name}. Run the command as that user.")


def as_server_user(folder: Path, programs: Path) -> list[str]:
    """The words before a command that make it run as the server's user.

    Args:
        folder: where the server's data is.
        programs: where its programs are.
    """
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
    if not (_open_to_all(folder) and _open_to_all(programs)):
        words += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return words


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


def _open_to_all(folder: Path) -> bool:
    """Whether any user can walk to the folder (its own mode apart)."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in folder.parents)
