"""No violation found by axe on any page, in both themes, on a telephone and on a desk; no page scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PATHS = [
    "/es/", "/es/records/", "/es/records/?q=remesas+country:MEX", "/es/practices/?country=COL&objective=5", "/es/records/?country=XXX&page=99",
    "/es/records/?country=CUB&objective=20&language=fr", "/es/pledges/", "/es/objectives/", "/es/objectives/8/",
    "/es/principles/", "/es/principles/human-rights/", "/es/countries/", "/es/countries/SLV/", "/es/actors/",
    "/es/actors/?q=zzz", "/es/actors/iom/", "/es/coverage/", "/es/about/", "/es/about/counting/", "/es/vocabularies/",
    "/es/vocabularies/gcm-objectives/", "/es/vocabularies/gcm-objectives/GCM-O05/", "/es/design/", "/es/nowhere/",
    "record", "/en/", "/fr/records/", "/pt/coverage/",
]  # fmt: skip
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture(scope="session")
def a_record(chromium, site) -> str:
    """The path of some record's page."""
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    page.goto("/es/practices/")
    path = page.locator(".records h3 a").first.get_attribute("href")
    context.close()
    return path


@pytest.mark.parametrize("path", PATHS)
def test_page_is_accessible_in_both_themes_and_sizes(open_page, a_record, path):
    path = a_record if path == "record" else path
    for width in (360, 1280):
        page = open_page(path, width=width)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls at {width}"
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found = Axe().run(page, options=RULES)
            told = [
                (violation["id"], node["target"], node.get("failureSummary", "")[:300])
                for violation in found.response["violations"]
                for node in violation["nodes"][:3]
            ]
            assert told == [], f"{path}, {width} px, {theme}"
        page.context.close()
