"""The documentation is true: the reference is made from the program, and links lead somewhere."""

import re
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "docs"))
import make_lifecycle  # noqa: E402
import make_reference  # noqa: E402

from minga.installation.database import MADE_ROLES  # noqa: E402

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", sorted(make_reference.FILES))
def test_reference_is_what_the_program_says(name):
    written = (CHECKOUT / "docs" / "reference" / name).read_text(encoding="utf-8")

    assert written == make_reference.FILES[name]()


@pytest.mark.parametrize("page", ["how-to/use-a-postgresql-server.md", "reference/settings.md"])
def test_every_role_of_the_database_can_be_named(page):
    text = (CHECKOUT / "docs" / page).read_text(encoding="utf-8")

    assert [role for role in MADE_ROLES if f"`MINGA_{role.upper()}_URL`" not in text] == []


def test_the_lifecycle_is_drawn_from_its_declaration():
    assert make_lifecycle.PAGE.read_text(encoding="utf-8") == make_lifecycle.text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_lead_to_files(page):
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(file.name[:4]) for file in sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
