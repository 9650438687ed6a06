"""The secretariat works through the queue and merges two real records, with consent, and undoes it; in a real browser."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from minga.access.process import become
from minga.access.rowsecurity import seeing_all
from minga.duplicates.models import Decision, Merge, Pair
from minga.registry.models import Version
from tests.journeys.test_accessibility_of_work import violations
from tests.making import actor_id

pytestmark = pytest.mark.browser
OFFICE = "rcm-executive-secretariat"


@pytest.fixture(scope="module")
def suspected(site) -> Iterator[tuple[Version, Version]]:
    """Two bundled records of one country in the queue, the one that says more first."""
    become("worker")
    with seeing_all():
        found = Version.objects.listed().filter(
            owner=actor_id(OFFICE), kind="practice", language="es", places__contains=["MEX"]
        ).select_related("record")  # fmt: skip
        kept, other = sorted(found[:2], key=lambda each: -len(each.summary + str(each.details)))
        low, high = sorted((kept, other), key=lambda each: each.record_id)
        Pair.objects.create(low=low.record, high=high.record, low_version=low, high_version=high, probability=0.93,
                            found_at=timezone.now())  # fmt: skip
    yield kept, other
    with seeing_all():
        Merge.objects.all().delete()
        Pair.objects.all().delete()
        Decision.objects.all().delete()


def test_two_records_become_one_and_two_again(open_page, suspected):
    kept, other = suspected
    told = []
    page = open_page("/es/inbox/", part="secretariat", width=360)
    page.goto("/es/duplicates/")
    told += violations(page, "queue", 360)
    page.locator(".pairs a.button").first.click()
    told += violations(page, "pair", 360)
    pair = page.url
    page.locator("#verdict-different").check()
    page.locator("main form[method=post] button[type=submit]").click()
    expect(page.locator(".problems")).to_be_visible()
    page.locator("#verdict-same").check()
    page.locator("main form[method=post] button[type=submit]").click()
    told += violations(page, "proposal", 360)
    page.locator("#reason").fill("Es la misma práctica, tomada de dos páginas.")
    page.locator("main form[method=post] button[type=submit]").click()
    told += violations(page, "merge", 360)
    merge = page.url
    for path in ("/es/duplicates/", pair, merge):
        wide = open_page(path, part="secretariat")
        told += violations(wide, path, 1280)

    page.goto("/es/inbox/")  # the office that keeps both answers there
    line = page.locator("main li", has_text="Es la misma práctica, tomada de dos páginas.")
    line.locator(f"a[href='{merge[merge.index('/es/') :]}']").first.click()
    page.locator("button[name=answer][value=agree]").click()

    reader = open_page(f"/r/{other.record.public_id}/", width=360)
    expect(reader.locator("h1")).to_have_text(kept.title)
    reader.locator(f"a[href$='{other.record.public_id}/before/']").click()
    expect(reader.locator("h1")).to_have_text(other.title)
    told += violations(reader, "before", 360)

    page.goto(merge)
    page.locator("details.step summary").click()
    page.locator("#end-reason").fill("Al leerlas de nuevo son dos.")
    page.locator("details.step button[type=submit]").click()
    reader.goto(f"/r/{other.record.public_id}/")
    expect(reader.locator("h1")).to_have_text(other.title)

    assert told == []
