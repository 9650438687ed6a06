"""The installation's folder (`MINGA_HOME`): what is in it and which version made it.

    home.json       format of the folder and version of Minga that wrote it
    secrets.json    passwords of the database roles and the site's secret key, readable by the owner alone
    postgres/       the embedded server's data, socket and log (absent when DATABASE_URL names a server)
    run/            locks of running processes
    files/          uploads
    restore.json    there while a restore is under way, and after one that did not succeed

By default the folder is `var/` in a checkout, so that several checkouts live side by side,
and the platform's data folder for an installed package.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from minga import __version__
from minga.installation.problems import InstallationProblem

FORMAT = 1
KEYS = ("secret_key", "second_factor", "redaction")
PASSWORDS = ("owner", "site", "signin", "worker", "backup")


def default_folder() -> Path:
    """`var/` of the checkout that holds this package, else the platform's folder for data."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").exists():
        return checkout / "var"
    return Path(platformdirs.user_data_dir("minga"))


@dataclass(frozen=True)
class Home:
    """One installation's folder."""

    folder: Path

    @classmethod
    def of_environment(cls) -> "Home":
        """The folder that `MINGA_HOME` names, or the default one."""
        named = os.environ.get("MINGA_HOME")
        return cls((Path(named).expanduser() if named else default_folder()).resolve())

    @property
    def exists(self) -> bool:
        return self._description.exists()

    @property
    def _description(self) -> Path:
        return self.folder / "home.json"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def restore_mark(self) -> Path:
        """The file that says that a restore has begun; it goes when an installation is made."""
        return self.folder / "restore.json"

    def create(self) -> None:
        """Make the folder with fresh secrets, or check that this version may use the one there is.

        Raises:
            InstallationProblem: the folder belongs to another version, or cannot be written.
        """
        if self.exists:
            self.check()
            self._add_missing_secrets()
            return
        self.prepare()
        with self._writing():
            write_whole(self._description, {"format": FORMAT, "minga": __version__}, mode=0o644)

    def prepare(self) -> None:
        """Make the folder with fresh secrets; there is no installation in it before `remember`.

        Raises:
            InstallationProblem: the folder cannot be written.
        """
        with self._writing():
            for folder in (self.folder, self.run, self.files):
                folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o711)
            if not self._secrets_file.exists():
                self._write_secrets({name: secrets.token_urlsafe(32) for name in (*PASSWORDS, *KEYS)})

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise InstallationProblem(
                f"The folder {self.folder} cannot be written ({problem.strerror}). "
                "Free some space or choose another folder with MINGA_HOME."
            ) from problem

    def check(self) -> None:
        """Refuse a folder that another version of Minga laid out differently.

        Raises:
            InstallationProblem: naming both versions and what to do.
        """
        try:
            described = json.loads(self._description.read_text(encoding="utf-8"))
            made_by, layout = described["minga"], int(described["format"])
        except (ValueError, KeyError, TypeError) as problem:
            raise InstallationProblem(
                f"{self._description} is damaged. Restore it from a backup: minga restore FILE with another MINGA_HOME."
            ) from problem
        if layout != FORMAT:
            raise InstallationProblem(
                f"The folder {self.folder} was made by Minga {made_by} (format {layout}); this is Minga {__version__} "
                f"(format {FORMAT}). Use that version, or take a backup with it and restore it here into a new folder. "
                "Nothing was changed."
            )

    def remember(self, *, bundled: bool) -> None:
        """Keep which version last brought the installation up to date, and whether it holds the bundled records."""
        described = {"format": FORMAT, "minga": __version__, "bundled": bundled, "ready": True}
        write_whole(self._description, described, mode=0o644)
        self.restore_mark.unlink(missing_ok=True)

    @property
    def is_made(self) -> bool:
        """Whether an installation was made here to its end, by whatever version."""
        return bool(self._described().get("ready"))

    @property
    def is_ready(self) -> bool:
        """Whether this very version has brought the installation up to date."""
        return self.is_made and self._described().get("minga") == __version__

    @property
    def holds_bundled(self) -> bool:
        """Whether the bundled records belong in it (so that an upgrade brings new ones)."""
        return bool(self._described().get("bundled", True))

    def _described(self) -> dict:
        return json.loads(self._description.read_text(encoding="utf-8")) if self.exists else {}

    @property
    def _secrets_file(self) -> Path:
        return self.folder / "secrets.json"

    def secret(self, name: str) -> str:
        """A password or key of this installation, by name ('site', 'secret_key', ...)."""
        return self._read_secrets()[name]

    def keep_secret(self, name: str, value: str) -> None:
        """Keep a key that came from elsewhere (a backup)."""
        self._write_secrets(self._read_secrets() | {name: value})

    def _add_missing_secrets(self) -> None:
        """An older version knew fewer roles."""
        known = self._read_secrets()
        missing = {name: secrets.token_urlsafe(32) for name in (*PASSWORDS, *KEYS) if name not in known}
        if missing:
            self._write_secrets(known | missing)

    def _read_secrets(self) -> dict[str, str]:
        try:
            return json.loads(self._secrets_file.read_text(encoding="utf-8"))
        except FileNotFoundError as problem:
            raise InstallationProblem(
                f"There is no installation in {self.folder}. Make one with: minga init"
            ) from problem
        except PermissionError as problem:
            raise InstallationProblem(
                f"{self._secrets_file} may be read by the installation's own user only. Run the command as that user."
            ) from problem

    def _write_secrets(self, values: dict[str, str]) -> None:
        write_whole(self._secrets_file, values, mode=0o600)


def write_whole(file: Path, content: dict, mode: int) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half."""
    draft = file.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
