"""Proposals for a draft: made of its text for whoever may read it, answered by a person, not repeated once refused."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.audit.by import By
from minga.classification import deciding, proposing, using
from minga.classification.models import Decision
from minga.classification.proposing import Proposed, Standing
from minga.registry import drafts, knowing
from minga.registry.lifecycle import State
from minga.registry.models import Edit, Version
from minga.registry.moves import NotThere
from tests.access.people import everybody, make_person, signed_in_as
from tests.access.test_confidentiality import make_world, worlds
from tests.making import AT, make_record, undone

TRAFFICKING = {
    "title": "Casa de acogida para víctimas de trata",
    "summary": "La policía detecta a víctimas de trata de personas en la frontera. Un albergue las recibe y las protege.",
    "lessons": ["Sin traductores no hay denuncia."],
}


@pytest.fixture
def draft(registry) -> Version:
    return make_record(owner="slv", state=State.DRAFT, objectives=None, principles=None, **TRAFFICKING).version


@pytest.fixture
def author(registry):
    return make_person("focal_point", "slv")


def codes(found: proposing.Proposals, kind: str = "objectives") -> list[str]:
    return [each.code for each in found.open[kind]]


class TestADraft:
    def test_is_proposed_labels_with_probability_words_and_its_own_sentences(self, asked, as_site, draft, author):
        with as_site(author.pk):
            found = proposing.proposals_for(draft)
        first = found.open["objectives"][0]

        assert found.standing == Standing.READY
        assert first.code == "10" and first.probability > 0.5 and first.how_sure in ("likely", "very likely")
        assert first.evidence[0] in TRAFFICKING["summary"] and first.by_terms
        assert all(each.probability >= proposing.LIKELY_ENOUGH for each in found.open["objectives"])

    def test_is_read_by_the_encoder_once_and_its_text_goes_nowhere_else(self, asked, as_site, draft, author):
        with as_site(author.pk):
            first, again = proposing.proposals_for(draft), proposing.proposals_for(draft)

        assert first == again
        assert asked.texts[0] == f"{TRAFFICKING['title']}\n{TRAFFICKING['summary']}"
        assert len(asked.texts) <= 1 + proposing.MOST_EMBEDDED

    def test_has_them_later_while_the_encoder_is_away(self, asked, as_site, draft, author):
        asked.is_away = True
        with as_site(author.pk), signed_in_as(author.pk) as client:
            assert proposing.proposals_for(draft).standing == Standing.LATER
            page = client.get(f"/en/work/{draft.record.public_id}/edit/compact/").content.decode()
            assert "Proposals come later" in page and 'id="id_objectives-10"' in page
            asked.is_away = False
            assert proposing.proposals_for(draft).standing == Standing.READY

    @pytest.mark.parametrize(("values", "standing", "remark"), [
        ({"title": "", "summary": None, "lessons": None}, Standing.NO_TEXT, ""),
        ({"title": "Víctimas de trata", "summary": None, "lessons": None}, Standing.READY, "Only the title"),
        ({"title": "Tabelle", "summary": "Zzz qwrt plmk.", "lang": "nl"}, None, "none of the four languages"),
        ({"title": "Largo", "summary": "Albergue para víctimas de trata de personas. " * 8_000}, Standing.READY, "is long"),
        ({"title": "Nada", "summary": "Lorem ipsum.", "lessons": None}, None, ""),
    ])  # fmt: skip
    def test_of_whatever_text_is_read_within_bounds(self, asked, registry, values, standing, remark):
        made = make_record(
            owner="slv", state=State.DRAFT, **(TRAFFICKING | {"objectives": None, "principles": None} | values)
        )
        found = proposing.proposals_for(made.version)

        assert standing is None or found.standing == standing
        assert not remark or any(remark in each for each in found.remarks)
        assert len(asked.texts) <= 1 + proposing.MOST_EMBEDDED

    def test_shows_them_to_whoever_may_change_it_and_to_nobody_else(self, asked, as_site, draft, author):
        address = f"/en/work/{draft.record.public_id}/"
        with as_site(author.pk), signed_in_as(author.pk) as client:
            assert "What the text seems to be about" in client.get(address).content.decode()
        for other in (make_person("endorser", "slv"), make_person("focal_point", "gtm")):
            with as_site(other.pk), signed_in_as(other.pk) as client:
                assert "What the text seems to be about" not in client.get(address).content.decode()
                assert client.get(f"{address}proposals/").status_code == 404
                assert client.post(f"{address}proposals/", {"proposal": "confirm:objectives:10"}).status_code == 404
        assert not Decision.objects.exists()


class TestAnAnswer:
    def test_that_it_belongs_marks_it_like_any_edit(self, asked, as_site, draft, author):
        with as_site(author.pk):
            saved = deciding.answer(draft, "objectives", "10", belongs=True, by=By(person=author.pk), at=AT)
            again = proposing.proposals_for(saved.version)
        draft.refresh_from_db()
        made = Decision.objects.get()

        assert draft.objectives == [10] and "10" not in codes(again)
        assert Edit.objects.get(version=draft).field == "objectives"
        assert (made.what, made.code, made.person, made.at) == ("confirmed", "10", author.pk, AT)
        assert made.probability > 0.5 and made.model == using.shipped().name

    def test_that_it_does_not_belong_is_kept_so_that_it_is_not_proposed_again(self, asked, as_site, draft, author):
        with as_site(author.pk):
            deciding.answer(draft, "objectives", "10", belongs=False, by=By(person=author.pk), at=AT)
            found = proposing.proposals_for(draft)
            later = drafts.save(draft, {"place": "Tapachula"}, {}, known=knowing.what_is_known(),
                                by=By(person=author.pk), at=AT)  # fmt: skip

            assert "10" not in codes(found) and [each.code for each in found.refused] == ["10"]
            assert "10" not in codes(proposing.proposals_for(later.version))
            deciding.answer(draft, "objectives", "10", belongs=True, by=By(person=author.pk), at=AT)  # she was wrong
        draft.refresh_from_db()
        assert draft.objectives == [10]

    def test_is_taken_back_only_by_a_text_that_has_come_to_say_it(self):
        said = Decision(kind="objectives", code="10", what="rejected", probability=0.4, model="one")
        decided = {("objectives", "10"): said}

        def is_refused(probability: float, model: str) -> bool:
            return proposing.is_refused(Proposed("objectives", "10", probability, (), False), decided, model)

        assert is_refused(0.5, "one") and not is_refused(0.7, "one")
        assert is_refused(0.9, "two")  # it may be the model that changed, and not the text

    def test_sets_nothing_aside_and_overwrites_nobody(self, asked, as_site, draft, author):
        colleague = make_person("contributor", "slv")
        with as_site(colleague.pk):
            drafts.save(draft, {"objectives": ["9"]}, {"objectives": ""}, known=knowing.what_is_known(),
                        by=By(person=colleague.pk), at=AT)  # fmt: skip
        with as_site(author.pk):  # her page is older than that
            saved = deciding.answer(draft, "objectives", "10", belongs=True, by=By(person=author.pk), at=AT)
        draft.refresh_from_db()

        assert draft.objectives == [9, 10] and not saved.set_aside

    def test_about_a_draft_of_another_office_is_about_nothing(self, asked, as_site, draft):
        stranger = make_person("focal_point", "gtm")
        with as_site(stranger.pk), pytest.raises(NotThere):
            deciding.answer(draft, "objectives", "10", belongs=True, by=By(person=stranger.pk), at=AT)

    def test_comes_with_the_form_and_what_else_was_chosen_in_it(self, asked, as_site, draft, author):
        address = f"/en/work/{draft.record.public_id}/edit/compact/"
        form = {"objectives": ["7"], "objectives-first": "7", "objectives-was": "", "principles-was": "",
                "populations-was": "", "concepts-was": ""}  # fmt: skip
        with as_site(author.pk), signed_in_as(author.pk) as client:
            answer = client.post(address, form | {"proposal": "confirm:objectives:10"})
            assert answer.status_code == 302 and answer.url.endswith("/edit/compact/#proposals")
            draft.refresh_from_db()
            assert draft.objectives == [7, 10]
            marked = form | {"objectives-was": drafts.mark_of("objectives", [7, 10]), "objectives": ["7", "10"]}
            part = client.post(address, marked | {"proposal": "reject:objectives:9"}, headers={"HX-Request": "true"})
        text = part.content.decode()

        assert 'id="was-objectives"' in text and "<html" not in text and "Not proposed again" in text
        assert {(each.code, each.what) for each in Decision.objects.all()} == {
            ("7", "added"), ("10", "confirmed"), ("9", "rejected"),
        }  # fmt: skip

    @pytest.mark.parametrize("sent", ["", "confirm", "confirm:objectives:99", "confirm:titles:1", "keep:objectives:1"])
    def test_that_is_none_changes_nothing(self, asked, as_site, draft, author, sent):
        with as_site(author.pk), signed_in_as(author.pk) as client:
            answer = client.post(f"/en/work/{draft.record.public_id}/proposals/", {"proposal": sent})

        assert answer.status_code == 404 and not Decision.objects.exists()


class TestWhatIsMarkedByHand:
    def test_is_kept_too(self, asked, as_site, draft, author):
        address = f"/en/work/{draft.record.public_id}/edit/compact/"
        with as_site(author.pk), signed_in_as(author.pk) as client:
            client.post(address, {"objectives": ["3"], "objectives-was": "", "passing": "yes"})
            client.post(address, {"objectives-was": drafts.mark_of("objectives", [3]), "go": "leave"})

        assert [(each.code, each.what) for each in Decision.objects.all()] == [("3", "added"), ("3", "removed")]


class TestWhoReadsWhat:
    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(world=worlds)
    def test_proposals_are_the_same_whatever_she_may_not_read(self, asked, as_site, world):
        """Made of her draft alone: no other record, and no other office's decision, changes a word of them."""
        with undone():
            draft = make_record(owner="slv", state=State.DRAFT, objectives=None, principles=None, **TRAFFICKING).version
            author = make_person("focal_point", "slv")
            address = f"/en/work/{draft.record.public_id}/proposals/"
            with as_site(author.pk), signed_in_as(author.pk) as client:
                before = self._part(client, address)
            for each in make_world(world):
                Decision.objects.create(version=each.version, kind="objectives", code="10", what="rejected", person=1,
                                        at=AT, probability=0.9, model="x")  # fmt: skip
            proposing._kept.clear()
            with as_site(author.pk), signed_in_as(author.pk) as client:
                assert self._part(client, address) == before

    @staticmethod
    def _part(client: Client, address: str) -> str:
        text = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "blockquote" in text
        return "\n".join(line for line in text.splitlines() if "csrf" not in line)

    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(world=worlds, what=st.sampled_from(Decision.What.values))
    def test_decisions_are_read_by_the_office_whose_version_it_is(self, as_site, world, what):
        with undone():
            made, people = make_world(world), everybody()
            for each in made:
                Decision.objects.create(version=each.version, kind="objectives", code="8", what=what, person=1, at=AT)
            for person in people:
                own = {each.version.pk for each in made if each.version.owner.slug == person.actor}
                own = own if person.role in ("focal_point", "contributor", "endorser") else set()
                with as_site(person.pk):
                    assert set(Decision.objects.values_list("version", flat=True)) == own, person
            with as_site(None):
                assert not Decision.objects.exists()
