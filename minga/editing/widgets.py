"""From a field's value to what a form shows, and from what was sent back to a raw value in the form of JSON Lines."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language

from minga.actors import queries as actors
from minga.design.languages import language_name
from minga.editing.formsteps import CRITERIA
from minga.registry.catalogue import Field, Shape
from minga.registry.drafts import mark_of
from minga.vocabularies import queries as vocabularies

OTHER_LANGUAGES = ("ht", "qu", "gn", "miq", "nl", "ar")
_ONE_A_LINE = (Shape.ACTORS, Shape.ADDRESSES, Shape.CONCEPTS)
_ROWS = {Shape.TEXT: 7, Shape.TEXTS: 8, Shape.ACTORS: 3, Shape.ADDRESSES: 3, Shape.CONCEPTS: 3}


@dataclass(frozen=True)
class Input:
    """A field as the form shows it."""

    field: Field
    widget: str  # line, area, choice, choices, objectives, countries, flag
    text: str  # for line, area and choice
    chosen: tuple[str, ...]  # for those with several
    options: tuple[tuple[str, str], ...]
    others: str = ""  # countries beyond those listed, one a line
    problem: str = ""
    mark: str = ""  # of the value, by which a save knows what changed
    set_aside: str = ""  # what this person typed while somebody else changed the same field

    @property
    def id(self) -> str:
        """The id of its control."""
        return f"id_{self.field.name}"

    @property
    def criterion(self) -> str:
        """What the field itself asks, beside the control."""
        return str(CRITERIA.get(self.field.name, self.field.meaning))

    @property
    def rows(self) -> int:
        """The height of a text's control, in lines."""
        return max(_ROWS.get(self.field.shape, 3), min(30, self.text.count("\n") + len(self.text) // 90 + 2))

    @property
    def first(self) -> str:
        """The primary objective."""
        return self.chosen[0] if self.chosen else ""


def input_of(each: Field, value: Any, *, problem: str = "", set_aside: Any = None) -> Input:
    """A field with its value, for the form.

    Args:
        each: the field.
        value: as it is stored, or as it was typed where it cannot be read yet.
        problem: what to mend.
        set_aside: what the person typed while somebody else changed it.
    """
    widget = _widget(each)
    chosen = tuple(str(item) for item in value) if isinstance(value, list) else ()
    options, others = _options(each, chosen, value), ""
    if widget == "countries":
        listed = dict(options)
        others = "\n".join(item for item in chosen if item not in listed)
    return Input(
        each,
        widget,
        _as_text(each, value),
        chosen,
        options,
        others,
        problem,
        mark_of(each.name, value),
        _as_text(each, set_aside) if set_aside is not None else "",
    )


def read(each: Field, posted: QueryDict) -> Any:
    """What was sent for a field, as a raw value; None when the form did not hold it or it is empty."""
    widget = _widget(each)
    name = each.name
    if widget == "flag":
        return True if posted.get(name) else None
    if widget == "countries":
        others = _lines(posted.get(f"{name}-others", ""))
        return [*posted.getlist(name), *others] or None
    if widget == "objectives":
        numbers = posted.getlist(name)
        first = posted.get(f"{name}-first", "")
        return sorted(numbers, key=lambda number: number != first) or None
    if widget == "choices":
        return posted.getlist(name) or None
    text = posted.get(name, "").replace("\r\n", "\n")
    if each.shape is Shape.TEXTS:
        return [part.strip() for part in text.split("\n\n") if part.strip()] or None
    if each.shape in _ONE_A_LINE:
        return _lines(text) or None
    if each.shape is Shape.NUMBER:
        return _number(text)
    return text.strip() or None


def is_in(each: Field, posted: QueryDict) -> bool:
    """Whether the form held the field at all (an empty choice sends nothing of itself)."""
    return f"{each.name}-was" in posted


def _number(text: str) -> Any:
    plain = text.replace("\u00a0", "").replace(" ", "").replace("_", "")
    try:
        return (float(plain) if "." in plain else int(plain)) if plain else None
    except ValueError:
        return text.strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _widget(each: Field) -> str:
    match each.shape:
        case Shape.TEXT | Shape.TEXTS | Shape.ACTORS | Shape.ADDRESSES | Shape.CONCEPTS:
            return "area"
        case Shape.CODE | Shape.LANGUAGE:
            return "choice"
        case Shape.CODES:
            return "choices"
        case Shape.OBJECTIVES:
            return "objectives"
        case Shape.COUNTRIES:
            return "countries"
        case Shape.FLAG:
            return "flag"
    return "line"


def _options(each: Field, chosen: tuple[str, ...], value: Any) -> tuple[tuple[str, str], ...]:
    language = get_language()
    if each.shape is Shape.LANGUAGE:
        codes = [code for code, _name in settings.LANGUAGES] + list(OTHER_LANGUAGES)
        codes += [value] if isinstance(value, str) and value not in codes else []
        return tuple((code, language_name(code, language)) for code in codes)
    if each.shape is Shape.COUNTRIES:
        return tuple((code, actors.country_name(code, language)) for code in actors.american_states(language))
    if each.shape is Shape.OBJECTIVES:
        labels = vocabularies.labels("gcm-objectives", language)
        return tuple((str(n), labels.get(vocabularies.objective_code(n), str(n))) for n in range(1, 24))
    if each.shape in (Shape.CODE, Shape.CODES):
        return tuple(vocabularies.labels(each.scheme, language).items())
    return ()


def _as_text(each: Field, value: Any) -> str:
    if isinstance(value, list):
        return ("\n\n" if each.shape is Shape.TEXTS else "\n").join(str(item) for item in value)
    return "" if value is None or value is True else str(value)
