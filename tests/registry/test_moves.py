"""Steps of the lifecycle: on the text that was read, once, by whom it belongs to."""

import pytest

from minga.audit.by import By
from minga.registry import moves
from minga.registry.lifecycle import STEPS, State
from minga.registry.models import Transition, Version
from tests.access.people import make_person
from tests.making import make_record


def test_nobody_endorses_a_text_that_changed_since_she_read_it(as_site, registry):
    made = make_record(owner="slv", state=State.DRAFT)
    endorser, author = make_person("endorser", "slv"), make_person("focal_point", "slv")
    seen = made.version.revision
    with as_site(author.pk):
        Version.objects.filter(pk=made.version.pk).update(title="Otra cosa")
    with as_site(endorser.pk):
        for old in (seen, None):
            with pytest.raises(moves.MovedOn):
                moves.move(made.version, "endorse", by=By(person=endorser.pk), seen=old)
        moves.move(made.version, "endorse", by=By(person=endorser.pk), seen=seen + 1)

    assert Version.objects.get(pk=made.version.pk).state == State.ENDORSED


def test_a_form_that_is_sent_twice_takes_one_step(as_site, registry):
    made = make_record(owner="slv", state=State.DRAFT)
    author = make_person("focal_point", "slv")
    with as_site(author.pk):
        moves.move(made.version, "send", by=By(person=author.pk))
        with pytest.raises(moves.NotPossible):
            moves.move(made.version, "send", by=By(person=author.pk))

    assert Transition.objects.filter(version=made.version, name="send").count() == 1


@pytest.mark.parametrize("step", sorted(name for name, step in STEPS.items() if step.needs_reason))
def test_a_step_that_needs_a_reason_is_not_taken_without(as_site, registry, step):
    made = make_record(owner="slv", state=STEPS[step].sources[0])
    with pytest.raises(moves.NoReason):
        moves.move(made.version, step, by=By(operator="tests"), reason=" \n ")

    assert Version.objects.get(pk=made.version.pk).state == STEPS[step].sources[0]
