"""From draft to published by keyboard alone: Tab, Space, Enter, arrows and letters, and the focus always seen."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
TITLE = "Escuelas que reciben a niñas y niños migrantes a mitad de curso"
MOST_TABS = 400
SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
}"""


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element, whose focus must be visible."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate(SEEN), f"the focus on {selector} is not visible"
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard on {page.url}")


def type_into(page: Page, selector: str, text: str) -> None:
    reach(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def tick(page: Page, selector: str) -> None:
    reach(page, selector)
    page.keyboard.press("Space")
    assert page.locator(selector).is_checked()


def choose(page: Page, group: str, value: str) -> None:
    """Choose one of a group of radio buttons: Tab goes to the group, arrows within it."""
    reach(page, f"input[type=radio][name={group}]")
    page.keyboard.press("Space")
    for _press in range(10):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {value} among {group}")


def press(page: Page, selector: str) -> None:
    """Press a button or follow a link, and wait for the page that comes."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def step_button(step: str) -> str:
    return f"form:has(input[name=step][value={step}]) button"


def go_on(page: Page) -> None:
    press(page, "button[name=go][value=on]")


def write(page: Page) -> str:
    press(page, "main a[href='/es/work/new/']")
    choose(page, "kind", "practice")
    press(page, "main form button[type=submit]")
    type_into(page, "#id_title", TITLE)
    type_into(page, "#id_summary", "Las escuelas inscriben en cualquier mes y acompañan en dos lenguas.")
    type_into(page, "#id_start", "2020")
    go_on(page)
    tick(page, "input[type=checkbox][value=SLV]")
    type_into(page, "#id_actor", "Ministerio de Educación de Prueba")
    go_on(page)
    type_into(page, "#id_results", "Se inscribió a 900 niñas y niños en 2021.")
    go_on(page)
    type_into(page, "#id_lessons", "Hablar antes con las familias.")
    go_on(page)
    tick(page, "#id_objectives-15")
    go_on(page)
    go_on(page)
    press(page, "main form button[type=submit]")
    return page.url.rstrip("/").split("/")[-1]


def judge(page: Page) -> None:
    press(page, "a[href='/es/moderation/']")
    item = f"li:has-text('{TITLE}')"
    place = page.locator("li", has_text=TITLE).locator("details")
    reach(page, "main summary")
    while not page.evaluate("title => document.activeElement.closest('li').textContent.includes(title)", TITLE):
        reach(page, "main summary")
    page.keyboard.press("Enter")
    assert place.first.get_attribute("open") is not None, item
    tick(page, "details[open] input[name=no_conflict]")
    press(page, "details[open] form:has(input[name=no_conflict]) button")
    choose(page, "mark-applied", "met")
    type_into(page, "#r-applied", "Consta quién y cuándo.")
    choose(page, "outcome", "accept")
    type_into(page, "#remark", "Clara y útil.")
    press(page, "button[name=file]")


def on_my_line(page: Page, step: str) -> None:
    """Take a step from the line of the inbox that the record has."""
    selector = step_button(step)
    reach(page, selector)
    while not page.evaluate("title => document.activeElement.closest('li').textContent.includes(title)", TITLE):
        reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_practice_goes_from_draft_to_published_without_a_mouse(open_page):
    author = open_page("/es/inbox/", part="focal-point")
    record = write(author)
    press(author, step_button("send"))
    on_my_line(open_page("/es/inbox/", part="endorser"), "endorse")
    author.goto("/es/inbox/")
    on_my_line(author, "submit")
    for part in ("moderator-1", "moderator-2"):
        judge(open_page("/es/inbox/", part=part))
    on_my_line(open_page("/es/inbox/", part="secretariat"), "publish")

    expect(open_page(f"/r/{record}/").locator("h1")).to_have_text(TITLE)
