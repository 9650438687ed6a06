"""Saving a draft: what two people write at once comes together, and nobody's text is lost."""

import pytest

from minga.audit.by import By
from minga.registry import drafts, knowing
from minga.registry.lifecycle import State
from minga.registry.models import Edit, Version
from tests.access.people import make_person
from tests.making import AT, make_record


@pytest.fixture
def draft(registry) -> Version:
    return make_record(owner="slv", state=State.DRAFT).version


@pytest.fixture
def save(as_site, draft):
    """Saves what a person typed into a form that she had opened when the fields held `opened`."""

    def saved(person, typed: dict, opened: dict) -> drafts.Saved:
        with as_site(person.pk):
            return drafts.save(
                draft, typed, {name: drafts.mark_of(name, value) for name, value in opened.items()},
                known=knowing.what_is_known(), by=By(person=person.pk), at=AT,
            )  # fmt: skip

    return saved


def now_stands(draft: Version) -> tuple[str, str]:
    draft.refresh_from_db()
    return draft.title, draft.summary


def test_changes_of_two_people_to_different_fields_come_together(save, draft):
    opened = {"title": draft.title, "summary": draft.summary}
    save(make_person("focal_point", "slv"), opened | {"title": "De Ana"}, opened)
    saved = save(make_person("contributor", "slv"), opened | {"summary": "De Carlos"}, opened)

    assert now_stands(draft) == ("De Ana", "De Carlos")
    assert saved.merged == ["title"]


def test_of_two_changes_to_one_field_the_second_is_set_aside(save, draft):
    opened = {"title": draft.title}
    save(make_person("focal_point", "slv"), {"title": "De Ana"}, opened)
    saved = save(make_person("contributor", "slv"), {"title": "De Carlos"}, opened)

    assert now_stands(draft)[0] == "De Ana"
    assert saved.set_aside == {"title": "De Carlos"}
    assert Edit.objects.get(is_set_aside=True).value == "De Carlos"


def test_a_save_whose_answer_was_lost_is_no_strangers_text(save, draft):
    person, opened = make_person("focal_point", "slv"), {"title": draft.title}
    save(person, {"title": "A medio escri"}, opened)
    saved = save(person, {"title": "A medio escribir, y ya entera"}, opened)  # the form never learned of the first

    assert now_stands(draft)[0] == "A medio escribir, y ya entera"
    assert saved.set_aside == {}
    assert "A medio escri" in list(Edit.objects.values_list("value", flat=True))  # kept all the same
