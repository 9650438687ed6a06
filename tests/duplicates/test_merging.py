"""Two records become one by both owners' consent: a link that loses nothing and can be undone."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from minga.access.rowsecurity import seeing_all
from minga.audit.by import By
from minga.audit.models import Entry
from minga.duplicates import composing, consenting, merging
from minga.duplicates.models import JOINED, Consent, Link, Merge, Side
from minga.exchange.exporting import export_all
from minga.exchange.importing import Importer
from minga.exchange.jsonlines import Line
from minga.files.changes import attach
from minga.files.checking import check
from minga.registry import changes, counts, drafts, moves, owners
from minga.registry.lifecycle import State
from minga.registry.models import Transition, Translation, Version
from minga.search.models import Wording
from tests.access.people import Somebody, make_person, signed_in_as
from tests.making import AT, Made, actor_id, make_record, put_in_state

OFFICE = "rcm-executive-secretariat"


@pytest.fixture
def officer(registry) -> Somebody:
    return make_person("secretariat", OFFICE, "rcm")


@pytest.fixture
def both(registry) -> tuple[Made, Made]:
    """Two published records, of El Salvador and of Guatemala."""
    return (
        make_record(owner="slv", countries=["SLV"], level=None, lessons=None),
        make_record(owner="gtm", countries=["SLV", "GTM"], populations=["women"], lessons=["Un solo expediente."]),
    )


def propose(as_site, officer: Somebody, kept: Made, merged: Made, **chosen: str) -> Merge:
    with as_site(officer.pk):
        made = merging.propose(
            kept.version, merged.version, chosen=composing.cleaned(kept.version, merged.version, chosen),
            reason="Es la misma ventanilla.", by=By(person=officer.pk),
        )  # fmt: skip
    return Merge.objects.get(pk=made.pk)


def agree(as_site, person: Somebody, merge: Merge, reason: str = "") -> Merge.State:
    with as_site(person.pk):
        return consenting.answer(merge, agrees=True, reason=reason, by=By(person=person.pk), at=AT)


def merged(as_site, officer: Somebody, kept: Made, other: Made, **chosen: str) -> Merge:
    """A merge on record, by the secretariat, for owners without people."""
    merge = propose(as_site, officer, kept, other, **chosen)
    assert agree(as_site, officer, merge, "Nadie más responde por ellas.") == Merge.State.STANDING
    return Merge.objects.get(pk=merge.pk)


def visit(as_site, path: str, person: int | None = None):
    with as_site(person):
        return Client().get(path)


def address(made: Made, name: str = "record", *rest: str) -> str:
    return reverse(name, args=["practices", made.record.public_id, *rest])


class TestAMerge:
    def test_goes_from_the_proposal_over_both_inboxes_to_a_draft_of_the_office(self, as_site, officer, both):
        kept, other = both
        salvador, guatemala = make_person("focal_point", "slv"), make_person("focal_point", "gtm")
        with as_site(officer.pk), signed_in_as(officer.pk) as client:
            form = {"field-countries": JOINED, "field-lessons": Side.MERGED, "reason": "Es la misma ventanilla."}
            path = reverse("merge-propose", args=[kept.record.public_id, other.record.public_id])
            assert client.get(path).status_code == 200
            asked = client.post(path, form)
        merge = Merge.objects.get()
        assert asked.headers["Location"] == reverse("merge", args=[merge.pk])
        for person in (guatemala, salvador):
            with as_site(person.pk), signed_in_as(person.pk) as client:
                assert "Es la misma ventanilla." in client.get("/es/inbox/").content.decode()
                assert client.get(f"/es/merges/{merge.pk}/").status_code == 200
                client.post(f"/es/merges/{merge.pk}/answer/", {"answer": "agree"})
        draft = Version.objects.get(record=kept.record, state=State.DRAFT)

        assert Version.objects.get(pk=other.version.pk).state == State.MERGED
        assert Version.objects.get(pk=kept.version.pk).state == State.PUBLISHED  # until its office sends the draft on
        assert (draft.places, draft.details["lessons"], draft.created_by) == (
            ["SLV", "GTM"],
            ["Un solo expediente."],
            salvador.pk,
        )
        assert [each.name for each in draft.transitions.all()] == ["create"]
        assert Merge.objects.get().written == draft
        acts = set(Entry.objects.filter(subject=f"record:{other.record.public_id}").values_list("act", flat=True))
        assert {"merge.proposed", "merge.agreed", "merge.made"} <= acts

    def test_leads_every_address_of_the_merged_record_to_the_other(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="gtm")
        merged(as_site, officer, kept, other)
        for name, rest in (
            ("record", ()),
            ("similar", ()),
            ("cite", ("ris",)),
            ("cite", ("bib",)),
            ("export-record", ("json",)),
        ):
            answer = visit(as_site, address(other, name, *rest))
            assert (answer.status_code, answer.headers["Location"]) == (302, address(kept, name, *rest)), name
        assert visit(as_site, f"/r/{other.record.public_id}/").headers["Location"] == address(kept)

    def test_leaves_lists_counts_search_feed_and_sitemap(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="gtm")
        with as_site():
            before = counts.count({"country": ("SLV",)}).total
        merged(as_site, officer, kept, other)
        with as_site():
            assert counts.count({"country": ("SLV",)}).total == before - 1
        assert counts.differences() == []
        assert not Wording.objects.filter(version=other.version).exists()
        for path in ("/es/records/?country=SLV&sort=newest", "/es/records/feed.atom", f"/es/records/?q={other.mark}", "/sitemap-1.xml",
                     "/es/records/export.json?country=SLV"):  # fmt: skip
            answer = visit(as_site, path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert f"Título {other.mark}" not in body.decode() and f"/{other.record.public_id}/" not in body.decode(), (
                path
            )

    def test_keeps_what_the_merged_record_said_for_who_could_read_it(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="gtm", state=State.DRAFT)
        file = attach(other.version, check("nota.txt", b"Una nota."), description="Nota", by=None, at=AT)
        put_in_state(other.version, State.PUBLISHED)
        steps = list(Transition.objects.filter(version=other.version).values_list("pk", flat=True))
        merged(as_site, officer, kept, other)
        page = visit(as_site, address(other, "record-before")).content.decode()

        assert other.mark in page and kept.record.public_id in page and "nota.txt" in page
        assert visit(as_site, reverse("file", args=[file.pk])).status_code == 200
        assert other.record.public_id in visit(as_site, address(kept)).content.decode()
        assert Translation.objects.filter(version=other.version).count() == 1
        assert set(steps) < set(Transition.objects.filter(version=other.version).values_list("pk", flat=True))

    def test_is_known_by_both_ids_in_what_leaves_the_site(self, as_site, officer, tmp_path):
        kept, other = make_record(owner="slv"), make_record(owner="gtm")
        merged(as_site, officer, kept, other)
        row = json.loads(visit(as_site, address(kept, "export-record", "json")).content)
        assert row["also_known_as"] == [other.record.public_id]

        export_all({}, form="jsonl", out=tmp_path / "all.jsonl")
        rows = {row["id"]: row for row in map(json.loads, (tmp_path / "all.jsonl").read_text().splitlines())}
        assert rows[other.record.public_id]["merged_into"] == kept.record.public_id
        importer = Importer(by=By(operator="tests"), at=AT, turn=seeing_all, publish=True)
        elsewhere = rows[other.record.public_id] | {"id": "elsewhere", "external_id": None, "title": "Otra vez"}
        report = importer.run([Line(1, rows[other.record.public_id]), Line(2, elsewhere)])
        assert (report.unchanged, report.refused, report.accepted) == (1, 1, 0)

    def test_of_texts_from_public_sources_is_listed_from_both(self, as_site, officer):
        kept = make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE, lessons=None)
        other = make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE, lessons=["Una lección."])
        merge = merged(as_site, officer, kept, other)
        assert consenting.write_from_sources(at=AT) == 1
        newer = Version.objects.get(record=kept.record, is_listed=True)

        assert (newer.state, newer.details["lessons"]) == (State.PUBLISHED_FROM_SOURCE, ["Una lección."])
        assert other.version.source_url in newer.details["also_at"]
        assert Transition.objects.get(version=newer, name="publish_from_source").reason == (
            f"{kept.version.source_url} · {other.version.source_url}"
        )
        assert Merge.objects.get(pk=merge.pk).text == Merge.Text.WRITTEN
        assert consenting.write_from_sources(at=AT) == 0


class TestUndoing:
    def test_lets_the_merged_record_stand_as_it_was_and_keeps_later_edits(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="gtm")
        with as_site():
            before = counts.count({}).total
        merge = merged(as_site, officer, kept, other)
        put_in_state(kept.version, State.REPLACED)
        edited = make_record(owner="slv", record=kept.record, summary="Corregido después.")
        listed_at = Version.objects.get(pk=other.version.pk).listed_at
        with as_site(officer.pk):
            assert merging.end(merge, reason="Eran dos.", by=By(person=officer.pk)) == Merge.State.UNDONE
        again = Version.objects.get(pk=other.version.pk)

        assert (again.state, again.listed_at) == (State.PUBLISHED, listed_at)
        assert visit(as_site, address(other)).status_code == 200
        assert "Corregido después." in visit(as_site, address(kept)).content.decode()
        assert Version.objects.get(pk=edited.version.pk).state == State.PUBLISHED
        with as_site():
            assert counts.count({}).total == before
        assert Wording.objects.filter(version=other.version).exists()
        assert counts.differences() == []

    def test_is_for_either_owner_and_the_secretariat_with_a_reason(self, as_site, officer, both):
        salvador, guatemala, stranger = (make_person("focal_point", slug) for slug in ("slv", "gtm", "hnd"))
        merge = propose(as_site, officer, *both)
        for person in (salvador, guatemala):
            agree(as_site, person, merge)
        with as_site(stranger.pk), pytest.raises(moves.NotThere):
            merging.end(merge, reason="No.", by=By(person=stranger.pk))
        with as_site(guatemala.pk), pytest.raises(moves.NoReason):
            merging.end(merge, reason=" ", by=By(person=guatemala.pk))
        with as_site(guatemala.pk):
            merging.end(merge, reason="La nuestra es otra.", by=By(person=guatemala.pk))
        with as_site(guatemala.pk), pytest.raises(moves.NotPossible):
            merging.end(merge, reason="Otra vez.", by=By(person=guatemala.pk))

    def test_works_when_the_record_that_stayed_was_withdrawn(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="gtm")
        merge = merged(as_site, officer, kept, other)
        changes.withdraw_record(kept.record, reason="A petición de su oficina.", by=By(operator="tests"), at=AT)
        gone = visit(as_site, address(other))
        assert gone.status_code == 410 and "A petición de su oficina." in gone.content.decode()
        assert other.mark in visit(as_site, address(other, "record-before")).content.decode()
        with as_site(officer.pk):
            merging.end(merge, reason="Su destino ya no está.", by=By(person=officer.pk))

        assert visit(as_site, address(other)).status_code == 200


class TestAChain:
    def test_of_five_leads_to_its_end_in_one_step(self, as_site, officer):
        made = [make_record(owner="slv") for _number in range(5)]
        first, *others = made
        links = [merged(as_site, officer, made[at - 1], made[at]) for at in range(4, 0, -1)]
        for each in others:
            answer = visit(as_site, address(each))
            assert (answer.status_code, answer.headers["Location"]) == (302, address(first))
        row = json.loads(visit(as_site, address(first, "export-record", "json")).content)
        assert set(row["also_known_as"]) == {each.record.public_id for each in others}

        with as_site(officer.pk):  # the middle one stands again: what was merged into it leads to it
            merging.end(links[2], reason="Eran dos.", by=By(person=officer.pk))
        ends = [visit(as_site, address(each)).headers.get("Location") for each in others]
        assert ends == [address(first), None, address(others[1]), address(others[1])]

    def test_never_closes_to_a_ring(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="slv")
        merged(as_site, officer, kept, other)
        other.version.refresh_from_db()
        with as_site(officer.pk), pytest.raises(moves.NotThere):
            merging.propose(other.version, kept.version, chosen={}, reason="Al revés.", by=By(person=officer.pk))
        with as_site(officer.pk), pytest.raises(moves.NotPossible):
            merging.propose(kept.version, other.version, chosen={}, reason="Otra vez.", by=By(person=officer.pk))

    def test_is_not_closed_by_proposals_that_cross(self, as_site, officer):
        one, other = make_record(owner="slv"), make_record(owner="gtm")
        first, second = propose(as_site, officer, one, other), propose(as_site, officer, other, one)
        agree(as_site, officer, first, "Nadie responde.")
        with pytest.raises(moves.NotPossible):
            agree(as_site, officer, second, "Nadie responde.")
        assert Link.objects.count() == 1


class TestConsent:
    def test_of_one_owner_alone_merges_nothing_and_a_refusal_ends_it(self, as_site, officer, both):
        kept, other = both
        salvador, guatemala = make_person("focal_point", "slv"), make_person("focal_point", "gtm")
        merge = propose(as_site, officer, kept, other)
        assert agree(as_site, salvador, merge) == Merge.State.PROPOSED
        with as_site(guatemala.pk), pytest.raises(moves.NoReason):
            consenting.answer(merge, agrees=False, reason="", by=By(person=guatemala.pk), at=AT)
        with as_site(guatemala.pk):
            consenting.answer(merge, agrees=False, reason="La nuestra es otra.", by=By(person=guatemala.pk), at=AT)
        with as_site(officer.pk), signed_in_as(officer.pk) as client:
            assert "La nuestra es otra." in client.get(f"/es/merges/{merge.pk}/").content.decode()

        assert Version.objects.get(pk=other.version.pk).state == State.PUBLISHED
        assert not Link.objects.exists()

    def test_is_one_where_both_have_one_owner(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="slv")
        salvador = make_person("focal_point", "slv")
        merge = propose(as_site, officer, kept, other)
        assert agree(as_site, salvador, merge) == Merge.State.STANDING
        assert Consent.objects.count() == 1

    def test_is_the_secretariats_on_record_where_nobody_works_for_an_owner(self, as_site, officer, both):
        merge = propose(as_site, officer, *both)
        salvador = make_person("focal_point", "slv")
        with as_site(officer.pk), pytest.raises(moves.NoReason):
            consenting.answer(merge, agrees=True, reason="", by=By(person=officer.pk), at=AT)
        assert agree(as_site, officer, merge, "Guatemala lo confirmó por nota del 3 de marzo.") == Merge.State.PROPOSED
        assert Consent.objects.get().on_record and Consent.objects.get().actor_id == actor_id("gtm")
        assert agree(as_site, salvador, merge) == Merge.State.STANDING

    def test_is_not_for_strangers_nor_for_contributors_of_an_office_that_has_a_focal_point(
        self, as_site, officer, both
    ):
        make_person("focal_point", "slv"), make_person("focal_point", "gtm")
        merge = propose(as_site, officer, *both)
        for role, actor in (("contributor", "slv"), ("endorser", "gtm"), ("focal_point", "hnd")):
            person = make_person(role, actor)
            with pytest.raises(moves.NotThere):
                agree(as_site, person, merge)
        with pytest.raises(moves.NotThere):
            agree(as_site, officer, merge, "Por todos.")

    def test_is_given_to_the_texts_that_were_shown_and_to_no_others(self, as_site, officer, both):
        kept, other = both
        salvador = make_person("focal_point", "slv")
        merge = propose(as_site, officer, kept, other)
        put_in_state(other.version, State.REPLACED)
        make_record(owner="gtm", record=other.record, summary="Ahora dice otra cosa.")
        with pytest.raises(moves.NotPossible):
            agree(as_site, salvador, merge)

    def test_waits_with_the_text_while_the_office_works_on_a_version(self, as_site, officer, both):
        kept, other = both
        working = make_record(owner="slv", record=kept.record, state=State.DRAFT)
        salvador = make_person("focal_point", "slv")
        merge = propose(as_site, officer, kept, other, lessons=Side.MERGED)
        agree(as_site, officer, merge, "Nadie responde por la otra.")
        assert agree(as_site, salvador, merge) == Merge.State.STANDING
        with as_site(salvador.pk), signed_in_as(salvador.pk) as client:
            assert f"/es/merges/{merge.pk}/" in client.get("/es/inbox/").content.decode()
            client.post(f"/es/merges/{merge.pk}/text/")
            assert Merge.objects.get().text == Merge.Text.WAITING
        put_in_state(working.version, State.WITHDRAWN)
        with as_site(salvador.pk), signed_in_as(salvador.pk) as client:
            client.post(f"/es/merges/{merge.pk}/text/")
        assert Version.objects.get(record=kept.record, state=State.DRAFT).details["lessons"] == ["Un solo expediente."]


class TestWhatIsRefused:
    def test_an_endorsed_text_is_not_merged_into_one_that_nobody_endorsed(self, as_site, officer):
        taken, endorsed = make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE), make_record(owner="slv")
        with pytest.raises(moves.NotPossible):
            propose(as_site, officer, taken, endorsed)
        assert propose(as_site, officer, endorsed, taken).state == Merge.State.PROPOSED

    def test_a_public_record_is_not_merged_into_one_that_fewer_may_read(self, as_site, officer):
        public = make_record(owner="slv")
        restricted = make_record(owner="gtm", visibility="participants", process="rcm")
        with pytest.raises(moves.NotPossible):
            propose(as_site, officer, restricted, public)

    def test_nobody_but_a_secretariat_proposes(self, as_site, both):
        kept, other = both
        for person in (make_person("focal_point", "slv"), make_person("moderator", "iom", "rcm")):
            with as_site(person.pk), pytest.raises(moves.NotThere):
                merging.propose(kept.version, other.version, chosen={}, reason="Sí.", by=By(person=person.pk))

    def test_a_second_proposal_for_the_same_record(self, as_site, officer, both):
        propose(as_site, officer, *both)
        with pytest.raises(moves.NotPossible):
            propose(as_site, officer, make_record(owner="hnd"), both[1])

    def test_nothing_of_a_merged_record_is_listed_beside_the_link(self, as_site, officer):
        kept, other = make_record(owner="slv"), make_record(owner="gtm", state=State.PUBLISHED_FROM_SOURCE)
        draft = make_record(owner="gtm", record=other.record, state=State.ACCEPTED)
        merge = merged(as_site, officer, kept, other)
        author = make_person("focal_point", "gtm")
        with as_site(officer.pk), pytest.raises(moves.NotPossible, match="merged"):
            moves.move(draft.version, "publish", by=By(person=officer.pk), seen=draft.version.revision)
        put_in_state(draft.version, State.WITHDRAWN)
        with as_site(author.pk), pytest.raises(moves.NotPossible, match="merged"):
            drafts.begin_anew(other.record, by=By(person=author.pk), at=AT)
        with pytest.raises(moves.NotThere):
            moves.move(Version.objects.get(pk=other.version.pk), "stand_again", by=By(operator="tests"))
        assert Merge.objects.get(pk=merge.pk).state == Merge.State.STANDING

    def test_the_site_writes_no_link_and_no_consent_by_itself(self, as_site, officer, both):
        merge = propose(as_site, officer, *both)
        for attempt in (
            lambda: Link.objects.create(merge=merge, merged=merge.merged, kept=merge.kept, since=AT),
            lambda: Consent.objects.create(merge=merge, actor_id=actor_id("slv"), agreed=True, at=AT),
            lambda: Merge.objects.update(state="standing"),
        ):
            with as_site(officer.pk), pytest.raises(DatabaseError), transaction.atomic():
                attempt()


class TestWhatMayNotBeRead:
    def test_a_merge_of_restricted_records_leaves_no_trace_for_others(self, as_site, officer):
        kept = make_record(owner="slv", visibility="participants", process="rcm")
        other = make_record(owner="gtm", visibility="participants", process="rcm")
        merge = merged(as_site, officer, kept, other)
        stranger = make_person("focal_point", "fra")
        for person in (None, stranger.pk):
            with as_site(person):
                assert not Merge.objects.exists() and not Link.objects.exists()
                assert not Version.objects.filter(pk=other.version.pk).exists()
            for path in (address(other), address(other, "record-before"), f"/r/{other.record.public_id}/"):
                assert visit(as_site, path, person).status_code == 404
        with as_site(stranger.pk), signed_in_as(stranger.pk) as client:
            assert client.get(f"/es/merges/{merge.pk}/").status_code == 404
        participant = make_person("focal_point", "slv")
        with as_site(participant.pk), signed_in_as(participant.pk) as client:
            assert client.get(address(other)).headers["Location"] == address(kept)

    def test_claims_on_a_merged_record_wait_until_it_stands_again(self, as_site, officer):
        kept = make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE)
        other = make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE)
        focal = make_person("focal_point", "slv")
        merged(as_site, officer, kept, other)
        with as_site(focal.pk), pytest.raises(moves.NotThere):
            owners.claim(other.record, claimant=actor_id("slv"), note="", by=By(person=focal.pk))
