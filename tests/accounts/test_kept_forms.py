"""A form that came too late is kept in the page, if it came from this site, and never with a secret."""

import pytest
from django.test import Client

FORM = {"title": "Ventanilla única", "oldpassword": "secreto uno", "code": "123456"}


@pytest.fixture
def sent(registry):
    """The page that answers a form of somebody who is not signed in."""

    def send(**headers: str) -> tuple[int, str]:
        answer = Client().post("/es/work/new/", FORM, headers=headers)
        return answer.status_code, answer.content.decode()

    return send


def test_what_was_typed_on_this_site_is_kept_to_be_sent_again(sent):
    status, page = sent(**{"Sec-Fetch-Site": "same-origin"})

    assert status == 403 and "Ventanilla única" in page
    assert "secreto uno" not in page and "123456" not in page


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_what_another_site_sends_is_not(sent, site):
    status, page = sent(**{"Sec-Fetch-Site": site})

    assert status == 403 and "Ventanilla única" not in page


@pytest.mark.parametrize(
    ("origin", "is_kept"), [("http://testserver", True), ("https://evil.example", False), ("null", False)]
)
def test_older_browsers_are_asked_for_the_origin(sent, origin, is_kept):
    assert ("Ventanilla única" in sent(Origin=origin)[1]) is is_kept


def test_without_either_nothing_is_kept(sent):
    assert "Ventanilla única" not in sent()[1]
