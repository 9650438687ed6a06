"""No violation found by axe on the pages of people who are signed in, each role on its own, in both themes and sizes."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.test_accessibility import RULES
from tests.journeys.test_lifecycle import take_step, write_a_practice

pytestmark = pytest.mark.browser
PAGES = {
    "": ["/es/account/sign-in/", "/es/account/password/forgotten/", "/es/about/lifecycle/"],
    "focal-point": ["/es/inbox/", "/es/work/", "/es/work/new/", "own:", "own:edit/what/", "own:edit/where/",
                    "own:edit/compact/", "own:readers/", "own:files/", "own:versions/1/", "own:changes/1/",
                    "/es/account/", "/es/account/hand-over/", "/es/account/second-factor/",
                    "/es/account/sessions/"],
    "endorser": ["/es/inbox/", "sent:", "sent:changes/1/"],
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
    context.close()
    return made


@pytest.mark.parametrize("part", PAGES)
def test_pages_are_accessible_in_both_themes_and_sizes(open_page, records, part):
    told = []
    for path in PAGES[part]:
        name, colon, rest = path.partition(":")
        address = f"/es/work/{records[name]}/{rest}" if colon else path
        for width in (360, 1280):
            page = open_page(address, width=width, part=part)
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
            page.context.close()

    assert told == []
