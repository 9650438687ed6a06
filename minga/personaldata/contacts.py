"""E-mail addresses and telephone numbers in free text, and whether they belong to an office or to a person.

All patterns here expect folded text (see `finding.Folded`): no accents, ASCII digits, plain hyphens and spaces.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from babel.core import get_global
from phonenumbers import PhoneNumberType

from minga.personaldata.identifiers import counts_something, is_date_or_years

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = r"(?:(?i:xn--)[\w-]{1,59}|[^\W\d_]{2,63})"
# No look-around at the sides: what is left of the text after a finding must hold no address that was not seen before.
_PLAIN_EMAIL = re.compile(rf"{_LOCAL}(?:@(?:{_LABEL}\.){{1,127}}{_TOP})+")
_AT = (
    r"(?:\s{0,2}[\[({<]\s?(?:at|arroba|arobase|arrobase|a|chez|@)\s?[\])}>]\s{0,2}| {1,2}(?:@|arroba|arobase) {1,2}|@ )"
)
_DOT = r"(?:\.|\s{0,2}[\[({<]\s?(?:dot|punto|ponto|point|\.)\s?[\])}>]\s{0,2}|\s(?:punto|ponto|dot)\s)"
_HIDDEN_EMAIL = re.compile(
    rf"[\w.+-]{{1,64}}{_AT}(?:{_LABEL}{_DOT}){{1,6}}{_TOP}"
    rf"|[\w.+-]{{1,64}}\s(?:at|chez)\s(?:{_LABEL}\s(?:dot|punto|ponto|point)\s){{1,4}}[a-z]{{2,10}}"
    r"|\w[\w.+-]{1,63}[\[(](?:at|arroba|arobase)[\])][a-z][\w-]{1,60}",
    re.IGNORECASE,
)
_AT_SIGN = re.compile(r"@|\b(?:at|a|arroba|arobase|arrobase|chez)\b", re.IGNORECASE)
_URL = re.compile(r"(https?://|www\.)[^\s<>\"\ufffc]+", re.IGNORECASE)
_NUMBER_IN_URL = re.compile(r"(?:wa\.me/|[?&]phone=)(?:\+|%2B)?\d{8,15}", re.IGNORECASE)

_WORD = re.compile(
    r"(?<![^\W_])(?:(?P<loose>telefonos?|telephones?|telefones?|telef\.?|telf\.?|tlfs?\.?|tlfno|tfno|tels?[.:/]|phones?"
    r"|mobile|movil(?:es)?|cels?[.:/]|cell|cellphone|celular(?:es)?|whats ?app|wpp|wsp|fax|telefax|fone"
    r"|hotlines?|helplines?"
    r"|numeros? de contacto|contact numbers?|numero de contact|numero de contato|conmutador|pbx|mesa central)"
    r"|(?P<tight>tels?|cels?|(?<!en )(?<!em )(?:lineas?|ligne|linha)|central telefonica|call(?: us)?|dial"
    r"|marque|marcar|llam(?:e|ar|ando|en)"
    r"|ligue|ligar|disque|appele[zr](?:-nous)?|composez|portable|numero vert|linea gratuita))(?![^\W_])",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"(?:[\s:.#=\-°/]|(?:al?|el|los?|las?|ao|au|le|to|at|on|para|por|es|is|est|n[or]?|nro|num|numeros?|number"
    r"|telefonos?"
    r"|de (?:contacto|contato|emergencias?|atencion|ayuda|urgence|la oficina|oficina)|d'urgence|telefonica"
    r"|gratuit[ao]?|gratis"
    r"|verte|directa|direta|nacional|movil|celular|fixe|fijo|mobile|portable|oficina|office|whats ?app"
    r"|hotline)\b){0,16}+",
    re.IGNORECASE,
)
_FAR = re.compile(r"[^\d$€£%]{0,30}(?=\d)")
_NEW_SENTENCE = re.compile(r"\w[.!?;]\s+[A-Z]")
_CHAIN = re.compile(r"\s{0,2}(?:[,;/|]|(?<=\s)(?:y|e|o|u|and|or|et|ou|a)(?=\s))\s{0,2}", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:\(?\+?\s?\(?\d{1,4}\)?[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{1,15}(?:(?: - |[ .-])\d{1,15}){0,7}"
    r"(?:/\d{1,4}(?![\d.-]))*(?!\w)(?![.-]\d)(?!,\d{1,3}(?!\d))"
)
_EXTENSION = re.compile(
    r",?\s?\(?(?:ext(?:ension)?|anexo|interno|int|ramal|poste|x)\b\.?:?\s?\d{1,6}\)?(?!\w)", re.IGNORECASE
)
_SHORT = re.compile(r"\d{3,6}(?!\w)(?![-.,/]\d)(?! \d)")
_INTERNATIONAL = re.compile(r"(?<![\w+])\(?\+\s?\(?\d|(?<![\w.,/:-])00(?=[ -]?[1-9])")
_LOCAL_FORM = re.compile(
    r"(?<![\w)])(?<!\d[.,/-])(?:\(\d{2,4}\) ?\d{3,5}[ -]\d{3,4}|\d{3}-\d{3}-\d{4})(?!\w)(?![./,-]\d)"
)
_WORD_BEHIND = re.compile(
    r"\s?\(?(?:tel\b|tel\.|cel\b|telefono|celular|whats ?app|fax\b|movil|telephone\b|phone\b)", re.IGNORECASE
)
_BEFORE_WORD = re.compile(
    r"(?<![\w.,/:-])(?<!\d )\(?\d[\d ().-]{5,20}\d(?=\s?\((?:tel|cel|whats|fax|movil|phone))", re.IGNORECASE
)
_GROUPED = re.compile(r"\+? ?[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})+")

_ROLE_NAMES = """
    info informacion information informations informes informacoes contacto contactos contact contacts contato
    contatos prensa press presse imprensa media medios comunicacion comunicaciones communication communications
    comunicacao comms secretaria secretariado secretariat secretary secretario secgen mesadepartes mesadeentrada
    mesadeentradas oirs oficinadepartes partes correspondencia atencion atencionalciudadano atencionciudadano
    atendimento ayuda help helpdesk support soporte suporte admin administracion administration webmaster noreply
    no-reply donotreply oficina office bureau recepcion reception consultas consulta consular consulado consulate
    consulat embajada embassy ambassade embaixada emb ouvidoria gabinete cabinet direccion direction registro
    transparencia quejas denuncias reclamos migracion migraciones migration migracao refugiados refugees asilo asylum
    tramites rrhh hr jobs empleo vacantes hello hola mail correo email buzon team equipo enquiries inquiries general
    protocolo notificaciones notificacionesjudiciales postmaster newsletter boletin privacy privacidad datos feedback
    servicio servicios services registry archivo biblioteca library events eventos proyectos projects programa unidad
    area coordinacion observatorio defensoria pqrs pqr pqrsd visas visa visto pasaportes citas webinfo portal sac crm
    csm rcm
"""
_ROLES = frozenset(_ROLE_NAMES.split())
_OFFICE_BEFORE = re.compile(
    r"(?:lineas? (?:gratuita|telefonica|nacional|directa|de (?:atencion|ayuda|emergencia|denuncia"
    r"|orientacion))\w*|hotline|helpline"
    r"|lifeline|toll[- ]free|ligne (?:verte|directe|d'urgence|d'assistance|d'ecoute)|numero (?:vert|gratuit)\w?"
    r"|linha (?:direta|gratuita|de apoio)|central (?:telefonica|de llamadas)|mesa central|conmutador|pbx"
    r"|call cent(?:er|re)"
    r"|centre d'appels?|disque|sin costo|switchboard|numero de emergencias?)\W{0,4}(?:\w{1,12}\W{1,3}){0,3}\W{0,3}\Z",
    re.IGNORECASE,
)
_TOLL_FREE = re.compile(r"(?:00|0|1|01)?800\d{4,9}|1?8(?:33|44|55|66|77|88)\d{7}")


@dataclass(frozen=True)
class Contact:
    """Where an address or a telephone number stands in the folded text."""

    start: int
    end: int
    country: str = ""


def emails(text: str) -> list[Contact]:
    """Addresses as they are written; in a link, all the rest of the link goes with it."""
    if "@" not in text:
        return []
    links = _links(text)
    return [_with_link(Contact(match.start(), match.end()), links) for match in _PLAIN_EMAIL.finditer(text)]


def hidden_emails(text: str) -> list[Contact]:
    """Addresses that were written so that no program reads them: "ana [at] oim.org"."""
    if not _AT_SIGN.search(text):
        return []
    links = _links(text)
    return [_with_link(Contact(match.start(), match.end()), links) for match in _HIDDEN_EMAIL.finditer(text)]


def linked_telephones(text: str) -> list[Contact]:
    """Links that open a conversation with a number."""
    links = _links(text)
    return [_with_link(Contact(match.start(), match.end()), links) for match in _NUMBER_IN_URL.finditer(text)]


def _links(text: str) -> list[tuple[int, int]]:
    """Where links stand, without the punctuation that ends a sentence."""
    return [(match.start(), match.start() + len(match.group().rstrip(".,;:!?)]}'"))) for match in _URL.finditer(text)]


def without_links(text: str) -> str:
    """The text with its links filled up, for their digits are no numbers of persons; as long as before.

    The beginning stays: a number that runs into a link is none, whatever the link holds.
    """
    return _URL.sub(lambda match: match[1] + "\ufffc" * (len(match[0]) - len(match[1])), text)


def _with_link(contact: Contact, links: list[tuple[int, int]]) -> Contact:
    # Few texts hold links with addresses; the list is short.
    for start, end in links:
        if start <= contact.start < end:
            return Contact(contact.start, max(end, contact.end), contact.country)
    return contact


@lru_cache(maxsize=1)
def _three_letters() -> dict[str, str]:
    """ISO alpha-2 -> alpha-3, as Babel knows them."""
    aliases = get_global("territory_aliases")
    return {
        two[0]: three
        for three, two in aliases.items()
        if len(three) == 3
        and three.isalpha()
        and len(two) == 1
        and three not in ("QUU", "FXX", "BUR", "TMP", "ZAR", "ROM")
    }


@lru_cache(maxsize=512)
def _two_letters(country: str) -> str:
    return next((two for two, three in _three_letters().items() if three == country), "")


def _region_of(digits: str, regions: Sequence[str]) -> str:
    """The first of the regions (alpha-2) in which this is a number; '' if none. A plus asks no region."""
    for region in [_region_called(digits)] if digits.startswith("+") else regions:
        if not region or not _has_length(digits, region):
            continue  # reading a number costs a hundred times as much
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.region_code_for_number(number) or region
    return ""


def _region_called(digits: str) -> str:
    """The main region (alpha-2, or 001 for none) of the country code after the plus; '' if there is no such code."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return next((codes[int(digits[1:end])][0] for end in (2, 3, 4) if int(digits[1:end] or 0) in codes), "")


def _has_length(digits: str, region: str) -> bool:
    """Whether there are as many digits as such a number has, with prefixes or a country code at most."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    if not metadata:
        return True
    code = len(str(metadata.country_code)) + 1 if digits.startswith("+") else 0
    spare = 2 if code else 5
    return any(0 <= len(digits) - code - length <= spare for length in metadata.general_desc.possible_length)


def _compact(number: str) -> str:
    """Digits, with a plus in front if the number has one or begins with 00 and a country."""
    digits = re.sub(r"/.*|\D", "", number)
    if "+" in number[:3]:
        return "+" + digits.replace("0", "", 1) if "(0)" in number else "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits


def _extent(chunk: str, regions: Sequence[str]) -> tuple[int, str]:
    """How much of a row of digits is one number, and in which region; 0 if no region knows it.

    The longest part that is a number wins: "2234-5678 2021" ends before the year.
    """
    ends = [match.end() for match in re.finditer(r"\d(?= |\Z| - )", chunk)]
    for end in reversed(ends[:8]):
        compact = _compact(chunk[:end])
        if 7 <= len(compact) <= 16 and (region := _region_of(compact, regions)):
            return end, region
    return 0, ""


def _shortest(chunk: str) -> int:
    """Where a number ends that no region knows: the whole, or if that is too long, the first part with seven digits."""
    count = sum(map(str.isdigit, chunk))
    if count <= 15:
        return len(chunk)
    seen = 0
    for match in re.finditer(r"\S+\s?", chunk):
        seen += sum(map(str.isdigit, match.group()))
        if seen >= 7:
            return len(match.group().rstrip()) + match.start()
    return len(chunk)


def regions_of(countries: Sequence[str]) -> tuple[str, ...]:
    """The telephone regions of a record; only some, for every region costs time at every number."""
    return tuple(two for country in countries[:6] if (two := _two_letters(country)))


def _contact(text: str, start: int, end: int, region: str) -> Contact:
    extension = _EXTENSION.match(text, end)
    return Contact(start, extension.end() if extension else end, _three_letters().get(region, ""))


def telltale(text: str, regions: Sequence[str]) -> Iterator[Contact]:
    """Numbers that need no word: with a plus or 00, in a form of the record's countries, or named right after."""
    for match in _INTERNATIONAL.finditer(text):
        if found := _international(text, match.start()):
            yield found
    for match in _LOCAL_FORM.finditer(text) if regions else ():
        if region := _region_of(_compact(match.group()), regions):
            yield _contact(text, match.start(), match.end(), region)
    for match in _BEFORE_WORD.finditer(text):
        if sum(map(str.isdigit, match.group())) <= 15 and not is_date_or_years(match.group()):
            yield Contact(
                match.start(), match.end(), _three_letters().get(_region_of(_compact(match.group()), regions), "")
            )


def _international(text: str, start: int) -> Contact | None:
    """A number with its country's code. One that is only possible must be long and no amount ("+10 000 000")."""
    match = _NUMBER.match(text, start)
    if not match:
        return None
    chunk = match.group()
    end, region = _extent(chunk, ())
    if end:
        return _contact(text, start, start + end, region)
    end = _shortest(chunk)
    digits = _compact(chunk[:end])
    if (
        not (11 <= len(digits) <= 16 and "+" in chunk)
        or _GROUPED.fullmatch(chunk)
        or counts_something(text, start + end)
    ):
        return None
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(digits, None))
    except phonenumbers.NumberParseException:
        return None
    return _contact(text, start, start + end, "") if possible else None


def announced(text: str) -> Iterator[tuple[int, bool]]:
    """The places where a number may begin after a word, each with whether it stands right behind the word."""
    for match in _WORD.finditer(text):
        yield _NEAR.match(text, match.end()).end(), True
        far = match.lastgroup == "loose" and _FAR.match(text, match.end())
        if far and not _NEW_SENTENCE.search(far.group()):
            start = far.end()
            while start > match.end() and text[start - 1] in "+(":
                start -= 1
            yield start, False


def after(text: str, end: int) -> int | None:
    """Where the next number of a list begins ("2234-5678 / 2234-5679"); None if none can."""
    chained = _CHAIN.match(text, end)
    return _NEAR.match(text, chained.end()).end() if chained else None


def read(text: str, start: int, near: bool, regions: Sequence[str]) -> Contact | None:
    """The telephone number that a word announces at this place, if there is one."""
    match = _NUMBER.match(text, start)
    if not match or is_date_or_years(match.group()):
        return _short(text, start) if near else None
    chunk = match.group()
    end, region = _extent(chunk, regions)
    if not end:
        end = _shortest(chunk)
        count = sum(map(str.isdigit, chunk[:end]))
        amount = _GROUPED.fullmatch(chunk[:end]) and (not near or not re.fullmatch(r"\d{3}([. ]\d{3})+", chunk[:end]))
        if count < (6 if near else 7) or amount or chunk[:end].endswith("0000000"):
            return _short(text, start) if near else None
    if counts_something(text, start + end):
        return None
    return _contact(text, start, start + end, region)


def _short(text: str, start: int) -> Contact | None:
    """A short line such as 911; no year, no amount."""
    match = _SHORT.match(text, start)
    if not match or is_date_or_years(match.group() + "-" + match.group()) or counts_something(text, match.end()):
        return None
    return Contact(start, match.end())


def is_office_email(address: str) -> bool:
    """Whether the mailbox is one of a role ("prensa@", "info.mexico@")."""
    local = re.split(r"[@\s(\[]", address.lower(), maxsplit=1)[0]
    return local.rstrip("0123456789") in _ROLES or re.split(r"[._+-]|\d", local, maxsplit=1)[0] in _ROLES


def is_office_telephone(number: str, before: str) -> bool:
    """Whether the line is short, free of charge or named as an office's right before."""
    digits = _compact(number)
    if len(digits) <= 6 or _TOLL_FREE.fullmatch(digits) or _OFFICE_BEFORE.search(before):
        return True
    if not digits.startswith("+"):
        return False
    try:
        return phonenumbers.number_type(phonenumbers.parse(digits, None)) == PhoneNumberType.TOLL_FREE
    except phonenumbers.NumberParseException:
        return False
