"""The form in steps: which fields stand together, and what the field itself asks of each.

The criteria are those of the Network Hub's checklist for practices (applied, relevant, coherent, innovative,
replicable, cross-cutting, timely) and of the IMRF's pledge form, said beside the field that they concern.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.registry.catalogue import Field, fields_of


@dataclass(frozen=True)
class FormStep:
    """One page of the form."""

    code: str
    title: Promise
    lead: Promise
    fields: tuple[str, ...]

    def fields_for(self, kind: str) -> list[Field]:
        """The step's fields that this kind of record has."""
        known = {each.name: each for each in fields_of(kind)}
        return [known[name] for name in self.fields if name in known]


STEPS = (
    FormStep("what", _("What it is"), _("A reader sees this first, in lists and when it is cited."),
             ("lang", "title", "summary", "practice_type", "pledge_type", "pledge_nature", "help_kinds", "urgency",
              "progress", "start", "end")),
    FormStep("where", _("Where and by whom"), _("Who does it is one fact; where it happens is another."),
             ("countries", "place", "level", "actor", "actor_type", "co_actors", "partners", "donors", "champion",
              "matches")),
    FormStep("story", _("What was done"), _("Facts that somebody else could check."),
             ("context", "tried", "beneficiaries", "results", "evidence", "holds_where", "indicator", "baseline",
              "target", "amount", "currency")),
    FormStep("lessons", _("What others can learn"), _("For an office in another country that wants to do the same."),
             ("lessons", "challenges", "innovation", "replication", "conditions", "drawn_from")),
    FormStep("compact", _("What it is about"), _("By this, others find it."),
             ("objectives", "principles", "populations", "concepts")),
    FormStep("sources", _("Where more can be read"), _("Public pages and documents. Leave out names and numbers of people."),
             ("source_url", "also_at", "resources", "source_note")),
)  # fmt: skip
BY_CODE = {step.code: step for step in STEPS}
# Kept with records from elsewhere, never asked for: where a line came from and who coded it.
NOT_ASKED = {"region", "institutional_contacts", "provenance", "text_seen", "labels_by", "label_notes"}

CRITERIA: dict[str, Promise] = {
    "lang": _("The language in which you write the text. Translations are added later."),
    "title": _("Short and descriptive: what is done, for whom, where. Spell acronyms out."),
    "summary": _("Five to ten lines that stand by themselves: what, by whom, for whom, with what result."),
    "progress": _("A practice has been carried out, fully or mostly; an effort that has just begun is an initiative."),
    "start": _("As precisely as you know it: 2021, 2021-03 or 2021-03-15. Practices since December 2018 are preferred."),
    "end": _("Empty while it goes on."),
    "countries": _("Where it takes place or whom it concerns; a country that you name is told before publication."),
    "place": _("A border crossing, a city, a region."),
    "actor": _("Who is responsible for it: the full name of the authority, city or organisation."),
    "co_actors": _("One a line. Others who carry it as equals, or make the same promise."),
    "partners": _("One a line."),
    "donors": _("One a line."),
    "context": _("Relevant: which problem did it answer? Coherent: which plan, law or agreement is it part of?"),
    "tried": _("What has been tried already, and why it was not enough."),
    "beneficiaries": _("How many people, by sex and age where you know it."),
    "results": _("Applied: what changed, and how do you know? Give figures with their source."),
    "evidence": _("What the statement rests on: an evaluation, figures, experience of how many years."),
    "holds_where": _("In which conditions it held, and where it may not."),
    "lessons": _("What you would tell a colleague who begins tomorrow. Leave an empty line between two lessons."),
    "challenges": _("What was difficult, and what helped. Leave an empty line between two."),
    "innovation": _("Innovative: what was not done before, here or elsewhere?"),
    "replication": _("Replicable: what does another country need (law, money, people, time) to do the same?"),
    "conditions": _("For whom, from when to when, at whose cost."),
    "objectives": _("Mark what it is for, not all that it touches: two to four in most cases. Objective 23 only when "
                    "cooperation itself is the purpose."),
    "principles": _("Cross-cutting: the principles that shaped it, not all that it respects."),
    "populations": _("The people whom it was made for."),
    "concepts": _("Codes of other frameworks, one a line, such as sdg-targets:10.7."),
    "indicator": _("What is counted, so that one can say later whether the pledge was kept."),
    "baseline": _("Where it stands today."),
    "target": _("Where it is to be, and by when."),
    "amount": _("Digits only; the currency stands beside it."),
    "currency": _("Three letters: USD, MXN, BRL."),
    "matches": _("The title or number of the pledge that this one answers."),
    "source_url": _("The main public page about it, beginning with https://"),
    "also_at": _("Other pages with the same text, one a line."),
    "resources": _("Manuals, laws, evaluations: one address a line."),
    "drawn_from": _("The numbers of the records that the lesson is drawn from, one a line."),
}  # fmt: skip
