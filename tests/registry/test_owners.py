"""Whose a record is: claimed by its maker, or entered on another's behalf with a letter."""

import pytest
from django.db import DatabaseError, connection, transaction

from minga.audit.by import By
from minga.files.models import Attachment
from minga.registry import drafts, moves, owners
from minga.registry.lifecycle import State
from minga.registry.models import Claim, Version
from tests.access.people import make_person, signed_in_as
from tests.making import AT, actor_id, add_letter, make_record, put_in_state

OFFICE = "rcm-executive-secretariat"


class TestARecordFromAPublicSource:
    @pytest.fixture
    def taken(self, registry):
        return make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE)

    def test_is_claimed_by_its_maker_handed_over_and_adopted(self, as_site, taken):
        focal, endorser = make_person("focal_point", "slv"), make_person("endorser", "slv")
        secretariat = make_person("secretariat", OFFICE, "rcm")
        with as_site(focal.pk), signed_in_as(focal.pk) as client:
            page = client.get(f"/r/{taken.record.public_id}/", follow=True).content.decode()
            assert f"/es/work/{taken.record.public_id}/claim/" in page
            client.post(f"/es/work/{taken.record.public_id}/claim/", {"note": "Lo hacemos nosotros."})
        with as_site(secretariat.pk), signed_in_as(secretariat.pk) as client:
            inbox = client.get("/es/inbox/").content.decode()
            assert "Lo hacemos nosotros." in inbox and "El Salvador" in inbox
            client.post(f"/es/work/claims/{Claim.objects.get().pk}/", {"answer": "grant"})
        with as_site(endorser.pk), signed_in_as(endorser.pk) as client:
            assert taken.mark in client.get("/es/inbox/").content.decode()
            client.post(f"/es/work/{taken.record.public_id}/step/", {"version": 1, "step": "adopt", "seen": 0})

        version = Version.objects.get(pk=taken.version.pk)
        assert (version.state, version.owner.slug, version.record.owner.slug) == (State.PUBLISHED, "slv", "slv")

    def test_is_refused_with_a_reason_that_the_claimant_reads(self, as_site, taken):
        focal, secretariat = make_person("focal_point", "slv"), make_person("secretariat", OFFICE, "rcm")
        with as_site(focal.pk):
            owners.claim(taken.record, claimant=actor_id("slv"), note="", by=By(person=focal.pk))
        with as_site(secretariat.pk):
            claim = Claim.objects.get()
            with pytest.raises(moves.NoReason):
                owners.answer(claim, grant=False, reason=" ", by=By(person=secretariat.pk))
            owners.answer(claim, grant=False, reason="La hizo otra institución.", by=By(person=secretariat.pk))
        with as_site(focal.pk), signed_in_as(focal.pk) as client:
            page = client.get(f"/es/work/{taken.record.public_id}/claim/").content.decode()

        assert "La hizo otra institución." in page
        assert Version.objects.get(pk=taken.version.pk).owner.slug == OFFICE

    def test_is_nobodys_to_claim_or_hand_over_who_has_no_part_in_it(self, as_site, taken):
        focal, stranger = make_person("focal_point", "slv"), make_person("focal_point", "gtm")
        contributor = make_person("contributor", "slv")
        with as_site(focal.pk):
            owners.claim(taken.record, claimant=actor_id("slv"), note="", by=By(person=focal.pk))
        claim = Claim.objects.get()
        for person, claimant in ((stranger, "slv"), (contributor, "slv")):
            with as_site(person.pk), pytest.raises(moves.NotThere):
                owners.claim(taken.record, claimant=actor_id(claimant), note="", by=By(person=person.pk))
        for person in (focal, stranger):
            with as_site(person.pk), pytest.raises(moves.NotThere):
                owners.answer(claim, grant=True, reason="", by=By(person=person.pk))
        with as_site(stranger.pk):
            assert not Claim.objects.exists()

    def test_that_is_hidden_cannot_be_claimed(self, as_site, registry):
        hidden = make_record(owner=OFFICE, state=State.PUBLISHED_FROM_SOURCE, visibility="named", audience=("gtm",))
        focal = make_person("focal_point", "slv")
        with as_site(focal.pk), pytest.raises(moves.NotThere):
            owners.claim(hidden.record, claimant=actor_id("slv"), note="", by=By(person=focal.pk))

    def test_stays_where_it_is_while_somebody_works_on_it(self, as_site, taken):
        make_record(owner=OFFICE, record=taken.record, state=State.DRAFT)
        focal, secretariat = make_person("focal_point", "slv"), make_person("secretariat", OFFICE, "rcm")
        with as_site(focal.pk):
            owners.claim(taken.record, claimant=actor_id("slv"), note="", by=By(person=focal.pk))
        with as_site(secretariat.pk), pytest.raises(moves.NotPossible):
            owners.answer(Claim.objects.get(), grant=True, reason="", by=By(person=secretariat.pk))


class TestARecordEnteredOnAnothersBehalf:
    @pytest.fixture
    def writer(self, registry):
        return make_person("focal_point", OFFICE)

    def test_is_begun_from_the_form_by_naming_whom_it_is_for(self, as_site, writer):
        with as_site(writer.pk), signed_in_as(writer.pk) as client:
            form = {"kind": "practice", "language": "es", "behalf": "El Salvador"}
            assert client.post("/es/work/new/", form | {"behalf": "Narnia"}).status_code == 422
            assert client.post("/es/work/new/", form).status_code == 302
            begun = Version.objects.get(created_by=writer.pk)

        assert begun.on_behalf_of.slug == "slv"

    def test_does_not_leave_the_desk_without_its_letter(self, as_site, writer):
        with as_site(writer.pk):
            begun = drafts.begin(kind="practice", owner=actor_id(OFFICE), language="es", by=By(person=writer.pk), at=AT,
                                 on_behalf_of=actor_id("slv"))  # fmt: skip
            Version.objects.filter(pk=begun.pk).update(title="Una práctica")
            assert "no_letter" in {problem.code for problem in drafts.missing(begun)}
            with pytest.raises(moves.NotPossible, match=r"carta|letter"):
                moves.move(begun, "send", by=By(person=writer.pk))
            add_letter(begun, "sí")
            assert "no_letter" not in {problem.code for problem in drafts.missing(begun)}
            assert moves.move(begun, "send", by=By(person=writer.pk)) == State.TO_ENDORSE

    def test_is_read_by_whom_it_is_for_once_it_left_the_desk(self, as_site, writer):
        made = make_record(owner=OFFICE, state=State.DRAFT, on_behalf_of="slv")
        focal = make_person("focal_point", "slv")
        with as_site(focal.pk):
            assert not Version.objects.filter(pk=made.version.pk).exists()
        put_in_state(made.version, State.TO_ENDORSE)
        with as_site(focal.pk), signed_in_as(focal.pk) as client:
            assert made.mark in client.get(f"/es/work/{made.record.public_id}/").content.decode()
            assert Attachment.objects.filter(version=made.version, is_letter=True).exists()

    def test_shows_its_letter_to_no_reader_of_the_published_text(self, as_site, client, writer):
        made = make_record(owner=OFFICE, state=State.PUBLISHED, on_behalf_of="slv")
        letter = Attachment.objects.get(version=made.version)
        stranger = make_person("focal_point", "gtm")
        for person in (None, stranger.pk):
            with as_site(person):
                assert not Attachment.objects.filter(pk=letter.pk).exists()
        with as_site(None):
            page = client.get(f"/r/{made.record.public_id}/", follow=True).content.decode()
            assert "El Salvador" in page and letter.name not in page
            assert client.get(f"/es/files/{letter.pk}/").status_code == 404

    def test_is_judged_by_nobody_of_the_country_that_it_is_for(self, as_site, writer):
        made = make_record(owner=OFFICE, state=State.SUBMITTED, on_behalf_of="slv", process="rcm")
        moderator = make_person("moderator", "slv", "rcm")
        with as_site(moderator.pk), connection.cursor() as cursor:
            cursor.execute("select count(*) from moderation_queue() where version_id = %s", [made.version.pk])
            assert cursor.fetchone() == (0,)

    def test_nobody_says_afterwards_whom_it_is_for(self, as_site, writer):
        made = make_record(owner=OFFICE, state=State.DRAFT)
        with as_site(writer.pk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Version.objects.filter(pk=made.version.pk).update(on_behalf_of=actor_id("slv"))
