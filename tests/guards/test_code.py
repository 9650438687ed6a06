"""Rules about the code itself."""

import ast
import re
import subprocess
from pathlib import Path

import allauth
import pytest
from django.apps import apps

from minga.design import tiles

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "minga"
AREAS = [
    "config", "pages", "operations", "exchange", "inbox", "editing", "redaction", "moderation", "files", "registry",
    "people", "notifications", "personaldata", "actors", "vocabularies", "accounts", "access", "audit", "design",
    "common", "installation",
]  # fmt: skip
MODULES = [file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts or file.name[:4] != "0001"]


def tracked() -> list[Path]:
    """The files that git tracks."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=CHECKOUT, check=False).stdout
    return [CHECKOUT / name for name in listed.splitlines() if (CHECKOUT / name).is_file()]


def test_every_module_says_what_it_is_for():
    silent = [
        str(file.relative_to(CHECKOUT))
        for file in MODULES
        if (body := ast.parse(file.read_text(encoding="utf-8"))).body and not ast.get_docstring(body)
    ]

    assert silent == []


def test_no_function_is_longer_than_fifty_lines_and_no_file_than_four_hundred():
    long = []
    for file in MODULES:
        text = file.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            long.append(str(file))
        long += [
            f"{file.name}: {node.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 50
        ]

    assert long == []


def test_foreign_keys_point_down_the_layers():
    """import-linter does not see a foreign key that is written as a text."""
    upward = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.many_to_one and field.related_model:
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if here in AREAS and there in AREAS and AREAS.index(there) < AREAS.index(here):
                    upward.append(f"{model.__name__}.{field.name}")

    # Policies and grants need the person; accounts lies below actors.
    assert upward == []


def test_lock_files_hold_names_versions_and_hashes_only():
    for file in (CHECKOUT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", file.read_text(encoding="utf-8")), file


def test_the_tiles_sprite_is_drawn_from_its_figures():
    assert tiles.SPRITE.read_text(encoding="utf-8") == tiles.sprite()


def test_no_two_tiles_look_alike():
    figures = {number: "".join(each["rows"]) for number, each in tiles._figures()["objectives"].items()}

    near = [
        (one, other)
        for one in figures
        for other in figures
        if int(one) < int(other) and sum(a != b for a, b in zip(figures[one], figures[other], strict=True)) < 6
    ]
    assert near == [] and len(figures) == 23


@pytest.mark.parametrize("pattern", [r"(^|[^A-Za-z0-9_.])/(work|farm)/", r"\b(TODO|FIXME|XXX)\b:"])
def test_the_project_speaks_of_itself_alone(pattern):
    found = []
    for file in tracked():
        if file.suffix in (".woff2", ".png") or file == Path(__file__):
            continue
        found += [
            f"{file.relative_to(CHECKOUT)}: {line.strip()[:80]}"
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
            if re.search(pattern, line)
        ]

    assert found == []


def test_allauth_locks_rows_only_where_we_open_the_transaction():
    """Its rows are on the connection of sign-in, its transactions on the usual one (accounts/fitting.py)."""
    package = Path(allauth.__file__).parent
    locking = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if "select_for_update" in file.read_text(encoding="utf-8") and "headless" not in file.parts
    }

    assert locking == {"mfa/recovery_codes/internal/auth.py", "mfa/recovery_codes/internal/flows.py"}
