"""A checkout in a folder that only its owner may walk into: below /root, or a private temporary folder."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from minga.installation import embedded
from minga.installation.embedded import EmbeddedServer
from minga.installation.home import Home

pytestmark = pytest.mark.slow


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """A folder of mode 0700, not below pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


class TestAPrivateFolder:
    def test_holds_programs_and_data_of_a_server_that_runs(self, private_folder, monkeypatch):
        wheel = embedded.programs().parents[1]
        for part in wheel.parent.glob(f"{wheel.name}*"):  # the package and the libraries beside it
            shutil.copytree(part, private_folder / part.name, symlinks=True)
        monkeypatch.setattr(embedded, "programs", lambda: private_folder / wheel.name / "pginstall" / "bin")
        home = Home(private_folder / "home")
        home.create()
        server = EmbeddedServer(home)

        with server.in_use():
            assert server.answers()

        assert not server.answers()
