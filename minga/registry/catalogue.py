"""The one catalogue of fields: what each kind of record asks for, and how it is read, shown and taken away.

Import, export, record pages and (later) forms, differences, redaction and translation go through this list; none of
them names a field of its own. Sources of the fields: the Network Hub's practice form, the pledge form of the IMRF and
paragraph 43 of the Compact for needs and offers.

A field lives in a column of the version when lists are filtered or sorted by it, else in the version's `details`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.registry.kinds import Kind

ALL = frozenset(Kind)
DONE = frozenset({Kind.PRACTICE, Kind.INITIATIVE})
HELP = frozenset({Kind.NEED, Kind.OFFER})


class Shape(StrEnum):
    """What a field's value looks like."""

    LINE = "line"  # a short text
    TEXT = "text"  # paragraphs
    TEXTS = "texts"  # a list of paragraphs
    CODE = "code"  # a concept of the field's scheme
    CODES = "codes"
    OBJECTIVES = "objectives"  # numbers of GCM objectives, the primary one first
    COUNTRIES = "countries"  # ISO 3166-1 alpha-3
    CONCEPTS = "concepts"  # "scheme:code" of any framework
    PARTIAL_DATE = "partial_date"  # 2010, 2017-09, 2017-09-14
    FLAG = "flag"
    NUMBER = "number"
    ADDRESS = "address"
    ADDRESSES = "addresses"
    LANGUAGE = "language"  # BCP 47
    ACTOR = "actor"  # a name as the source gives it
    ACTORS = "actors"


class Section(StrEnum):
    """Where on a record's page a field stands."""

    HEAD = "head"
    STORY = "story"
    RESULTS = "results"
    REUSE = "reuse"
    FACTS = "facts"
    SOURCE = "source"


@dataclass(frozen=True)
class Field:
    """One field of the registry."""

    name: str
    label: Promise
    shape: Shape
    section: Section
    kinds: frozenset[Kind] = ALL
    scheme: str = ""
    column: str = ""  # the version's column; empty: kept in `details`
    translatable: bool = False
    required: bool = False
    expected: bool = False  # its absence is a gap that the record's page shows
    shown: bool = True  # on the record's page; provenance notes are only exported
    meaning: Promise | str = field(default="")


FIELDS: tuple[Field, ...] = (
    Field("lang", _("Language"), Shape.LANGUAGE, Section.HEAD, column="language", required=True),
    Field("title", _("Title"), Shape.LINE, Section.HEAD, column="title", translatable=True, required=True),
    Field("summary", _("Summary"), Shape.TEXT, Section.STORY, column="summary", translatable=True, expected=True),
    Field("actor", _("Main actor"), Shape.ACTOR, Section.FACTS, expected=True,
          meaning=_("Who does it; the place where it happens is another fact.")),
    Field("actor_type", _("Kind of actor"), Shape.CODE, Section.FACTS, scheme="actor-kinds", shown=False),
    Field("co_actors", _("Together with"), Shape.ACTORS, Section.FACTS,
          meaning=_("Others who make the same promise or carry the effort as equals.")),
    Field("partners", _("Partners"), Shape.ACTORS, Section.FACTS),
    Field("donors", _("Donors"), Shape.ACTORS, Section.FACTS),
    Field("countries", _("Countries"), Shape.COUNTRIES, Section.FACTS, column="places", expected=True,
          meaning=_("Where it takes place or whom it concerns.")),
    Field("place", _("Place within the country"), Shape.LINE, Section.FACTS, translatable=True),
    Field("region", _("Region"), Shape.LINE, Section.FACTS, column="region", shown=False),
    Field("level", _("Level"), Shape.CODE, Section.FACTS, scheme="levels", column="level", expected=True),
    Field("practice_type", _("Type"), Shape.CODE, Section.FACTS, DONE, scheme="practice-types", expected=True),
    Field("pledge_type", _("Form of the pledge"), Shape.CODE, Section.FACTS, frozenset({Kind.PLEDGE}),
          scheme="pledge-types", expected=True),
    Field("pledge_nature", _("Nature of the pledge"), Shape.CODES, Section.FACTS, frozenset({Kind.PLEDGE}),
          scheme="pledge-natures"),
    Field("champion", _("Made by a champion country"), Shape.FLAG, Section.FACTS, frozenset({Kind.PLEDGE})),
    Field("matches", _("Answers the pledge"), Shape.LINE, Section.FACTS, frozenset({Kind.PLEDGE})),
    Field("help_kinds", _("Kind of help"), Shape.CODES, Section.FACTS, HELP, scheme="help-kinds", expected=True),
    Field("urgency", _("Urgency"), Shape.CODE, Section.FACTS, frozenset({Kind.NEED}), scheme="urgency"),
    Field("populations", _("People reached"), Shape.CODES, Section.FACTS, scheme="populations",
          column="populations", expected=True),
    Field("objectives", _("Objectives of the Compact"), Shape.OBJECTIVES, Section.FACTS,
          scheme="gcm-objectives", column="objectives", expected=True, meaning=_("The primary one first.")),
    Field("principles", _("Guiding principles"), Shape.CODES, Section.FACTS, scheme="gcm-principles",
          column="principles"),
    Field("concepts", _("Other frameworks"), Shape.CONCEPTS, Section.FACTS, column="concepts",
          meaning=_("Codes of any other framework the installation holds.")),
    Field("progress", _("Progress"), Shape.CODE, Section.FACTS, scheme="progress", column="progress"),
    Field("start", _("Start"), Shape.PARTIAL_DATE, Section.FACTS, column="starts", expected=True),
    Field("end", _("End"), Shape.PARTIAL_DATE, Section.FACTS, column="ends"),
    Field("context", _("Context"), Shape.TEXT, Section.STORY, translatable=True),
    Field("tried", _("What was tried before"), Shape.TEXT, Section.STORY, frozenset({Kind.NEED}), translatable=True),
    Field("beneficiaries", _("How many people, by sex and age"), Shape.TEXT, Section.RESULTS, DONE, translatable=True),
    Field("results", _("Results, with evidence"), Shape.TEXT, Section.RESULTS,
          DONE | {Kind.PLEDGE}, translatable=True, expected=True),
    Field("indicator", _("Indicator"), Shape.LINE, Section.RESULTS, frozenset({Kind.PLEDGE}), translatable=True),
    Field("baseline", _("Baseline"), Shape.LINE, Section.RESULTS, frozenset({Kind.PLEDGE}), translatable=True),
    Field("target", _("Target"), Shape.LINE, Section.RESULTS, frozenset({Kind.PLEDGE}), translatable=True),
    Field("amount", _("Amount"), Shape.NUMBER, Section.FACTS, frozenset({Kind.PLEDGE, Kind.OFFER})),
    Field("currency", _("Currency"), Shape.LINE, Section.FACTS, frozenset({Kind.PLEDGE, Kind.OFFER})),
    Field("evidence", _("Evidence"), Shape.TEXT, Section.RESULTS, frozenset({Kind.LESSON}),
          translatable=True, expected=True),
    Field("holds_where", _("Where it holds"), Shape.TEXT, Section.RESULTS, frozenset({Kind.LESSON}),
          translatable=True, expected=True),
    Field("lessons", _("Lessons learned"), Shape.TEXTS, Section.REUSE, DONE | {Kind.PLEDGE}, translatable=True,
          expected=True),
    Field("challenges", _("Challenges"), Shape.TEXTS, Section.REUSE, DONE, translatable=True),
    Field("replication", _("If done elsewhere"), Shape.TEXT, Section.REUSE, DONE, translatable=True, expected=True),
    Field("innovation", _("What is new in it"), Shape.TEXT, Section.REUSE, DONE, translatable=True),
    Field("conditions", _("Conditions"), Shape.TEXT, Section.REUSE, frozenset({Kind.OFFER}), translatable=True),
    Field("drawn_from", _("Drawn from the records"), Shape.TEXTS, Section.SOURCE, frozenset({Kind.LESSON})),
    Field("resources", _("Further reading"), Shape.ADDRESSES, Section.SOURCE),
    Field("source_url", _("Web page"), Shape.ADDRESS, Section.SOURCE, column="source_url"),
    Field("also_at", _("Also at"), Shape.ADDRESSES, Section.SOURCE),
    Field("source_note", _("Note on the source"), Shape.LINE, Section.SOURCE),
    Field("institutional_contacts", _("Contacts of institutions"), Shape.TEXTS, Section.SOURCE, shown=False,
          meaning=_("Addresses and numbers in the text that belong to an institution and not to a person.")),
    Field("provenance", _("Kind of source"), Shape.LINE, Section.SOURCE, shown=False),
    Field("text_seen", _("How much of the source was read"), Shape.LINE, Section.SOURCE, shown=False),
    Field("labels_by", _("Who coded it"), Shape.LINE, Section.SOURCE, shown=False),
    Field("label_notes", _("Notes on the coding"), Shape.TEXT, Section.SOURCE, shown=False),
)  # fmt: skip

BY_NAME = {each.name: each for each in FIELDS}
# fields of a line that speak of the record and not of its text
ENVELOPE = ("id", "external_id", "kind", "owner", "editorial_state", "visibility", "translations", "also_known_as",
            "merged_into")  # fmt: skip
ROLE_FIELDS = {"actor": "lead", "co_actors": "maker", "partners": "partner", "donors": "donor"}


def fields_of(kind: str) -> Iterator[Field]:
    """The fields that a kind of record has, in the order of the catalogue."""
    return (each for each in FIELDS if kind in each.kinds)


def translatable_fields(kind: str) -> list[Field]:
    """The fields whose text a translation carries."""
    return [each for each in fields_of(kind) if each.translatable]
