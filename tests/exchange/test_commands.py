"""The commands that take records in and out, as an operator types them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from minga.exchange.commands import _require_readable
from minga.installation.problems import InstallationProblem

CHECKOUT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """An installation of its own, with the bundled records."""
    folder = tmp_path_factory.mktemp("exchange") / "home"
    assert minga(folder, "init").returncode == 0
    return folder


@pytest.fixture
def run(home):
    """Run a command on the installation."""
    return lambda *words, **options: minga(home, *words, **options)


def minga(home: Path, *words, **options) -> subprocess.CompletedProcess:
    """Run a command of Minga in English."""
    environment = {**os.environ, "MINGA_HOME": str(home), "LANG": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "minga.config.cli", *map(str, words)], cwd=CHECKOUT, env=environment, text=True,
        timeout=120, **({"capture_output": True} | options),
    )  # fmt: skip


@pytest.fixture
def file(tmp_path) -> Path:
    """A file of one good line, one that is not JSON and one without a title."""
    path = tmp_path / "rows.jsonl"
    good = {"id": "good", "kind": "need", "lang": "pt", "title": "Ajuda", "countries": ["BRA"]}
    path.write_text(f"{json.dumps(good)}\nnot json\n{json.dumps({**good, 'id': 'x', 'title': ''})}\n", "utf-8")
    return path


class TestImport:
    def test_tells_scripts_what_became_of_each_row(self, run, file):
        done = run("import", file, "--dry-run", "--json")

        told = json.loads(done.stdout)
        assert done.returncode == 1
        assert list(told)[:5] == ["rows", "accepted", "unchanged", "refused", "problems"]
        assert list(told)[5:] == ["alike", "alike_rows", "not_compared"]
        assert (told["rows"], told["accepted"], told["unchanged"], told["refused"]) == (3, 1, 0, 2)
        assert list(told["problems"][0]) == ["severity", "sheet", "row", "column", "code", "message"]
        assert [each["row"] for each in told["problems"]] == [2, 3]

    def test_tells_people_in_sentences(self, run, file):
        done = run("import", file)

        assert "row 2: The line is not JSON" in done.stderr
        assert "Taken in: 1. Unchanged: 0. Refused: 2." in done.stdout

    @pytest.mark.parametrize(("name", "sentence"), [("none.jsonl", "There is no file"), (".", "is a folder")])
    def test_of_no_file_says_so(self, run, tmp_path, name, sentence):
        done = run("import", tmp_path / name)

        assert done.returncode == 1
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr

    def test_of_a_file_that_may_not_be_read_says_so(self, file, monkeypatch):
        monkeypatch.setattr(os, "access", lambda *_arguments: False)  # the administrator may read every file

        with pytest.raises(InstallationProblem, match="may not read"):
            _require_readable(file)

    def test_of_an_empty_file_takes_nothing_in(self, run, tmp_path):
        (tmp_path / "empty.jsonl").touch()

        done = run("import", tmp_path / "empty.jsonl", "--json")

        assert (done.returncode, json.loads(done.stdout)["rows"]) == (0, 0)


class TestExport:
    def test_into_a_file_can_be_imported_and_changes_nothing(self, run, tmp_path):
        out = tmp_path / "all.jsonl"
        done = run("export", "--out", out)
        rows = out.read_text("utf-8").splitlines()

        report = json.loads(run("import", out, "--json").stdout)

        assert f"{len(rows)} records written" in done.stderr
        assert (report["rows"], report["accepted"], report["refused"]) == (len(rows), 0, 0)
        assert list(tmp_path.iterdir()) == [out]

    def test_narrows_by_what_is_chosen(self, run):
        done = run("export", "--kind", "pledge", "--country", "col", "--lang", "es")

        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert all(row["kind"] == "pledge" and "COL" in row["countries"] and row["lang"] == "es" for row in rows)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["--country", "XXX"], "“XXX” is not known"),
            (["--objective", "24"], "“24” is not known"),
            (["--format", "pdf"], "The format is one of"),
            (["--format", "xlsx"], "--out"),
            (["--out", "/dev/full"], "No space left"),
            (["--out", "/nowhere/at/all.jsonl"], "cannot be written"),
            (["--out", "/"], "cannot be written"),
        ],
    )
    def test_says_what_is_wrong_in_one_sentence(self, run, words, sentence):
        done = run("export", *words)

        assert done.returncode == 1
        assert sentence in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1

    def test_to_a_full_disk_by_standard_output_says_so(self, run):
        with Path("/dev/full").open("w") as full:
            done = run("export", capture_output=False, stdout=full, stderr=subprocess.PIPE)

        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1

    def test_into_a_pipe_whose_reader_leaves_ends_quietly(self, home):
        command = (
            f"{sys.executable} -m minga.config.cli export --format csv | head -c 5 >/dev/null; echo ${{PIPESTATUS[0]}}"
        )
        done = subprocess.run(
            ["bash", "-c", command], cwd=CHECKOUT, env={**os.environ, "MINGA_HOME": str(home)}, text=True,
            capture_output=True, timeout=60,
        )  # fmt: skip

        assert (done.stdout.strip(), done.stderr) == ("0", "")

    @pytest.mark.parametrize("form", ["csv", "xlsx", "docx"])
    def test_writes_every_form(self, run, tmp_path, form):
        out = tmp_path / f"needs.{form}"

        done = run("export", "--format", form, "--kind", "practice", "--out", out)

        assert done.returncode == 0, done.stderr
        assert out.stat().st_size > 1000
