"""A person saves a search from its results, finds it among hers on a telephone, and ends it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_accessibility_of_work import violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_search_is_saved_found_again_and_deleted(open_page, script):
    page = open_page("/es/records/?q=remesas&country=MEX", width=360, script=script, part="focal-point")
    page.locator(".save-list button").click()
    expect(page.locator(".messages")).to_be_visible()
    assert page.locator("h1").inner_text() == "Todas las fichas" and "q=remesas" in page.url

    page.locator(".save-list a").click()
    saved = page.locator(".searches > li")
    expect(saved.locator("h2 a")).to_have_text("remesas · México")
    if script:
        assert violations(page, "saved", 360) == []
    saved.locator("summary").click()
    if script:
        assert violations(page, "its form", 360) == []
    saved.get_by_label("Nombre").fill("Envíos a México")
    saved.locator("select").select_option("daily")
    saved.locator("form").first.locator("button").click()
    expect(saved.locator("h2 a")).to_have_text("Envíos a México")

    saved.locator("h2 a").click()
    assert "country=MEX" in page.url
    page.go_back()
    saved.locator("summary").click()
    saved.locator("form").last.locator("button").click()
    expect(page.locator(".searches")).to_have_count(0)
    if script:
        assert violations(page, "none", 360) == []
