"""Copies the Brazilian texts of Django and django-allauth to where the site finds them as "pt".

Both have "pt_BR"; Django's "pt" is European and django-allauth has none, while the site's own texts are Brazilian.
Texts with plurals stay theirs: "pt" counts them otherwise. Run it after an upgrade of either: `.venv/bin/python docs/make_portuguese.py`.
"""

from calendar import day_name, month_abbr, month_name
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

TARGET = Path(__file__).resolve().parents[1] / "minga" / "locale_of_libraries" / "pt" / "LC_MESSAGES" / "django.po"
SOURCES = [("django", "conf"), ("django", "contrib/auth"), ("django", "contrib/humanize"), ("allauth", ".")]
HEADER = """\
# Texts of Django (BSD licence, Copyright Django Software Foundation and contributors) and django-allauth (MIT licence,
# Copyright Raymond Penners and contributors) in Brazilian Portuguese. Made by docs/make_portuguese.py: do not edit."""


def main() -> None:
    """Write the file; of a text that stands in several sources, the first one's wording."""
    made = Catalog(locale="pt", header_comment=HEADER, fuzzy=False, project="Django and django-allauth")
    for package, folder in SOURCES:
        file = Path(find_spec(package).origin).parent / folder / "locale" / "pt_BR" / "LC_MESSAGES" / "django.po"
        with file.open("rb") as stream:
            for message in read_po(stream, locale="pt_BR"):
                if _is_usable(message) and message.id not in made:
                    made.add(message.id, _worded(message), context=message.context)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("wb") as stream:
        write_po(stream, made, width=0, sort_output=True)
    unknown = ('"POT-Creation-Date:', "EMAIL@ADDRESS", "FULL NAME", "YEAR-MO-DA", "LL@li.org")
    lines = TARGET.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(word in line for word in unknown)]
    TARGET.write_text("".join(kept), encoding="utf-8")


def _is_usable(message: Message) -> bool:
    """Not the header, no plural, no unsure wording."""
    return bool(message.id) and not message.pluralizable and not message.fuzzy


def _worded(message: Message) -> str:
    """As it stands, but months and days small, as Brazil writes them within a sentence."""
    names = {*month_name, *month_abbr, *day_name}
    return message.string.lower() if message.id.removesuffix(".") in names else message.string


if __name__ == "__main__":
    main()
