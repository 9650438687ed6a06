"""From raw values to `Content`: what a line says, checked field by field, every problem named.

Required are a title, a language, a kind, and a maker or a country; all else that is missing is a gap. A value that
cannot be right refuses its row when it would be lost (an unknown country); what can be kept with a remark is a
warning. Plain functions over dictionaries: what is known (countries, concepts) is handed in as `Known`.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from minga.common.partial_dates import is_partial_date
from minga.registry.catalogue import BY_NAME, ENVELOPE, FIELDS, Field, Shape, translatable_fields
from minga.registry.content import Content
from minga.registry.kinds import Kind

ERROR, WARNING = "error", "warning"
LONGEST_LINE = {
    "title": 500, "place": 300, "matches": 300, "currency": 10, "region": 40,
    "actor": 400, "co_actors": 400, "partners": 400, "donors": 400,
}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Control signs other than tab and line breaks; the NUL cannot be stored at all.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value, in the operator's language, and what to mend."""

    severity: str
    column: str
    code: str
    message: str


@dataclass(frozen=True)
class Known:
    """What the installation knows that a row may point at."""

    countries: Callable[[str], str | None]  # a code or name -> ISO alpha-3
    concepts: dict[str, frozenset[str]]  # scheme -> codes
    longest_field: int


class Refused(Exception):
    """A value that cannot be taken; carries its problem."""

    def __init__(self, column: str, code: str, message: str):
        super().__init__(message)
        self.problem = Problem(ERROR, column, code, message)


def check(row: dict[str, Any], *, known: Known, kind: str | None = None) -> tuple[Content | None, list[Problem]]:
    """Check one row.

    Args:
        row: field name -> value as read, in the form of JSON Lines.
        known: countries, concepts and limits of this installation.
        kind: the kind of all rows, where the row itself names none.

    Returns:
        the content, or None when the row is refused, and all problems found.
    """
    problems: list[Problem] = []
    row_kind = row.get("kind") or kind
    if row_kind not in Kind.values:
        message = _("The kind is missing or unknown. Use one of: %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
        return None, [Problem(ERROR, "kind", "unknown_kind", message)]
    values: dict[str, Any] = {}
    for each in FIELDS:
        try:
            value = read_value(each, row.get(each.name), known)
        except Refused as refused:
            problems.append(refused.problem)
            continue
        if value is None:
            continue
        if row_kind not in each.kinds:
            problems.append(_not_of_kind(each, row_kind))
        values[each.name] = value
    problems += what_is_missing(values)
    problems += contradictions(values)
    translations = _translations(row, row_kind, known, problems)
    other = {name: value for name, value in row.items() if name not in BY_NAME and name not in ENVELOPE}
    problems += [
        Problem(WARNING, name, "unknown_field", _("This field is not known; it is kept with the record but not shown."))
        for name in other
    ]
    refused = any(problem.severity == ERROR for problem in problems)
    return (None if refused else Content(row_kind, values, translations, other)), problems


def _not_of_kind(each: Field, kind: str) -> Problem:
    message = _("A record of the kind “%(kind)s” has no such field; it is kept but not shown.") % {"kind": kind}
    return Problem(WARNING, each.name, "field_of_another_kind", message)


def what_is_missing(values: dict[str, Any], *, besides: Container[str] = ()) -> list[Problem]:
    """What a record needs and does not have.

    Args:
        values: by the catalogue's names.
        besides: fields that something was typed into, although it cannot be read yet.
    """
    problems = [
        Problem(ERROR, each.name, f"no_{each.name}", _("“%(field)s” is missing.") % {"field": each.label})
        for each in FIELDS
        if each.required and not values.get(each.name) and each.name not in besides
    ]
    if not values.get("actor") and not values.get("countries") and "actor" not in besides:
        message = _("Neither a main actor nor a country is given. Give at least one of them.")
        problems.append(Problem(ERROR, "actor", "no_actor_nor_country", message))
    return problems


def contradictions(values: dict[str, Any]) -> list[Problem]:
    """What cannot both be true."""
    start, end = values.get("start"), values.get("end")
    if start and end and end < start[: len(end)]:
        message = _("It ends (%(end)s) before it begins (%(start)s).") % {"start": start, "end": end}
        return [Problem(WARNING, "end", "ends_before_it_begins", message)]
    return []


def read_value(each: Field, raw: Any, known: Known) -> Any:
    """A field's value in one spelling; None when nothing was given.

    Raises:
        Refused: it cannot be that.
    """
    if raw is None or raw == "" or raw == []:
        return None
    return _READERS[each.shape](each, raw, known)


def _text(each: Field, raw: Any, known: Known) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Refused(each.name, "not_a_text", _("“%(field)s” should be a text.") % {"field": each.label})
    text = _CONTROL.sub("", str(raw)).replace("\r\n", "\n").strip()
    longest = LONGEST_LINE.get(each.name, known.longest_field)
    if len(text) > longest:
        message = _("“%(field)s” has %(length)d characters; at most %(longest)d are taken. Shorten it.")
        raise Refused(each.name, "too_long", message % {"field": each.label, "length": len(text), "longest": longest})
    return text or None


def _list_of(each: Field, raw: Any, known: Known) -> list[str] | None:
    items = raw if isinstance(raw, list) else [raw]
    texts = [text for item in items if item not in (None, "") and (text := _text(each, item, known))]
    return list(dict.fromkeys(texts)) or None


def _code(each: Field, raw: Any, known: Known) -> str | None:
    text = _text(each, raw, known)
    if text is not None:
        _require_concept(each, each.scheme, text, known)
    return text


def _codes(each: Field, raw: Any, known: Known) -> list[str] | None:
    codes = _list_of(each, raw, known)
    for code in codes or []:
        _require_concept(each, each.scheme, code, known)
    return codes


def _require_concept(each: Field, scheme: str, code: str, known: Known) -> None:
    codes = known.concepts.get(scheme, frozenset())
    if code not in codes:
        message = _("“%(value)s” is not in the list “%(scheme)s”. Use one of: %(codes)s.")
        shown = ", ".join(sorted(codes)[:30])
        raise Refused(
            each.name, f"unknown_{each.name}", message % {"value": code[:80], "scheme": scheme, "codes": shown}
        )


def _objectives(each: Field, raw: Any, known: Known) -> list[int] | None:
    numbers = []
    for item in raw if isinstance(raw, list) else [raw]:
        number = int(item) if re.fullmatch(r"\d{1,3}", str(item), re.ASCII) else -1
        if f"GCM-O{number:02d}" not in known.concepts.get(each.scheme, frozenset()):
            message = _("The Compact has no objective “%(value)s”; they are numbered from 1 to 23.")
            raise Refused(each.name, "unknown_objective", message % {"value": str(item)[:80]})
        numbers.append(number)
    return list(dict.fromkeys(numbers)) or None


def _countries(each: Field, raw: Any, known: Known) -> list[str] | None:
    codes = []
    for text in _list_of(each, raw, known) or []:
        code = known.countries(text)
        if code is None:
            message = _("No country is known as “%(value)s”. Use its ISO code of three letters, such as SLV.")
            raise Refused(each.name, "unknown_country", message % {"value": text[:80]})
        codes.append(code)
    return list(dict.fromkeys(codes)) or None


def _concepts(each: Field, raw: Any, known: Known) -> list[str] | None:
    codes = _list_of(each, raw, known)
    for text in codes or []:
        scheme, _separator, code = text.partition(":")
        _require_concept(each, scheme, code, known)
    return codes


def _partial_date(each: Field, raw: Any, known: Known) -> str | None:
    text = _text(each, raw, known)
    if text is not None and not is_partial_date(text):
        message = _("“%(value)s” is not a date. Write a year, a month or a day: 2010, 2017-09, 2017-09-14.")
        raise Refused(each.name, "unknown_date", message % {"value": text[:80]})
    return text


def _flag(each: Field, raw: Any, known: Known) -> bool:
    if not isinstance(raw, bool):
        raise Refused(each.name, "not_a_flag", _("“%(field)s” is true or false.") % {"field": each.label})
    return raw


def _number(each: Field, raw: Any, known: Known) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != raw or abs(raw) > 1e15:
        raise Refused(each.name, "not_a_number", _("“%(field)s” should be a number.") % {"field": each.label})
    return raw


def _address(each: Field, raw: Any, known: Known) -> str | None:
    text = _text(each, raw, known)
    if text is not None and (not re.match(r"https?://[^\s<>\"]+$", text) or len(text) > 1000):
        message = _("“%(value)s” is not a web address. It begins with https:// or http://.")
        raise Refused(each.name, "unknown_address", message % {"value": text[:80]})
    return text


def _addresses(each: Field, raw: Any, known: Known) -> list[str] | None:
    return [
        address for item in (raw if isinstance(raw, list) else [raw]) if (address := _address(each, item, known))
    ] or None


def _language(each: Field, raw: Any, known: Known) -> str | None:
    text = _text(each, raw, known)
    if text is not None and (not _LANGUAGE.fullmatch(text) or len(text) > 12):
        message = _("“%(value)s” is not a language code. Use es, en, fr, pt, ht, ...")
        raise Refused(each.name, "unknown_language", message % {"value": text[:80]})
    return text


_READERS: dict[Shape, Callable[[Field, Any, Known], Any]] = {
    Shape.LINE: _text,
    Shape.TEXT: _text,
    Shape.TEXTS: _list_of,
    Shape.CODE: _code,
    Shape.CODES: _codes,
    Shape.OBJECTIVES: _objectives,
    Shape.COUNTRIES: _countries,
    Shape.CONCEPTS: _concepts,
    Shape.PARTIAL_DATE: _partial_date,
    Shape.FLAG: _flag,
    Shape.NUMBER: _number,
    Shape.ADDRESS: _address,
    Shape.ADDRESSES: _addresses,
    Shape.LANGUAGE: _language,
    Shape.ACTOR: _text,
    Shape.ACTORS: _list_of,
}


def _translations(row: dict[str, Any], kind: str, known: Known, problems: list[Problem]) -> tuple[dict[str, Any], ...]:
    """The translations that a line brings, checked like the original's texts."""
    raw = row.get("translations") or []
    if not isinstance(raw, list):
        problems.append(Problem(ERROR, "translations", "not_a_list", _("Translations should be a list.")))
        return ()
    found = {}
    for each in raw:
        try:
            translation = _translation(each, kind, known)
        except Refused as refused:
            problems.append(refused.problem)
            continue
        found[translation["lang"]] = translation
    return tuple(found[language] for language in sorted(found))


def _translation(raw: Any, kind: str, known: Known) -> dict[str, Any]:
    if not isinstance(raw, dict) or not raw.get("lang") or not raw.get("title"):
        raise Refused("translations", "no_title", _("A translation needs “lang” and “title”."))
    translation = {
        "lang": _language(BY_NAME["lang"], raw["lang"], known),
        "origin": raw.get("origin") or "translator",
        "authority": raw.get("authority") or "translation",
    }
    if translation["origin"] not in ("author", "translator", "machine"):
        raise Refused("translations", "unknown_origin", _("A translation's origin is author, translator or machine."))
    if translation["authority"] not in ("original", "parallel", "translation"):
        message = _("A translation's authority is original, parallel or translation.")
        raise Refused("translations", "unknown_authority", message)
    for each in translatable_fields(kind):
        value = read_value(each, raw.get(each.name), known)
        if value is not None:
            translation[each.name] = value
    if not translation["lang"] or "title" not in translation:  # nothing but blanks or control signs
        raise Refused("translations", "no_title", _("A translation needs “lang” and “title”."))
    return translation
