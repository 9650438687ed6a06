"""Every text for people stands in every language of the interface, with its placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

CHECKOUT = Path(__file__).resolve().parents[2]
LOCALE = CHECKOUT / "minga" / "locale"
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[\w.]+")


@pytest.fixture(scope="module")
def messages() -> set[str]:
    """All texts of code and templates (of plurals, the singular)."""
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(
        str(CHECKOUT), methods, options, KEYWORDS,
        directory_filter=lambda folder: not Path(folder).name.startswith((".", "_", "var", "build")),
    )  # fmt: skip
    return {message[0] if isinstance(message, tuple) else message for _file, _line, message, *_rest in found}


def catalogue(language: str):
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return read_po(stream, locale=language)


@pytest.mark.parametrize("language", ["es", "fr", "pt"])
def test_no_text_is_missing(messages, language):
    translated = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue(language)
        if message.id and all(message.string if isinstance(message.string, tuple) else [message.string])
    }

    assert sorted(messages - translated) == []


@pytest.mark.parametrize("language", ["es", "fr", "pt"])
def test_placeholders_are_kept(language):
    wrong = []
    for message in catalogue(language):
        if not message.id or "fuzzy" in message.flags:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        wrong += [text for text in texts if set(PLACEHOLDER.findall(text)) != wanted]

    assert wrong == []


def test_messages_are_found_in_templates_as_django_will_ask_for_them(messages):
    assert "Go to the content" in messages
    assert any("is run by the secretariat" in message and "\n" not in message for message in messages)
