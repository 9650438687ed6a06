"""Why a record may answer a need, in a line: how near it is, and what both have in common by their fields."""

from collections.abc import Sequence

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from minga.actors.queries import country_name
from minga.matching.reading import Reading
from minga.matching.stories import Story
from minga.registry.models import Version
from minga.vocabularies import queries as vocabularies

SAME, NEAR = 0.5, 0.2  # probabilities from which it is said to speak of the same, and of something near
SURELY = 0.3  # of an objective that the author has not marked
MOST = 3  # of a kind that are named


def reason_for(reading: Reading, version: Version, probability: float | None) -> str:
    """Why a record may answer a story, in a line.

    Args:
        reading: of the story.
        version: the record's.
        probability: that it answers; None where words alone were compared.
    """
    said = [_how_near(reading.story, version, probability)]
    if objectives := _objectives_in_common(reading, version):
        text = ngettext("same objective: %(numbers)s", "same objectives: %(numbers)s", len(objectives))
        said.append(text % {"numbers": ", ".join(map(str, objectives))})
    if populations := in_common("populations", reading.story, version.populations, reading.story.populations):
        said.append(_("for the same people: %(names)s") % {"names": _names("populations", populations)})
    offered = version.details.get("help_kinds") or ()
    if helps := in_common("help_kinds", reading.story, offered, reading.story.help_kinds):
        said.append(_("the same kind of help: %(names)s") % {"names": _names("help-kinds", helps)})
    if countries := [code for code in reading.story.places if code in version.places]:
        names = ", ".join(country_name(code, get_language()) for code in countries[:MOST])
        text = ngettext("same country: %(names)s", "same countries: %(names)s", len(countries))
        said.append(text % {"names": names + (" …" if len(countries) > MOST else "")})
    elif reading.story.is_of_region and version.is_of_region:
        said.append(_("from the Americas, too"))
    if reading.story.level and reading.story.level == version.level:
        said.append(_("same level: %(name)s") % {"name": _names("levels", [version.level])})
    if version.details.get("results"):
        said.append(_("it tells its results"))
    return "; ".join(said) + "."


def _how_near(story: Story, version: Version, probability: float | None) -> str:
    if probability is None:
        return _("Some words of yours stand in it")
    if probability < NEAR:
        return _("Among what there is, it is nearest, but it may be about something else")
    if probability < SAME:
        return _("It speaks of something near")
    if story.spoken and story.spoken != version.language:
        return _("It speaks of the same in another language")
    return _("It speaks of the same")


def _objectives_in_common(reading: Reading, version: Version) -> list[int]:
    """Objectives of the record that the story is marked with, or is likely to be about."""
    likely = reading.objectives
    return sorted(each for each in version.objectives if 1 <= each <= len(likely) and likely[each - 1] >= SURELY)


def in_common(kind: str, story: Story, of_record: Sequence[str], declared: Sequence[str]) -> list[str]:
    """Codes that the record has and the story is marked with; where it is not marked at all, that its words name.

    Args:
        kind: "populations" or "help_kinds".
        story: the need or offer.
        of_record: the record's codes.
        declared: the story's.
    """
    named = declared or story.named[kind]
    return [code for code in of_record if code in named and code != "general"][:MOST]


def _names(scheme: str, codes: Sequence[str]) -> str:
    return ", ".join(vocabularies.label(scheme, code, get_language()) for code in codes)
