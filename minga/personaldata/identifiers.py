"""Numbers of persons' documents in the Americas: the words that announce them, their shapes, their check digits.

A number with a telling shape and a check digit is enough; every other number needs a word right before it.
All patterns here expect folded text (see `finding.Folded`): no accents, ASCII digits, plain hyphens and spaces.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from stdnum.ar import cuit
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.cl import rut
from stdnum.do import cedula as dominican
from stdnum.ec import ci as ecuadorian
from stdnum.ec import ruc as ecuadorian_ruc
from stdnum.exceptions import ValidationError
from stdnum.mx import curp, rfc
from stdnum.pe import ruc as peruvian_ruc
from stdnum.py import ruc as paraguayan_ruc
from stdnum.us import itin, ssn

Check = Callable[[str], bool]

# Not in the middle of a word, a decimal number, a date or a document symbol (A/RES/73/195).
LEFT = r"(?<!\w)(?<!\d[.,/:\-])(?<!\w/)"
RIGHT = r"(?!\w)(?![.,/\-]\d)"

_NATIONS = (
    r"(?:argentin|bolivian|brasil|brazil|bresil|canad|chilen|chili|colombi|costarric|cuban|cubain|dominican|ecuatorian"
    r"|ecuador|equat|estadouniden|guatemal|haiti|hondur|jamai|mexic|nicarag|panam|paragu|peru|salvador|urugu"
    r"|venez)\w{0,9}"
)
# What may stand between the word and the number: "cédula de identidad venezolana N.º". No verb, no "a".
_FILLER = re.compile(
    r"(?:[\s:.#=(\-°№'\"]"
    r"|(?:de |d'|da )?(?:la |el )?(?:ciudadania|identidade?|identite|identificaci?on|extranjeria|residencia"
    r"|cidadania)\b"
    r"|(?:electoral|fisc(?:al)?|nacional|national(?:e|ity)?|personal|vigente|valid[oa]?|card|series?|mi|my|el"
    r"|es|is|est|era|was)\b"
    r"|(?:n(?:o|ro|um|umeros?|umbers?|b|r)?|nos|con|with|sous|le|the|titular|e(?=\s)|o(?=\s))(?![a-z0-9])"
    r"|de la republica(?: \w{4,14})? (?:del?|de el|do|du) \w{4,12}\b"
    rf"|{_NATIONS}\b){{0,16}}+",
    re.IGNORECASE,
)
_CHAIN = re.compile(r"\s{0,2}(?:[,;/|]|(?<=\s)(?:y|e|o|u|and|or|et|ou)(?=\s))\s{0,2}", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:[A-Z]{4}\d{6}[A-Z0-9]{3}|\d{2}[A-Z]{2}\d{5}"
    r"|(?:[A-Z]{1,3}[-. ]{0,2})?"
    r"(?:\d{4} \d{5} \d{4}|\d{3} \d{2} \d{4}|\d{1,3}(?:[ ,]\d{3}){1,3}|\d(?:[.\-]?\d){3,15})(?:-?[A-Za-z])?)" + RIGHT
)
_DATE = re.compile(r"(?:\d{4}([-./ ])\d{1,2}\1\d{1,2}|\d{1,2}([-./ ])\d{1,2}\2(?:\d{4}|\d{2}))")
_YEARS = re.compile(r"(?:1[89]|20)\d\d(?: ?- ?| )(?:(?:1[89]|20)\d\d|\d\d)(?: (?:1[89]|20)\d\d)*")
_ROUND = re.compile(r"[1-9]\d{0,2}(?:[., ]\d{3})*[., ]?000")
_COUNTED = re.compile(
    r"\s{0,2}(?:%|[$€£]|(?:de |d'|new |nuev[oa]s )?(?:mil(?:es|lon|hao|hoes|lion|liards?)?\w{0,3}|thousand"
    r"|mille|person|people"
    r"|pessoa|population|poblacion|migrant|migrante|refugi|refugee|benefici|usuari|user|famil|hogar|household|nin[oa]s"
    r"|child|enfant|crianca|mujer|women|femme|mulher|trabajador|worker|solicit|request|demande|llamad|calls?\b|appel"
    r"|mensaje|message|venezolanos|haitianos|venezuelans|extranjer|estrangeir|foreign|dolar|dollar|pesos"
    r"|euros?\b|usd|reais))",
    re.IGNORECASE,
)


def is_date_or_years(text: str) -> bool:
    """Whether the digits read as a date or as a row of years."""
    return bool(_DATE.fullmatch(text) or _YEARS.fullmatch(text))


def counts_something(text: str, end: int) -> bool:
    """Whether what follows the number says that it is an amount: "1.234.567 personas"."""
    return bool(_COUNTED.match(text, end))


def _valid(validate: Callable[[str], str], number: str) -> bool:
    """What `is_valid` of the library says, for functions that have none of their own."""
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _is_curp(number: str) -> bool:
    # Eighteen characters with a date and a state are unmistakable: a wrong check digit is a slip, not another thing.
    return _valid(partial(curp.validate, validate_check_digits=False), number)


def _is_rfc(number: str) -> bool:
    return len(number) == 13 and rfc.is_valid(number)


def _is_run(number: str) -> bool:
    """A Chilean number of a person; companies begin at fifty million."""
    number = number.replace(".", "").replace("-", "")
    return rut.is_valid(number) and len(number) > 7 and int(number[:-1]) < 50_000_000


def _is_cuil(number: str) -> bool:
    return cuit.is_valid(number) and _digits(number)[:2] in ("20", "23", "24", "27")


def _is_uruguayan(number: str) -> bool:
    """A Uruguayan cédula: seven digits and one that brings the weighted sum to a multiple of ten."""
    digits = _digits(number).zfill(8)
    return len(digits) == 8 and sum(int(a) * b for a, b in zip(digits, (2, 9, 8, 7, 6, 3, 4, 1), strict=True)) % 10 == 0


def _is_dui(number: str) -> bool:
    """A Salvadoran DUI: eight digits and one that brings the weighted sum to a multiple of ten."""
    digits = _digits(number)
    return (
        len(digits) == 9 and sum(int(a) * b for a, b in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 10 == 0
    )


def _is_cui(number: str) -> bool:
    """A Guatemalan CUI: eight digits, their check digit modulo 11, one of 22 departments, a municipality."""
    digits = _digits(number)
    if len(digits) != 13:
        return False
    check = sum(int(digit) * weight for weight, digit in enumerate(digits[:8], 2)) % 11
    return check == int(digits[8]) and 1 <= int(digits[9:11]) <= 22 and int(digits[11:]) >= 1


def _is_personal_ruc(number: str) -> bool:
    """A taxpayer's number in Peru, Ecuador or Paraguay that belongs to a natural person."""
    digits = _digits(number)
    return (
        (peruvian_ruc.is_valid(digits) and digits[0] == "1")
        or (len(digits) == 13 and digits[2] < "6" and ecuadorian_ruc.is_valid(digits))
        or ("-" in number and len(digits) < 9 and paraguayan_ruc.is_valid(digits))
    )


def _is_honduran(number: str) -> bool:
    digits = _digits(number)
    return 1 <= int(digits[:2]) <= 18 and 1 <= int(digits[2:4]) <= 28 and 1900 <= int(digits[4:8]) <= 2030


def _is_nicaraguan(number: str) -> bool:
    digits = _digits(number)
    return 1 <= int(digits[3:5]) <= 31 and 1 <= int(digits[5:7]) <= 12


def _is_ssn(number: str) -> bool:
    return ssn.is_valid(number.replace(" ", "-")) or itin.is_valid(number.replace(" ", "-"))


def _is_number_of_person(number: str) -> bool:
    """What a word alone lets pass: six to fourteen digits that are no date and no rounded amount."""
    return 6 <= len(_digits(number)) <= 14 and not is_date_or_years(number) and not _ROUND.fullmatch(number)


def _is_passport(number: str) -> bool:
    short = re.fullmatch(r"[A-Z]{1,3}[- ]?\d{5,9}[A-Z]?", number)
    return bool(short) or (len(_digits(number)) <= 10 and _is_number_of_person(number))


@dataclass(frozen=True)
class Word:
    """A word that announces a number, the countries that say so and what the number must fulfil."""

    pattern: str
    countries: tuple[str, ...] = ()
    check: Check = _is_number_of_person
    is_passport: bool = False


@dataclass(frozen=True)
class Shape:
    """A number that is recognised without a word; some only in records of their country."""

    pattern: str
    country: str
    check: Check = lambda _number: True
    only_there: bool = False


@dataclass(frozen=True)
class Number:
    """Where a number of a person stands in the folded text."""

    start: int
    end: int
    country: str
    is_passport: bool = False


_CEDULA = ("COL", "VEN", "ECU", "CRI", "PAN", "DOM", "NIC", "URY", "PRY", "BOL")
_CI = ("URY", "PRY", "BOL", "VEN", "ECU", "CUB")
WORDS = (
    Word(r"(?i:pas(?:aporte|sport|seport|saporte)s?)", is_passport=True, check=_is_passport),
    Word(r"(?i:c\.?u\.?r\.?p\.?)", ("MEX",), _is_curp),
    Word(r"R\.?F\.?C\.?", ("MEX",), _is_rfc),
    Word(r"(?i:c\.?p\.?f\.?(?:/mf)?)", ("BRA",), cpf.is_valid),
    Word(r"(?i:r\.?u\.?t\.?)|R\.?U\.?N\.?|(?i:rol unico (?:nacional|tributario))", ("CHL",), _is_run),
    Word(r"(?i:c\.?u\.?i\.?[lt]\.?)", ("ARG",), _is_cuil),
    Word(r"R\.?U\.?C\.?", ("PER", "ECU", "PRY"), _is_personal_ruc),
    Word(r"SIN|NAS|(?i:social insurance number|(?:numero )?d'assurance sociale)", ("CAN",), sin.is_valid),
    Word(r"SSN|ITIN|(?i:social security (?:number|no)|numero (?:de|del) seguro social)", ("USA",), _is_ssn),
    Word(r"A-[Nn]umber|(?i:alien (?:registration )?number|uscis number)", ("USA",)),
    Word(r"NINU|NIF|CIN|(?i:carte d'identification|numero d'identification)", ("HTI",)),
    Word(r"(?i:d\.?p\.?i\.?)|CUI|(?i:documento personal de identificacion)", ("GTM",)),
    Word(r"(?i:d\.?u\.?i\.?|documento unico de identidad)", ("SLV",)),
    Word(r"(?i:dimex)", ("CRI",)),
    Word(r"(?i:d\.?n\.?i\.?)|(?i:documento nacional de identi\w{1,9})", ("ARG", "PER", "HND")),
    Word(r"(?i:cedulas? de ciudadania)", ("COL", "ECU")),
    Word(r"CC|C\. ?C\.|T\. ?I\.|NUIP|PPT|RUMV", ("COL",)),
    Word(r"C\. ?E\.|(?i:carne?t? de extranjeria)", ("PER", "COL")),
    Word(r"CI|C\. ?I\.", _CI),
    Word(r"RG|R\.G\.|RNE|C?RNM|(?i:registro geral|carteira de identidade|documento de identidade)", ("BRA",)),
    Word(r"(?i:cedulas?|ced\.)", _CEDULA),
    Word(r"(?i:carne?t? de identidad)", ("BOL", "CUB", "CHL")),
    Word(r"(?i:tarjeta de identidad)", ("HND", "COL")),
    Word(
        r"(?i:documentos? de (?:identidad|identificacion)|carte (?:nationale )?d'identite|identidade|piece d'identite)"
    ),
    Word(r"(?i:national id(?:entity|entification)?(?: card)?|identity (?:card|document)|(?:id|identification) card)"),
)
_WORD = re.compile(
    r"(?<![^\W_])(?:" + "|".join(f"(?P<w{i}>{word.pattern})" for i, word in enumerate(WORDS)) + r")(?![^\W_])"
)

SHAPES = (
    Shape(r"(?i:[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d)", "MEX", _is_curp),
    Shape(r"\d{3}\.\d{3}\.\d{3}-\d\d", "BRA", cpf.is_valid),
    Shape(r"\d{11}", "BRA", cpf.is_valid, only_there=True),
    Shape(r"\d\.\d{3}\.\d{3}-\d", "URY", _is_uruguayan, only_there=True),
    Shape(r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", "CHL", _is_run),
    Shape(r"\d{7,8}-[\dkK]", "CHL", _is_run, only_there=True),
    Shape(r"\d\.\d{3}\.\d{3}-\d", "URY", _is_uruguayan),
    Shape(r"2[0347]-\d{8}-\d", "ARG", _is_cuil),
    Shape(r"\d{3}-\d{7}-\d", "DOM", dominican.is_valid),
    Shape(r"\d{3}-\d{6}-\d{4}[A-Za-z]", "NIC", _is_nicaraguan),
    Shape(r"[VE]-\d{1,2}\.\d{3}\.\d{3}|V-\d{7,8}", "VEN"),
    Shape(r"E-\d{7,8}|V\d{7,8}", "VEN", only_there=True),
    Shape(r"\d{4}[ -]\d{5}[ -]\d{4}", "GTM", _is_cui, only_there=True),
    Shape(r"\d{4}-\d{4}-\d{5}", "HND", _is_honduran, only_there=True),
    Shape(r"\d{8}-\d", "SLV", _is_dui, only_there=True),
    Shape(r"\d{9}-\d", "ECU", ecuadorian.is_valid, only_there=True),
    Shape(r"\d{3}-\d{3}-\d{3}-\d", "HTI", only_there=True),
)
_SHAPES = [(shape, re.compile(LEFT + f"(?:{shape.pattern})" + RIGHT)) for shape in SHAPES]


def shaped(text: str, countries: Sequence[str]) -> Iterator[Number]:
    """The numbers that need no word, those of the record's countries first."""
    for shape, pattern in sorted(_SHAPES, key=lambda each: each[0].country not in countries):
        if shape.only_there and shape.country not in countries:
            continue
        for match in pattern.finditer(text):
            if shape.check(match.group()):
                yield Number(match.start(), match.end(), shape.country)


def announced(text: str) -> Iterator[tuple[int, Word]]:
    """The places where a number may begin, each with the word that announces it."""
    for match in _WORD.finditer(text):
        yield _FILLER.match(text, match.end()).end(), WORDS[int(match.lastgroup[1:])]


def after(text: str, end: int) -> int | None:
    """Where the next number of a list begins ("12.345.678 y 23.456.789"); None if none can."""
    chained = _CHAIN.match(text, end)
    return _FILLER.match(text, chained.end()).end() if chained else None


def read(text: str, start: int, word: Word, countries: Sequence[str]) -> Number | None:
    """The number that the word announces at this place, if there is one."""
    match = _NUMBER.match(text, start)
    if not match or not word.check(match.group()) or counts_something(text, match.end()):
        return None
    there = [country for country in countries if country in word.countries]
    country = there[0] if there else word.countries[0] if len(word.countries) == 1 else ""
    return Number(start, match.end(), country, word.is_passport)
