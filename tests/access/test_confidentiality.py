"""What a person may not read leaves no trace: not in a list, a count, a page, a file, a feed or an error.

Over generated records in every state and visibility, as the very database role that the site uses.
"""

from datetime import date
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from minga.accounts.models import Profile
from minga.actors.models import Actor, Alias, Grant
from minga.registry import counts
from minga.registry.kinds import Kind
from minga.registry.lifecycle import STANDING, State
from minga.registry.models import Participation, Record, Transition, Translation, Version, Visibility
from minga.registry.paths import PATHS
from tests.making import Made, actor_id, clashes, make_record, undone

LANGUAGE = "es"
# Every address that the site has, as patterns of its urlconf. A view that is not here fails the last test.
WALKED = {
    "home", "coverage", "about", "counting", "lifecycle", "proposals-explained", "gallery", "objectives", "objective", "objective-lessons", "principles", "principle",
    "countries", "country", "actors", "actor", "vocabularies", "vocabulary", "concept", "concept-uri", "record",
    "records", "records-of-kind", "short-address", "export", "export-of-kind", "feed", "feed-of-kind", "cite",
    "export-record", "similar", "matches", "record-before", "sitemap", "sitemap-part", "robots", "health", "ready",
    # for people who are signed in: walked by each role in test_roles.py
    "inbox", "invitation-seen", "searches", "search-save", "search-open", "search-change", "search-delete", "work", "work-new", "work-record", "work-anew", "work-edit", "work-proposals", "work-matches", "work-alike", "work-alike-answer", "coding-models", "work-readers", "work-step", "work-version",
    "work-changes", "work-claim", "work-claim-answer", "work-files", "file", "moderation", "moderation-expertise", "moderation-rules", "moderation-take", "moderation-conflict",
    "moderation-sheet", "duplicates", "duplicates-pair", "merge-look-up", "merge-propose", "merge", "merge-answer",
    "merge-end", "merge-text", "account", "account-data", "account-erase", "hand-over", "people", "person", "outbox", "send-again", "trail", "redaction",
    # of sign-in, on a connection that reads no record (test_sign_in_reads_no_record)
    "invitation", "account_login", "account_logout", "account_inactive", "account_reauthenticate",
    "account_change_password", "account_set_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "usersessions_list", "mfa_index",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn",
}  # fmt: skip

versions = st.fixed_dictionaries(
    {
        "state": st.sampled_from(State.values),
        "visibility": st.sampled_from(Visibility.values),
        "kind": st.sampled_from(Kind.values),
        "owner": st.sampled_from(["slv", "gtm", "rcm-executive-secretariat"]),
        "on_behalf_of": st.sampled_from(["", "", "hnd", "slv"]),
    }
)
worlds = st.lists(st.tuples(versions, st.none() | st.sampled_from(State.values)), min_size=2, max_size=6)


def make_world(world) -> list[Made]:
    """Make the records of a generated world, some with a second version in another state."""
    made = []
    for first, second in world:
        visibility = first["visibility"]
        where = {"process": "rcm"} if visibility == "participants" else {}
        where |= {"audience": ("gtm",)} if visibility == "named" else {}
        behalf = "" if first["on_behalf_of"] == first["owner"] else first["on_behalf_of"]
        made.append(make_record(**first | where | {"on_behalf_of": behalf}))
        if second and not clashes(first["state"], second) and first["state"] != State.WITHDRAWN:
            made.append(make_record(record=made[-1].record, kind=first["kind"], owner=first["owner"], state=second))
    return made


def is_public(made: Made) -> bool:
    return made.version.state in STANDING and made.version.visibility == Visibility.PUBLIC


def paths_to_walk(made: list[Made]) -> list[str]:
    """Every address that a visitor could try, the guessed ones of hidden records included."""
    base = f"/{LANGUAGE}"
    plurals = sorted(set(PATHS.values()))
    paths = [f"{base}/", *(f"{base}/{name}/" for name in (
        "records", "coverage", "about", "about/counting", "about/lifecycle", "about/proposals", "objectives", "objectives/8", "objectives/8/lessons", "principles",
        "principles/human-rights", "countries", "countries/SLV", "actors", "actors/slv", "actors/gtm",
        "actors/rcm-executive-secretariat", "vocabularies", "vocabularies/levels", "vocabularies/levels/national"))]  # fmt: skip
    paths += [f"{base}/records/?{query}" for query in (
        "country=SLV", "objective=8&country=SLV&language=es", "year=2019", "page=99", "sort=title", "actor=slv")]  # fmt: skip
    paths += [f"{base}/{plural}/" for plural in plurals]
    for name in ("records", *plurals):
        paths += [f"{base}/{name}/export.{form}?country=SLV" for form in ("json", "csv", "xlsx", "docx")]
        paths.append(f"{base}/{name}/feed.atom")
    # The mark itself would come back as what was typed: words that stand in every made text find it or not.
    paths += [
        f"{base}/records/?q={words}" for words in ("Resumen con ñ", "Título country:SLV", "Lección -objective:23")
    ]
    # Mistyped: hints are of words that are public, and of these alone.
    paths += [f"{base}/records/?q={words}" for words in ("Reusmen", "Insttituto", '"Titullo"')]
    for each in made:
        public_id = each.record.public_id
        paths.append(f"/r/{public_id}/")
        paths.append(f"{base}/actors/?q=Instituto {each.mark}")
        for plural in plurals:
            paths.append(f"{base}/{plural}/{public_id}/")
            paths += [
                f"{base}/{plural}/{public_id}/{name}"
                for name in ("export.json", "export.docx", "cite.ris", "similar/", "matches/", "before/")
            ]
    paths += [
        f"{base}/actors/{slug}/" for slug in Actor.objects.filter(standing="proposed").values_list("slug", flat=True)
    ]
    return [*paths, "/sitemap.xml", "/robots.txt", "/healthz", "/readyz"]


def text_of(response) -> str:
    """All that an answer says, headers included; office files are opened."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if is_zipfile(BytesIO(body)):
        with ZipFile(BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace") + str(dict(response.headers))


@pytest.mark.slow
class TestAVisitor:
    @settings(
        max_examples=8,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is a walk of the site: too long to shrink
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(world=worlds)
    def test_finds_no_trace_of_what_is_not_public(self, as_site, world):
        with undone():
            made = make_world(world)
            paths = paths_to_walk(made)
            hidden = {each.mark for each in made if not is_public(each)}
            with as_site():
                seen = self._walk(paths, hidden)
                total = counts.count({}).total

            assert {each.mark for each in made if is_public(each) and each.mark not in seen} == set()
            assert total == Version.objects.filter(is_public=True).count()

    @staticmethod
    def _walk(paths: list[str], hidden: set[str]) -> str:
        """Visit every address and look for what should not be there; returns all that was read."""
        client = Client()
        seen = ""
        for path in paths:
            answer = client.get(path)
            text = text_of(answer)
            if "actors/?q=" in path:  # the reader's own words come back to her in the form and in the message
                text = text.replace(path.split("Instituto ")[1], "", 4)
            assert answer.status_code < 500, path
            assert not {mark for mark in hidden if mark in text}, path
            seen += text
        return seen

    def test_gets_the_same_answer_for_a_hidden_record_as_for_none(self, as_site):
        hidden = make_record(state=State.DRAFT)
        with as_site():
            client = Client()
            one = client.get(f"/es/practices/{hidden.record.public_id}/")
            other = client.get("/es/practices/aaaaaaaaaa/")

        assert (one.status_code, one.content.replace(hidden.record.public_id.encode(), b"aaaaaaaaaa")) == (
            other.status_code, other.content,
        )  # fmt: skip

    def test_can_change_nothing(self, as_site):
        make_record()
        for table in ("registry_version", "registry_record", "registry_count", "actors_actor", "audit_entry"):
            for statement in (
                f"delete from {table}",
                f"update {table} set id = id",
                f"insert into {table} default values",
            ):
                with as_site(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)


@pytest.fixture
def people(registry) -> dict[str, Profile]:
    """Amalia works for El Salvador, Baltasar for Guatemala, Dulce for nobody."""
    made = {
        name: Profile.objects.create(email=f"{name}@example.org", name=name) for name in ("amalia", "baltasar", "dulce")
    }
    for name, slug, role in (("amalia", "slv", "focal_point"), ("baltasar", "gtm", "endorser")):
        Grant.objects.create(person=made[name], actor_id=actor_id(slug), role=role, since=date(2020, 1, 1))
    return made


class TestAPersonOfAnActor:
    def test_reads_the_drafts_of_her_own_actor_only(self, as_site, people):
        own, other = make_record(owner="slv", state=State.DRAFT), make_record(owner="gtm", state=State.DRAFT)

        assert self._readable(as_site, people["amalia"], own, other) == [own.mark]
        assert self._readable(as_site, people["dulce"], own, other) == []

    def test_reads_what_is_listed_for_a_process_she_takes_part_in(self, as_site, people):
        shared = make_record(visibility=Visibility.PARTICIPANTS, process="rcm")
        unpublished = make_record(visibility=Visibility.PARTICIPANTS, process="rcm", state=State.SUBMITTED)

        assert self._readable(as_site, people["amalia"], shared, unpublished) == [shared.mark]
        assert self._readable(as_site, people["dulce"], shared, unpublished) == []

    def test_reads_what_is_listed_for_her_actor_by_name(self, as_site, people):
        named = make_record(visibility=Visibility.NAMED, audience=("gtm",))

        assert self._readable(as_site, people["baltasar"], named) == [named.mark]
        assert self._readable(as_site, people["amalia"], named) == []

    def test_no_longer_reads_when_her_role_has_ended(self, as_site, people):
        own = make_record(owner="slv", state=State.DRAFT)
        Grant.objects.filter(person=people["amalia"]).update(until=date(2021, 1, 1))

        assert self._readable(as_site, people["amalia"], own) == []

    def test_has_counts_that_are_the_number_of_what_she_may_read(self, as_site, people):
        make_record(visibility=Visibility.PARTICIPANTS, process="rcm", countries=["GTM"])
        with as_site(people["amalia"].pk):
            counted = counts.count({"country": ("GTM",)})

            assert counted.total == Version.objects.listed().filter(places__contains=["GTM"]).count()

    @staticmethod
    def _readable(as_site, person: Profile, *made: Made) -> list[str]:
        """The marks of what the person may read: by the version, and by everything that hangs on it."""
        with as_site(person.pk):
            found = [each for each in made if Version.objects.filter(pk=each.version.pk).exists()]
            for each in made:
                readable = each in found
                for model in (Participation, Translation):
                    assert model.objects.filter(version=each.version.pk).exists() == readable
                assert Transition.objects.filter(version=each.version.pk).exists() <= readable
                assert Record.objects.filter(pk=each.record.pk).exists() >= readable
                assert Alias.objects.filter(text__contains=each.mark).exists() == readable
        return [each.mark for each in found]


class TestTheWalk:
    def test_knows_every_address_of_the_site(self):
        names = set(_names(get_resolver().url_patterns))

        assert names == WALKED


def _names(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name
