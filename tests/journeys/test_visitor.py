"""A visitor reads, filters, cites and takes away, in her own language, with and without JavaScript."""

import json
import re
from io import BytesIO

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestAVisitor:
    def test_is_greeted_in_the_language_of_her_browser(self, open_page):
        assert open_page("/", language="en").locator("html").get_attribute("lang") == "en"
        assert open_page("/", language="pt-BR").locator("html").get_attribute("lang") == "pt"
        assert open_page("/", language="de").locator("html").get_attribute("lang") == "es"

    def test_goes_from_the_home_page_to_a_record_and_cites_it(self, open_page):
        page = open_page("/es/")

        page.get_by_role("link", name="Prácticas", exact=False).first.click()
        page.locator(".records h3 a").first.click()

        expect(page.locator("h1")).to_be_visible()
        citation = page.locator("#citation").inner_text()
        assert re.search(r"/r/[0-9a-z]{10}/", citation)
        assert page.locator("h1").inner_text() in citation

    def test_follows_the_address_that_is_cited(self, open_page):
        page = open_page("/es/practices/")
        page.locator(".records h3 a").first.click()
        address = re.search(r"/r/[0-9a-z]{10}/", page.locator("#citation").inner_text())[0]

        page.goto(address)

        assert "/es/practices/" in page.url

    def test_reads_the_same_page_in_another_language(self, open_page):
        page = open_page("/es/records/?country=COL")
        number = page.locator("#results-title").inner_text().split()[0]

        page.get_by_role("link", name="English").click()

        assert "/en/records/?country=COL" in page.url
        assert page.locator("#results-title").inner_text() == f"{number} records"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
class TestFiltering:
    def test_shows_what_the_number_beside_the_filter_promised(self, open_page, script):
        page = open_page("/es/records/", script=script)
        filters = page.locator("#filters")
        if filters.get_attribute("open") is None:
            page.locator("#filters > summary").click()
        choice = page.locator("label[for='country-MEX']")
        promised = choice.locator(".count").inner_text()

        choice.click()
        if not script:
            page.get_by_role("button", name="Mostrar las fichas").click()
        page.wait_for_url("**country=MEX*")

        expect(page.locator("#results-title")).to_have_text(f"{promised} fichas")
        expect(page.locator("#country-MEX")).to_be_checked()

    def test_says_what_it_did_not_understand(self, open_page, script):
        page = open_page("/es/records/?country=XXX&objective=99&sort=up&color=red&page=77", script=script)

        notices = " ".join(page.locator(".notice").all_inner_texts())
        for part in ("country=XXX", "objective=99", "sort=up", "color", "77"):
            assert part in notices
        assert page.locator(".records > li").count() > 0


class TestTakingAListAway:
    def test_gives_the_records_of_the_list_in_every_form(self, open_page):
        page = open_page("/es/practices/?country=MEX")
        total = int(page.locator("#results-title").inner_text().split()[0])

        files = {}
        for form in ("XLSX", "CSV", "JSON", "DOCX"):
            with page.expect_download() as download:
                page.get_by_role("link", name=form, exact=True).click()
            files[form] = download.value.path().read_bytes()
            assert download.value.suggested_filename.startswith("minga-practices-")

        assert len(json.loads(files["JSON"])) == total
        assert openpyxl.load_workbook(BytesIO(files["XLSX"])).worksheets[0].max_row == total + 1
        assert files["CSV"].startswith(b"\xef\xbb\xbf")
        headings = [each for each in Document(BytesIO(files["DOCX"])).paragraphs if each.style.name == "Heading 1"]
        assert len(headings) == total

    def test_gives_a_feed_to_follow(self, open_page, site):
        page = open_page("/es/practices/?country=MEX")

        feed = page.request.get(page.get_by_role("link", name="Seguirla (Atom)").get_attribute("href"))

        assert feed.status == 200
        assert "atom+xml" in feed.headers["content-type"]
        assert feed.text().count("<entry>") == int(page.locator("#results-title").inner_text().split()[0])


class TestWeight:
    def test_of_a_first_visit_to_a_list_is_small_and_asks_no_other_host(self, chromium, site):
        context = chromium.new_context(base_url=site)
        page = context.new_page()
        hosts, sizes = set(), []
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

        page.goto("/es/records/", wait_until="networkidle")

        assert hosts == {site.split("/")[2]}
        assert sum(sizes) < 150_000
        context.close()


class TestTheKeyboard:
    def test_reaches_the_content_first_and_shows_where_it_is(self, open_page):
        page = open_page("/es/practices/")

        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "content"
