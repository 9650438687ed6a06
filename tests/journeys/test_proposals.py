"""From a text to its labels: proposed with evidence, one confirmed, one refused, the rest chosen, and published."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_accessibility_of_work import violations
from tests.journeys.test_lifecycle import go_on, judge, take_step

pytestmark = pytest.mark.browser
SUMMARY = (
    "La policía y la fiscalía detectan a víctimas de trata de personas en la frontera. Un albergue las recibe, con atención "
    "médica y asesoría legal. Los fiscales de tres países comparten las pruebas para perseguir a los tratantes."
)


def begin(page: Page, title: str) -> str:
    """Write what a practice is and where; returns its public id."""
    page.goto("/es/work/new/")
    page.locator("main form button[type=submit]").click()
    page.get_by_label("Título").fill(title)
    page.get_by_label("Resumen").fill(SUMMARY)
    page.get_by_label("Inicio").fill("2021-03")
    go_on(page)
    page.get_by_label("El Salvador").check()
    page.get_by_label("Actor principal").fill("Fiscalía de la República de Prueba")
    page.locator("button[name=go][value=leave]").click()
    return page.url.rstrip("/").split("/")[-1]


def look(page: Page) -> None:
    """Wait for proposals, as one does on a busy machine: the page looks again by itself, or by its link."""
    for _time in range(5):
        if page.evaluate("document.documentElement.classList.contains('has-script')"):
            page.wait_for_selector(".evidence, #proposals .notice:not([hx-get])", timeout=60_000)
        if page.locator(".evidence").count():
            return
        page.locator("#proposals .notice a").click()


def answer(page: Page, button: str, label: str) -> None:
    page.locator(f"#proposals button[value='{button}:{label}']").click()


def test_the_form_goes_on_without_the_encoder(open_page):  # before the others start it
    page = open_page("/es/inbox/", part="focal-point")
    record = begin(page, "Sin propuestas todavía")
    page.goto(f"/es/work/{record}/edit/compact/")
    expect(page.locator("#proposals .notice")).to_be_visible()
    page.locator("#id_objectives-10").check()
    page.locator("button[name=go][value=leave]").click()
    expect(page.locator("h1")).to_have_text("Sin propuestas todavía")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_proposal_is_confirmed_and_another_refused_in_the_form(open_page, encoder, script):
    page = open_page("/es/inbox/", script=script, part="focal-point")
    record = begin(page, "Casa de acogida para víctimas de trata")
    page.goto(f"/es/work/{record}/edit/compact/")
    look(page)
    first = page.locator(".evidence > li").first
    expect(first.locator(".tile-number")).to_have_text("10")
    expect(first.locator("blockquote").first).to_contain_text("trata")
    expect(first.locator(".sure")).to_contain_text("%")
    if script:
        page.evaluate("document.body.dataset.same = 'yes'")
    page.locator("#id_populations-children").check()  # goes with the answer

    answer(page, "confirm", "objectives:10")
    expect(page.locator("#id_objectives-10")).to_be_checked()
    expect(page.locator("#id_objectives-first")).to_have_value("10")
    if script:
        expect(page.locator("#proposals .told")).to_be_focused()
        assert page.evaluate("document.body.dataset.same") == "yes"
    refused = page.locator(".evidence button[value^='reject:']").first.get_attribute("value").removeprefix("reject:")
    answer(page, "reject", refused)
    expect(page.locator(f"#proposals button[value='reject:{refused}']")).to_have_count(0)
    page.locator("#proposals details summary").click()
    expect(page.locator(f"#proposals details button[value='confirm:{refused}']")).to_be_visible()

    page.locator("#id_objectives-9").check()
    page.locator("button[name=go][value=leave]").click()
    page.goto(f"/es/work/{record}/edit/compact/")
    for chosen in ("#id_objectives-10", "#id_objectives-9", "#id_populations-children"):
        expect(page.locator(chosen)).to_be_checked()
    expect(page.locator(f"#proposals > ul button[value='confirm:{refused}']")).to_have_count(0)


def test_a_practice_is_labelled_where_it_stands_and_published(open_page, encoder):
    title = "Refugio y justicia para víctimas de trata"
    author = open_page("/es/inbox/", part="focal-point")
    record = begin(author, title)
    look(author)
    expect(author.locator("#proposals")).to_contain_text("Objetivos")
    answer(author, "confirm", "objectives:10")
    expect(author.locator("#proposals .told")).to_contain_text("10.")
    take_step(author, "send")
    endorser = open_page(f"/es/work/{record}/", part="endorser")
    expect(endorser.locator("#proposals")).to_have_count(0)
    take_step(endorser, "endorse")
    author.goto(f"/es/work/{record}/")
    take_step(author, "submit")
    for part in ("moderator-1", "moderator-2"):
        judge(open_page("/es/inbox/", part=part), title, "accept", "Bien.")
    take_step(open_page("/es/inbox/", part="secretariat"), "publish", of=title)

    reader = open_page(f"/r/{record}/")
    expect(reader.locator("h1")).to_have_text(title)
    expect(reader.locator(".facts a.objective .tile-number")).to_have_text("10")


@pytest.mark.parametrize("width", [360, 1280])
def test_proposals_are_accessible(open_page, encoder, width):
    page = open_page("/es/inbox/", width=width, part="focal-point")
    record = begin(page, "Accesible para todas las personas")
    look(page)
    told = violations(page, "where it stands", width)
    page.goto(f"/es/work/{record}/edit/compact/")
    told += violations(page, "form", width)
    answer(page, "reject", "objectives:10")
    expect(page.locator("#proposals .told")).to_be_visible()
    page.locator("#proposals details summary").click()
    told += violations(page, "answered", width)
    for path in ("/es/about/proposals/", "/es/about/"):
        page.goto(path)
        told += violations(page, path, width)
    chooser = open_page("/es/administration/models/", width=width, part="administrator")
    told += violations(chooser, "models", width)

    assert told == []
