"""No violation found by axe on the pages of people who are signed in, each role on its own, in both themes and sizes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.test_accessibility import RULES
from tests.journeys.test_lifecycle import take_step, write_a_practice
from tests.journeys.test_signing_in import accept, invite_somebody, set_up_second_factor

pytestmark = pytest.mark.browser
PAGES = {
    "": ["/es/account/sign-in/", "/es/account/password/forgotten/", "/es/about/lifecycle/"],
    "focal-point": ["/es/inbox/", "/es/work/", "/es/work/new/", "own:", "own:edit/what/", "own:edit/where/",
                    "own:edit/compact/", "own:readers/", "own:files/", "own:versions/1/", "own:changes/1/",
                    "/es/account/", "/es/account/hand-over/", "/es/account/second-factor/",
                    "/es/account/sessions/"],
    "endorser": ["/es/inbox/", "sent:", "sent:changes/1/"],
    "focal-point-of-another-country": ["source:claim/"],
    "moderator-1": ["/es/inbox/", "/es/moderation/", "/es/moderation/expertise/"],
    "secretariat": ["/es/inbox/", "/es/moderation/rules/rcm/"],
    "administrator": ["/es/administration/people/", "/es/administration/outbox/", "/es/administration/trail/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def records(chromium, site, signed_in) -> dict[str, str]:
    """A draft and one that was sent to the endorsing office: name -> public id."""
    context = chromium.new_context(base_url=site, storage_state=signed_in("focal-point"), locale="es")
    page = context.new_page()
    made = {"own": write_a_practice(page, "Borrador para leer en pantalla pequeña")}
    made["sent"] = write_a_practice(page, "Enviada a la oficina que avala")
    take_step(page, "send")
    page.goto("/es/practices/?country=GTM")
    made["source"] = page.locator("main h2 a, main h3 a").first.get_attribute("href").rstrip("/").split("/")[-1]
    context.close()
    return made


def violations(page: Page, path: str, width: int) -> list[tuple]:
    """What axe finds on a page, in both themes, and whether it scrolls sideways."""
    told = []
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        told.append((path, width, "scrolls sideways"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found = Axe().run(page, options=RULES)
        told += [
            (path, width, theme, violation["id"], node["target"], node.get("failureSummary", "")[:200])
            for violation in found.response["violations"]
            for node in violation["nodes"][:2]
        ]
    return told


@pytest.mark.parametrize("part", PAGES)
def test_pages_are_accessible_in_both_themes_and_sizes(open_page, records, part):
    told = []
    for path in PAGES[part]:
        name, colon, rest = path.partition(":")
        address = f"/es/work/{records[name]}/{rest}" if colon else path
        for width in (360, 1280):
            page = open_page(address, width=width, part=part)
            told += violations(page, path, width)
            page.context.close()

    assert told == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_an_invited_person_are_accessible(open_page, width):
    link = invite_somebody(open_page("/es/inbox/", part="administrator"), f"ancho{width}@cri.example")
    page = open_page(link, width=width)
    told = violations(page, "invitation", width)
    accept(page, link)
    told += violations(page, "second factor", width)
    set_up_second_factor(page)
    told += violations(page, "recovery codes", width)
    for path in ("second-factor/", "second-factor/webauthn/add/", "sessions/", "password/"):
        page.goto(f"/es/account/{path}")
        told += violations(page, path, width)

    assert told == []
