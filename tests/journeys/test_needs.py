"""From what is lacking to what others have: a need is written, what may answer it is there at once, and lessons are read."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import CHECKOUT
from tests.journeys.test_accessibility_of_work import violations

pytestmark = pytest.mark.browser
TITLE = "Identificar restos de personas migrantes sin nombre"
SUMMARY = (
    "El instituto forense guarda restos de personas halladas en la frontera y no sabe quiénes son. Las familias viven en "
    "otros países. Queremos aprender cómo otros tomaron muestras de ADN de las familias y las compararon."
)


@pytest.fixture(scope="module")
def vectors(installation):
    """The bundled records with the vectors that are shipped, as the worker makes them; taken away at the end."""
    subprocess.run([sys.executable, "-m", "minga.config.cli", "embed"], cwd=CHECKOUT, env=dict(os.environ), check=True)
    yield
    with installation.connect("owner") as owner:
        for table in ("search_passage", "search_stale", "search_wordvector", "search_word"):
            owner.execute(f"delete from {table}")
        for (name,) in owner.execute("select name from search_vectorset").fetchall():
            index = owner.execute("select search_index_name(%s)", [name]).fetchone()[0]
            owner.execute(f"drop index if exists {index}")
        owner.execute("delete from search_vectorset")
        owner.execute("select search_refresh(array(select id from registry_version where is_listed))")


def begin(page: Page) -> str:
    """Begin a need with a title and a summary; returns its public id."""
    page.goto("/es/work/new/")
    page.locator("input[name=kind][value=need]").check()
    page.locator("main form button[type=submit]").click()
    page.get_by_label("Título").fill(TITLE)
    page.get_by_label("Resumen").fill(SUMMARY)
    return page.url.partition("work/")[2].split("/")[0]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_may_answer_a_need_is_there_while_it_is_written(open_page, vectors, encoder, script):
    page = open_page("/es/inbox/", width=360, script=script, part="focal-point")
    record = begin(page)
    if script:  # after a pause, from what was saved meanwhile
        expect(page.locator("#matches .evidence > li").first).to_be_visible(timeout=60_000)
        assert violations(page, "form", 360) == []
        assert page.locator("#matches .evidence > li").count() <= 3
    page.locator("button[name=go][value=leave]").click()
    if script:
        page.locator("#matches").scroll_into_view_if_needed()
        expect(page.locator("#matches .evidence > li").first).to_be_visible(timeout=60_000)
    page.locator("#matches .forward").click()
    first = page.locator(".evidence > li").first
    expect(first.locator("h3 a")).to_be_visible()
    expect(first.locator(".sure")).to_contain_text("%")
    expect(first.locator("blockquote")).to_have_count(2)
    expect(page.locator(".confidential")).to_be_visible()
    assert any("ADN" in text or "DNA" in text for text in page.locator(".evidence").all_inner_texts())
    if script:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page, "matches", width) == []
    other = open_page(f"/es/work/{record}/matches/", part="focal-point-of-another-country")
    expect(other.locator(".evidence")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_drafter_reads_the_lessons_of_an_objective(open_page, vectors, width):
    page = open_page("/es/objectives/7/", width=width)
    page.locator("a[href$='/objectives/7/lessons/']").click()
    theme = page.locator(".theme").first
    expect(theme.locator("h2 q")).to_be_visible()
    expect(theme.locator(".why")).to_contain_text(re.compile(r"\d"))
    assert theme.locator("figcaption").count() >= 2
    assert violations(page, "lessons", width) == []
    theme.locator("figcaption a").first.click()
    expect(page.locator("article.record h1")).to_be_visible()
