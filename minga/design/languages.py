"""Which wording a reader is shown, and what languages are called. Plain functions; nothing here reads the database."""

from babel import Locale, UnknownLocaleError

FALLBACK = ("en", "es", "fr", "pt")


def wording_for(texts: dict[str, str] | None, reader: str, fallback: tuple[str, ...] = FALLBACK) -> tuple[str, str]:
    """The text for a reader and the language it is in, which differs when hers is missing.

    Args:
        texts: language -> text.
        reader: the reader's language code.
        fallback: the languages to try next, in order; then any there is.
    """
    for code in (reader, *fallback, *(texts or {})):
        if texts and texts.get(code):
            return texts[code], code
    return "", reader


def language_name(code: str, reader: str) -> str:
    """A language's name in the reader's language; its code when CLDR does not know it."""
    try:
        return Locale.parse(code, sep="-").get_display_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code
