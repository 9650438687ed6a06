"""A search is saved, asked anew with the rights of the day, renamed, deleted; and is nobody else's."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from minga.accounts.models import Digest, Profile
from minga.audit.by import By
from minga.following import changes
from minga.following.models import SavedSearch
from minga.people import closing
from minga.search import indexing
from minga.search.lists import read_list
from tests.access.people import make_person, signed_in_as
from tests.following.following import NOW, Meaning, listed, save
from tests.making import make_record
from tests.search.encoder import embed_all

HERE = "/en/account/searches/"


@pytest.fixture
def person(registry, meaning):
    return make_person("focal_point", "slv")


@pytest.fixture
def browse(as_site, person):
    """A client of hers, as the site."""

    def with_client(what):
        with as_site(person.pk), signed_in_as(person.pk) as client:
            return what(client)

    return with_client


def own(person) -> list[SavedSearch]:
    return list(SavedSearch.objects.filter(person=person.pk))


class TestSaving:
    def test_is_offered_on_a_search_and_says_afterwards_where_it_is(self, browse, person):
        page = browse(lambda client: client.get("/en/records/?q=remesas&country=MEX"))
        assert "Save this search" in page.content.decode()
        query = page.content.decode().split('name="query" value="')[1].split('"')[0].replace("&amp;", "&")
        answer = browse(lambda client: client.post(f"{HERE}save/", {"query": query}, follow=True))
        text = answer.content.decode()

        assert [(search.name, search.query, search.rhythm) for search in own(person)] == [
            ("remesas · Mexico", "country=MEX&q=remesas", Digest.WEEKLY)]  # fmt: skip
        assert "You saved this search" in text and "Save this search" not in text

    def test_is_offered_on_a_list_that_is_only_narrowed_by_a_filter(self, browse, person):
        for query in ("country=COL", "objective=8", "kind=need", ""):
            browse(lambda client, query=query: client.post(f"{HERE}save/", {"query": query}))

        assert {search.query for search in own(person)} == {"country=COL", "objective=8", "kind=need", ""}

    def test_keeps_one_search_however_one_came_to_it(self, registry, person):
        lists = [
            read_list(QueryDict("country=GTM,SLV&q=caminos&sort=title&page=3"), kind="practice"),
            read_list(QueryDict("q=caminos&kind=practice&country=slv&country=GTM")),
        ]
        found = [changes.save(asked, person=person.pk, at=NOW) for asked in lists]

        assert found[0][0] == found[1][0] and [is_fresh for _search, is_fresh in found] == [True, False]

    def test_is_not_offered_to_a_visitor_who_may_follow_the_feed(self, as_site, registry, meaning):
        with as_site(None):
            page = Client().get('/en/records/?q="Estatuto Temporal de Protección"').content.decode()
            posted = Client().post(f"{HERE}save/", {"query": "q=x"}, headers={"Sec-Fetch-Site": "same-origin"})

        assert "Save this search" not in page
        assert "/en/records/feed.atom?q=%22Estatuto+Temporal" in page
        assert posted.status_code == 403 and not SavedSearch.objects.filter(query="q=x").exists()

    def test_ends_at_fifty(self, browse, person):
        for number in range(changes.MOST_SAVED):
            save(person.pk, f"year={1950 + number}")
        answer = browse(lambda client: client.post(f"{HERE}save/", {"query": "year=2020"}, follow=True))

        assert len(own(person)) == changes.MOST_SAVED
        assert "the most that one may" in answer.content.decode()

    @pytest.mark.parametrize("query", [
        "q=" + "wort " * 400, "q=%00%ff%0a&actor=%27--&country=XXX&nonsense=1", "q=%F0%9F%99%82", "&&&===", "q=" + "ñ" * 9000,
        "country=" + ",".join(["SLV"] * 500),
    ])  # fmt: skip
    def test_takes_whatever_an_address_may_hold(self, browse, person, query):
        answer = browse(lambda client: client.post(f"{HERE}save/", {"query": query}))
        page = browse(lambda client: client.get(HERE))

        assert (answer.status_code, page.status_code, len(own(person))) == (302, 200, 1)


class TestHerPage:
    def test_says_how_many_are_new_since_she_looked(self, browse, person):
        save(person.pk, "q=zurcidora", at=timezone.now() - timedelta(days=4))
        for number in range(2):
            listed(timezone.now(), title=f"Zurcidora {number}")
        listed(timezone.now(), title="Otra cosa")
        assert "2 new records" in browse(lambda client: client.get(HERE)).content.decode()

        opened = browse(lambda client: client.get(f"{HERE}{own(person)[0].pk}/", follow=True))
        assert "2 records are new since" in opened.content.decode()
        assert "sort=newest" in opened.redirect_chain[0][0]
        assert "Nothing new" in browse(lambda client: client.get(HERE)).content.decode()

    def test_knows_what_was_there_when_she_saved_it(self, browse, person):
        listed(timezone.now() - timedelta(minutes=1), title="Zurcidora de antes")
        save(person.pk, "q=zurcidora", at=timezone.now())

        assert "Nothing new" in browse(lambda client: client.get(HERE)).content.decode()

    def test_takes_nothing_for_new_that_was_listed_long_before_and_is_embedded_only_now(self, browse, person):
        listed(timezone.now() - timedelta(hours=3), title="Zamoria", summary=None)
        save(person.pk, "q=quetzalia", at=timezone.now())
        embed_all(Meaning())

        assert "Nothing new" in browse(lambda client: client.get(HERE)).content.decode()

    def test_does_not_take_words_alone_for_everything(self, browse, person, meaning):
        save(person.pk, "q=quetzalia", at=timezone.now() - timedelta(days=9))
        listed(timezone.now() - timedelta(days=5), title="Zamoria", summary=None, embedded=True)
        meaning.is_away = True
        browse(lambda client: client.get(f"{HERE}{own(person)[0].pk}/"))
        meaning.is_away = False

        assert "1 new record" in browse(lambda client: client.get(HERE)).content.decode()

    def test_renames_and_sets_the_rhythm(self, browse, person):
        search = save(person.pk, "q=zurcidora")
        wrong = browse(lambda client: client.post(f"{HERE}{search.pk}/change/", {"name": " ", "rhythm": "hourly"}))
        browse(
            lambda client: client.post(f"{HERE}{search.pk}/change/", {"name": "Redes\u2028rotas", "rhythm": "daily"})
        )

        assert wrong.status_code == 422 and 'role="alert"' in wrong.content.decode()
        assert [(each.name, each.rhythm) for each in own(person)] == [("Redes rotas", "daily")]

    def test_deletes(self, browse, person):
        search = save(person.pk, "q=zurcidora")
        browse(lambda client: client.post(f"{HERE}{search.pk}/delete/"))

        assert own(person) == []

    def test_says_when_a_filter_is_gone(self, browse, person):
        SavedSearch.objects.filter(pk=save(person.pk, "level=local").pk).update(query="level=imperial")

        assert "This filter no longer exists" in browse(lambda client: client.get(HERE)).content.decode()


class TestNobodyElse:
    def test_reads_changes_or_opens_hers(self, as_site, person):
        search, other = save(person.pk, "q=secreto"), make_person("administrator", "rcm-executive-secretariat")
        with as_site(other.pk), signed_in_as(other.pk) as client:
            assert "secreto" not in client.get(HERE).content.decode()
            assert client.get(f"{HERE}{search.pk}/").status_code == 404
            for act in ("change", "delete"):
                assert client.post(f"{HERE}{search.pk}/{act}/", {"name": "x", "rhythm": "daily"}).status_code == 404
            assert not SavedSearch.objects.exists()
            with connection.cursor() as cursor:
                for statement in ("update following_savedsearch set name = 'x'", "delete from following_savedsearch"):
                    cursor.execute(statement)
                    assert cursor.rowcount == 0
        with as_site(None):
            assert not SavedSearch.objects.exists()
        assert own(person) == [search]

    def test_saves_one_for_her(self, as_site, person):
        other = make_person("endorser", "gtm")
        with as_site(other.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            save(person.pk, "q=ajeno")

    def test_is_given_one_of_hers_even_by_herself(self, as_site, person):
        save(person.pk, "q=secreto")
        with as_site(person.pk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            SavedSearch.objects.update(person=1)


class TestWhoLeaves:
    def test_takes_her_searches_away_and_is_forgotten_with_them(self, as_site, browse, person):
        save(person.pk, "q=zurcidora")
        taken = json.loads(browse(lambda client: client.get("/en/account/data.json")).content)
        with as_site(person.pk):
            closing.erase(Profile.objects.get(pk=person.pk), by=By(person=person.pk))

        assert [each["query"] for each in taken["searches"]] == ["q=zurcidora"]
        assert own(person) == []


def test_a_record_in_a_version_that_she_may_not_read_is_neither_new_nor_counted(browse, person):
    save(person.pk, "country=GTM", at=timezone.now() - timedelta(days=4))
    save(person.pk, "q=zurcidora", at=timezone.now() - timedelta(days=4))
    listed(timezone.now(), title="Zurcidora oculta", countries=["GTM"], visibility="named", audience=("gtm",))
    make_record(title="Zurcidora en borrador", countries=["GTM"], state="draft", owner="gtm")
    indexing.refresh_marked()
    text = browse(lambda client: client.get(HERE)).content.decode()

    assert text.count("Nothing new") == 2 and "oculta" not in text
