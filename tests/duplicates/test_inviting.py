"""An author may tell the office that keeps a record that hers overlaps: that office alone, and no more than she saw."""

import html

import pytest
from django.db import transaction

from minga.duplicates import inviting
from minga.duplicates.models import Decision, Invitation
from minga.registry.lifecycle import State
from minga.registry.models import Version
from minga.registry.moves import NotPossible, NotThere
from tests.access.people import make_person, signed_in_as
from tests.duplicates.test_hints import SUMMARY, TITLE, draft, text, words
from tests.making import make_record
from tests.search.encoder import embed_all

__all__ = ["words"]  # a fixture


@pytest.fixture
def told(words, as_site):
    """A draft of El Salvador that overlaps with a record of Guatemala, which was told so."""
    recorded, mine, author = make_record(owner="gtm", **text()), draft(), make_person("focal_point", "slv")
    embed_all(words.encoder)
    address = f"/en/work/{mine.record.public_id}/alike/what/{recorded.record.public_id}/"
    with as_site(author.pk), signed_in_as(author.pk) as client:
        page = html.unescape(client.get(f"/en/work/{mine.record.public_id}/edit/what/").content.decode())
        sent = {"verdict": "overlapping", "reason": "Atendemos el mismo corredor.", "invite": "yes"}
        assert client.post(address, sent).status_code == 302
    return recorded, mine, author, page


def inbox(client) -> str:
    return html.unescape(client.get("/en/inbox/").content.decode())


def test_the_office_finds_in_its_inbox_what_the_author_saw_that_it_would(told, as_site):
    _recorded, mine, _author, page = told
    assert f"They are told your office (El Salvador), the title as it is saved (“{TITLE}”)" in page
    reader = make_person("contributor", "gtm")
    with as_site(reader.pk), signed_in_as(reader.pk) as client:
        line = inbox(client)
        assert "El Salvador works on something" in line and "Atendemos el mismo corredor." in line
        assert line.count(TITLE) == 2  # of her own record and of the draft: the two are called the same
        assert mine.record.public_id not in line and SUMMARY not in line
        assert not Version.objects.filter(pk=mine.version.pk).exists()
        assert client.get(f"/en/work/{mine.record.public_id}/").status_code == 404
        number = Invitation.objects.get().pk
        assert client.post(f"/en/inbox/seen/{number}/").status_code == 302
        assert "Atendemos" not in inbox(client)
        assert client.post(f"/en/inbox/seen/{number}/").status_code == 404
    assert Decision.objects.get().verdict == "overlapping"
    assert Invitation.objects.get().seen_by == reader.pk


@pytest.mark.parametrize(
    "who", [("focal_point", "hnd"), ("moderator", "iom", "rcm"), ("secretariat", "rcm-executive-secretariat", "rcm")]
)
def test_nobody_else_reads_it_or_takes_it_away(told, as_site, who):
    number, stranger = Invitation.objects.get().pk, make_person(*who)
    with as_site(stranger.pk), signed_in_as(stranger.pk) as client:
        assert not Invitation.objects.exists() and "Atendemos" not in inbox(client)
        assert client.post(f"/en/inbox/seen/{number}/").status_code == 404
    with as_site():
        assert not Invitation.objects.exists()


def test_only_an_author_tells_and_only_another_office_that_she_can_see(words, as_site):
    theirs, own, mine = make_record(owner="gtm"), make_record(owner="slv"), draft()
    hidden = make_record(owner="gtm", state=State.DRAFT)
    author, stranger = make_person("focal_point", "slv"), make_person("focal_point", "hnd")
    for person, record in ((stranger, theirs), (author, own), (author, hidden)):
        with as_site(person.pk), transaction.atomic(), pytest.raises(NotThere):
            inviting.invite(mine.version, record.record, "", by=person.pk)
    assert not Invitation.objects.exists()


def test_an_office_is_not_told_twice_before_it_looks_nor_of_what_has_no_title(told, as_site):
    recorded, mine, author, _page = told
    with as_site(author.pk):
        with pytest.raises(NotPossible, match="already"):
            inviting.invite(mine.version, recorded.record, "", by=author.pk)
        mine.version.title = " "
        with pytest.raises(NotPossible, match="title"):
            inviting.invite(mine.version, recorded.record, "", by=author.pk)


def test_without_the_box_nobody_is_told(words, as_site):
    recorded, mine, author = make_record(owner="gtm", **text()), draft(), make_person("focal_point", "slv")
    embed_all(words.encoder)
    address = f"/en/work/{mine.record.public_id}/alike/what/{recorded.record.public_id}/"
    with as_site(author.pk), signed_in_as(author.pk) as client:
        client.post(address, {"verdict": "overlapping", "reason": "Mismo corredor."})
        assert client.post(address, {"verdict": "overlapping"}).status_code == 302  # says in a message what is missing
    assert Decision.objects.count() == 1 and not Invitation.objects.exists()
