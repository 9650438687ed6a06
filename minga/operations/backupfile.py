"""The file that an installation moves in: a tar with a manifest, the database's dump and the uploads.

The manifest says what the file must hold: rows of each table, and a checksum of each member, so that a
file damaged on its way is refused before anything is made of it. Passwords of the database are not in it.
"""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from minga import __version__
from minga.installation.home import FORMAT
from minga.installation.problems import InstallationProblem

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    minga: str
    format: int
    postgresql: int  # the server's version number
    made_at: str
    bundled: bool
    rows: dict[str, int]
    checksums: dict[str, str]  # member of the archive -> SHA-256
    # The key of people's second factors; without it everybody would have to set hers up anew after a restore.
    second_factor_key: str = ""
    # The key of the digests of redactions; with it, what was redacted since is found again in this backup.
    redaction_key: str = ""

    @property
    def records(self) -> int:
        return self.rows["registry_record"]


def pack(folder: Path, *, files: Path, manifest: Manifest, into: Path) -> None:
    """Write the archive, readable by its maker alone, since it holds what is confidential.

    Args:
        folder: where the dump is; the manifest is put beside it.
        files: the installation's uploads.
        manifest: what to say of the whole.
        into: the file to write.
    """
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w") as archive:
            archive.add(folder / MANIFEST, arcname=MANIFEST)
            archive.add(files, arcname=FILES, recursive=False)
            for name in manifest.checksums:  # an upload that came meanwhile belongs to the next backup
                archive.add(folder / DUMP if name == DUMP else files / name.removeprefix(f"{FILES}/"), arcname=name)
        stream.flush()
        if into.is_file():
            os.fsync(stream.fileno())


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack an archive and see that it is whole and of a version that this one can read.

    Raises:
        InstallationProblem: it is not.
    """
    try:
        with tarfile.open(file) as archive:
            _extract(archive, folder)
        described = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        _require_known_format(file, described)
        manifest = Manifest(**described)
        if dict(checksums(folder / DUMP, files=folder / FILES)) != manifest.checksums:
            raise ValueError("checksums differ")
    except OSError as problem:
        if isinstance(problem, tarfile.TarError) or problem.errno is None:
            raise _not_whole(file) from problem
        raise InstallationProblem(
            _("%(file)s cannot be unpacked: %(reason)s. Nothing was changed.")
            % {"file": file, "reason": problem.strerror}
        ) from problem
    except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as problem:
        raise _not_whole(file) from problem
    return manifest


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files and folders with names of ours only; tarfile's own filter is missing before Python 3.11.4."""
    for member in archive:
        parts = PurePosixPath(member.name).parts
        if ".." in parts or not parts or parts[0] not in (MANIFEST, DUMP, FILES):
            raise ValueError(f"{member.name} does not belong into a backup")
        target = folder.joinpath(*parts)
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif member.isfile():
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.extractfile(member) as source, target.open("xb") as copy:
                shutil.copyfileobj(source, copy)
        else:
            raise ValueError(f"{member.name} is no plain file")


def checksums(dump: Path, *, files: Path) -> Iterator[tuple[str, str]]:
    """Name in the archive and SHA-256 of the dump and of each upload."""
    yield DUMP, _checksum(dump)
    for file in sorted(files.rglob("*")):
        if file.is_file():
            yield f"{FILES}/{file.relative_to(files)}", _checksum(file)


def _checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_known_format(file: Path, described: dict) -> None:
    if int(described["format"]) > FORMAT:
        raise InstallationProblem(
            _("%(file)s was made by Minga %(version)s, which is newer than this one (%(ours)s). Nothing was changed.")
            % {"file": file, "version": described.get("minga"), "ours": __version__}
        )


def _not_whole(file: Path) -> InstallationProblem:
    return InstallationProblem(_("%(file)s is not a whole backup of Minga. Nothing was changed.") % {"file": file})
