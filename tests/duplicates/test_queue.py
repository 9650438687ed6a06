"""The queue of suspected duplicates: filled by what is new, read by those who may read both sides, decided once."""

import numpy as np
import pytest
from django.db import DatabaseError, transaction

from minga.duplicates import comparing, deciding, queue
from minga.duplicates.model import made_with
from minga.duplicates.models import Compared, Decision, Pair, Verdict
from minga.language.encoders import TwoEncoders
from minga.registry import moves
from minga.registry.lifecycle import State
from minga.registry.models import Version
from minga.search.models import Passage
from tests.access.people import make_person, signed_in_as
from tests.making import AT, Made, make_record, put_in_state

OFFICE = "rcm-executive-secretariat"
WORDS = "La ventanilla única atiende a familias de personas migrantes desaparecidas en tres municipios fronterizos"


@pytest.fixture
def scored(registry, monkeypatch) -> dict[tuple[int, int], float]:
    """What the scorer finds, by pairs of versions: filled by a test. What the installation holds besides is compared already."""
    found: dict[tuple[int, int], float] = {}

    def pairs(versions, known, **_limits):
        for (one, other), probability in found.items():
            if one in versions:
                yield one, other, probability
            if other in versions:
                yield other, one, probability

    monkeypatch.setattr(comparing, "pairs", pairs)
    Compared.objects.bulk_create(Compared(version=each, at=AT) for each in Version.objects.listed())
    return found


def embedded(made: Made, *, axis: int = 0) -> Made:
    """Give a version what the worker would: a vector along one axis of each encoder."""
    share = TwoEncoders.SHARE / (TwoEncoders.SHARE + 1)
    vector = np.zeros(TwoEncoders.size)
    vector[axis], vector[384 + axis] = share**0.5, (1 - share) ** 0.5
    Passage.objects.create(
        version=made.version, number=0, is_public=made.version.visibility == "public", field="summary", language="es",
        text=made.version.title, made_with=made_with(), vector=vector,
    )  # fmt: skip
    return made


def two(**values) -> tuple[Made, Made]:
    """Two published records with vectors."""
    return embedded(make_record(**values)), embedded(make_record(**values))


def pair_of(one: Made, other: Made) -> Pair | None:
    return queue.between(one.record.pk, other.record.pk)


class TestThePass:
    def test_puts_the_likeliest_first_and_leaves_out_what_is_unlikely(self, as_site, scored):
        one, other = two()
        third, fourth = two()
        scored |= {
            (one.version.pk, other.version.pk): 0.6,
            (third.version.pk, fourth.version.pk): 0.99,
            (one.version.pk, fourth.version.pk): 0.01,
        }
        queue.fill()
        officer = make_person("secretariat", OFFICE, "rcm")
        with as_site(officer.pk):
            found = [(each.low_id, each.high_id) for each in queue.pairs(queue.Asked())]

        assert found == [(third.record.pk, fourth.record.pk), (one.record.pk, other.record.pk)]

    def test_is_stopped_and_goes_on_where_it_was(self, scored, monkeypatch):
        monkeypatch.setattr(queue, "AT_ONCE", 2)
        made = [*two(), *two(), *two()]
        scored |= {(made[0].version.pk, made[5].version.pk): 0.9}
        told = []
        first = queue.fill(report=lambda done, total: told.append((done, total)), stop=lambda: True)
        second = queue.fill()

        assert (told, first.compared, first.left, second.compared) == ([(2, 6)], 2, 4, 4)
        assert pair_of(made[0], made[5]) is not None
        assert queue.fill().compared == 0

    def test_looks_again_at_what_is_listed_again(self, scored):
        one, _other = two()
        queue.fill()
        put_in_state(one.version, State.ARCHIVED)
        put_in_state(one.version, State.PUBLISHED)
        embedded(one)

        assert queue.fill().compared == 1

    def test_forgets_what_looks_alike_no_longer(self, scored):
        one, other = two()
        scored |= {(one.version.pk, other.version.pk): 0.9}
        queue.fill()
        put_in_state(one.version, State.REPLACED)
        embedded(make_record(record=one.record, summary="Otra cosa."))
        queue.fill()

        assert pair_of(one, other) is None

    def test_brings_two_identical_records_of_one_actor_to_the_top(self, as_site, registry):
        Compared.objects.bulk_create(Compared(version=each, at=AT) for each in Version.objects.listed())
        said = {"owner": OFFICE, "title": "Ventanilla única", "summary": WORDS, "actor": "Cancillería de El Salvador"}
        one, other = embedded(make_record(**said), axis=3), embedded(make_record(**said), axis=3)
        for axis in range(4, 8):
            embedded(make_record(owner="gtm", countries=["GTM"], summary=f"Otra cosa, {axis}."), axis=axis)
        queue.fill()
        officer = make_person("secretariat", OFFICE, "rcm")
        with as_site(officer.pk):
            first = queue.pairs(queue.Asked())[0]

        assert {first.low_id, first.high_id} == {one.record.pk, other.record.pk}
        assert first.probability == queue.SURE


class TestADecision:
    def decided(self, as_site, scored, **values):
        one, other = two(**values)
        scored |= {(one.version.pk, other.version.pk): 0.9}
        queue.fill()
        officer = make_person("secretariat", OFFICE, "rcm")
        with as_site(officer.pk):
            deciding.decide(one.record.pk, other.record.pk, "different", "Son dos países.", officer.pk)
        return one, other, officer

    def test_closes_the_pair_and_is_kept_for_the_next_version_of_much_the_same_text(self, as_site, scored):
        one, other, officer = self.decided(as_site, scored, summary=WORDS, lessons=None)
        put_in_state(one.version, State.REPLACED)
        newer = embedded(
            make_record(record=one.record, summary=WORDS + " y costeros", title=one.version.title, lessons=None)
        )
        scored |= {(newer.version.pk, other.version.pk): 0.9}
        queue.fill()

        pair = pair_of(one, other)
        assert pair.verdict == Verdict.DIFFERENT and newer.version.pk in pair.versions
        with as_site(officer.pk):
            assert deciding.settled(one.record.pk)[other.record.pk].reason == "Son dos países."

    def test_is_asked_anew_once_a_text_became_another(self, as_site, scored):
        one, other, officer = self.decided(as_site, scored, summary=WORDS)
        put_in_state(one.version, State.REPLACED)
        newer = embedded(
            make_record(record=one.record, summary="Un registro binacional de permisos de trabajo de temporada.")
        )
        scored |= {(newer.version.pk, other.version.pk): 0.8}
        queue.fill()

        assert pair_of(one, other).verdict == ""
        with as_site(officer.pk):
            assert deciding.settled(one.record.pk) == {}

    def test_of_two_officers_at_once_is_the_firsts_and_the_second_is_told(self, as_site, scored):
        one, other = two()
        scored |= {(one.version.pk, other.version.pk): 0.9}
        queue.fill()
        pair = pair_of(one, other)
        first, second = make_person("secretariat", OFFICE, "rcm"), make_person("secretariat", "iom", "rcm")
        form = {"verdict": "overlapping", "reason": "Comparten la ventanilla.", "seen": pair.revision}
        with as_site(first.pk), signed_in_as(first.pk) as client:
            assert client.post(f"/es/duplicates/{pair.pk}/", form).status_code == 302
        with as_site(second.pk), signed_in_as(second.pk) as client:
            answer = client.post(f"/es/duplicates/{pair.pk}/", form | {"verdict": "different", "reason": "Lo mío."})
        page = answer.content.decode()

        assert answer.status_code == 409
        assert "Comparten la ventanilla." in page and f"secretariat {OFFICE}" in page and "Lo mío." in page
        assert pair_of(one, other).verdict == Verdict.OVERLAPPING
        assert Decision.objects.count() == 1

    def test_needs_a_reason_unless_both_are_the_same(self, as_site, scored):
        one, other = two()
        officer = make_person("secretariat", OFFICE, "rcm")
        with as_site(officer.pk):
            with pytest.raises(moves.NoReason):
                deciding.decide(one.record.pk, other.record.pk, "different", " ", officer.pk)
            deciding.decide(one.record.pk, other.record.pk, "same", "", officer.pk)

    def test_of_an_author_about_her_draft_is_not_asked_again_once_the_draft_is_published(self, as_site, scored):
        draft, listed = embedded(make_record(owner="slv", state=State.DRAFT)), embedded(make_record())
        author, officer = make_person("focal_point", "slv"), make_person("secretariat", OFFICE, "rcm")
        with as_site(author.pk):
            deciding.decide(draft.record.pk, listed.record.pk, "different", "Es otra frontera.", author.pk)
            assert listed.record.pk in deciding.settled(draft.record.pk)
        with as_site(officer.pk):
            assert not Decision.objects.exists()
        put_in_state(draft.version, State.PUBLISHED)
        scored |= {(draft.version.pk, listed.version.pk): 0.9}
        queue.fill()
        with as_site(officer.pk), signed_in_as(officer.pk) as client:
            assert list(queue.pairs(queue.Asked())) == []
            page = client.get("/es/duplicates/?verdict=different").content.decode()

        assert "El Salvador" in page and draft.mark in page

    def test_is_nobodys_who_works_on_neither(self, as_site, scored):
        one, other = two()
        for person in (make_person("focal_point", "slv"), make_person("endorser", OFFICE)):
            with as_site(person.pk), pytest.raises(moves.NotThere):
                deciding.decide(one.record.pk, other.record.pk, "different", "Porque sí.", person.pk)


class TestWhatMayNotBeRead:
    def test_is_in_nobody_elses_queue(self, as_site, scored):
        public = embedded(make_record())
        hidden = embedded(make_record(visibility="named", audience=("gtm",), state=State.PUBLISHED_FROM_SOURCE))
        scored |= {(public.version.pk, hidden.version.pk): 0.9}
        queue.fill()
        pair = pair_of(public, hidden)
        officer = make_person("secretariat", OFFICE, "rcm")
        with as_site(officer.pk), signed_in_as(officer.pk) as client:
            assert not Pair.objects.exists()
            assert hidden.mark not in client.get("/es/duplicates/").content.decode()
            missing = client.get("/es/duplicates/999999/")
            there = client.get(f"/es/duplicates/{pair.pk}/")
            told = there.content.replace(f"/duplicates/{pair.pk}/".encode(), b"/duplicates/999999/")
            assert (there.status_code, told) == (404, missing.content)
            assert deciding.settled(public.record.pk) == {}
            with pytest.raises(moves.NotThere):
                deciding.decide(public.record.pk, hidden.record.pk, "same", "", officer.pk)

    def test_a_draft_beside_a_listed_text_stays_its_offices_own(self, as_site, scored):
        """A decision about the next version's draft is not carried to the version that is listed."""
        one, other = two(owner="slv", summary=WORDS)
        draft = make_record(owner="slv", record=one.record, state=State.DRAFT, summary=WORDS, title=one.version.title)
        author, officer = make_person("focal_point", "slv"), make_person("secretariat", OFFICE, "rcm")
        with as_site(author.pk):
            deciding.decide(one.record.pk, other.record.pk, "different", f"Porque {draft.mark}.", author.pk)
        scored |= {(one.version.pk, other.version.pk): 0.9}
        queue.fill()
        with as_site(officer.pk):
            assert [each.verdict for each in queue.pairs(queue.Asked())] == [""]
            assert not Decision.objects.exists()

    def test_is_shown_to_nobody_outside_a_secretariat(self, as_site, scored):
        one, other = two(owner="slv")
        scored |= {(one.version.pk, other.version.pk): 0.9}
        queue.fill()
        for role, actor, process in (
            ("focal_point", "slv", ""),
            ("moderator", "iom", "rcm"),
            ("administrator", OFFICE, ""),
        ):
            person = make_person(role, actor, process)
            with as_site(person.pk), signed_in_as(person.pk) as client:
                assert not Pair.objects.exists()
                assert client.get("/es/duplicates/").status_code == 404
        with as_site(), pytest.raises(DatabaseError), transaction.atomic():
            Pair.objects.update(verdict="different")
