"""No pair, decision, merge or page of duplicates betrays a version to somebody who may not read it."""

from contextlib import suppress
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from minga.duplicates.models import Decision, Link, Merge, Pair
from minga.registry.lifecycle import LISTED, State
from tests.access.people import Somebody, everybody, signed_in_as
from tests.access.test_confidentiality import make_world, text_of, worlds
from tests.access.test_roles import titles_in_her_queue
from tests.making import AT, Made, put_in_state, undone

SOME = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Two = tuple[Made, Made]


def twos(made: list[Made]) -> list[Two]:
    """Neighbours of different records, the one with the lower record first, each two records once."""
    found: dict[tuple[int, int], Two] = {}
    for one, other in pairwise(made):
        if one.record.pk != other.record.pk:
            low, high = sorted((one, other), key=lambda each: each.record.pk)
            found.setdefault((low.record.pk, high.record.pk), (low, high))
    return list(found.values())


def of_two(low: Made, high: Made) -> dict:
    return {"low": low.record, "high": high.record, "low_version": low.version, "high_version": high.version}


def proposed(kept: Made, merged: Made) -> Merge | None:
    """A proposal to merge two records; None where the database refuses it, since not all who read the one read the other."""
    with suppress(DatabaseError), transaction.atomic():
        return Merge.objects.create(
            kept=kept.record, merged=merged.record, kept_version=kept.version, merged_version=merged.version,
            reason="Es lo mismo.", proposed_at=AT, chosen={"title": "merged"},
        )  # fmt: skip
    return None


def may_read_both(person: Somebody, two: Two) -> bool:
    return all(person.may_read(each.version) for each in two)


@pytest.mark.slow
class TestEveryRole:
    @SOME
    @given(world=worlds)
    def test_sees_pairs_and_decisions_of_what_it_may_read_both_sides_of(self, as_site, world):
        with undone():
            made, people = make_world(world), everybody()
            pairs = {
                Pair.objects.create(**of_two(*two), probability=0.9, found_at=AT).pk: two
                for two in twos([each for each in made if each.version.state in LISTED])
            }
            decisions = {
                Decision.objects.create(
                    **of_two(*two), verdict="different", reason=f"Porque {two[0].mark} y {two[1].mark}.", at=AT
                ).pk: two
                for two in twos(made)
            }
            for person in people:
                own = person.actor if person.role in ("contributor", "focal_point", "endorser") else ""
                is_secretariat = person.role == "secretariat"
                with as_site(person.pk):
                    assert set(Pair.objects.values_list("pk", flat=True)) == {
                        pk for pk, two in pairs.items() if is_secretariat and may_read_both(person, two)
                    }
                    assert set(Decision.objects.values_list("pk", flat=True)) == {
                        pk
                        for pk, two in decisions.items()
                        if may_read_both(person, two)
                        and (is_secretariat or own in {each.version.owner.slug for each in two})
                    }
            with as_site():
                assert not Pair.objects.exists() and not Decision.objects.exists()

    @SOME
    @given(world=worlds)
    def test_reads_on_no_page_what_it_may_not_read(self, as_site, world):
        with undone():
            made, people = make_world(world), everybody()
            listed = [each for each in made if each.version.state in LISTED]
            paths = ["/es/duplicates/", "/es/duplicates/?verdict=different", "/es/inbox/"]
            for low, high in twos(listed):
                pair = Pair.objects.create(**of_two(low, high), probability=0.9, found_at=AT)
                paths.append(f"/es/duplicates/{pair.pk}/")
                if merge := proposed(low, high):
                    paths.append(f"/es/merges/{merge.pk}/")
                paths.append(f"/es/duplicates/merge/{low.record.public_id}/{high.record.public_id}/")
            public = self._merged(listed)
            for person in [*people, None]:
                hidden = {each.mark for each in made if not (person or VISITOR).may_read(each.version)}
                hidden -= titles_in_her_queue(person or VISITOR, made)
                with as_site(person.pk if person else None):
                    if person is None:
                        self._walk(Client(), public, hidden)
                        continue
                    with signed_in_as(person.pk) as client:
                        self._walk(client, paths + public, hidden)

    @staticmethod
    def _merged(listed: list[Made]) -> list[str]:
        """Let the last of them be merged into the first; returns its addresses."""
        if len({each.record.pk for each in listed}) < 2:
            return []
        kept, other = listed[0], listed[-1]
        merge = Merge.objects.filter(kept=kept.record, merged=other.record).first() or proposed(kept, other)
        if merge is None:
            return []
        put_in_state(other.version, State.MERGED)
        Merge.objects.filter(pk=merge.pk).update(state="standing")
        Link.objects.create(merge=merge, merged=other.record, kept=kept.record, since=AT)
        plural = f"{other.version.kind}s" if other.version.kind != "pledge" else "pledges"
        return [
            f"/es/{plural}/{other.record.public_id}/{rest}" for rest in ("", "before/", "similar/", "export.json")
        ] + [f"/r/{other.record.public_id}/"]

    @staticmethod
    def _walk(client: Client, paths: list[str], hidden: set[str]) -> None:
        for path in paths:
            answer = client.get(path, follow=True)
            text = text_of(answer)
            assert answer.status_code < 500, path
            assert not {mark for mark in hidden if mark in text}, path


VISITOR = Somebody(0, "visitor", "")
