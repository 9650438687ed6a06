"""Finds the texts of Django templates for Babel, so that no system gettext is needed.

Django itself turns a template into something that looks like Python with gettext calls; Babel reads that.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

_CALL = re.compile(r"\b(?:gettext|ngettext|pgettext|npgettext|_)\(")


def texts_of_template(stream: BinaryIO, keywords, comment_tags, options) -> Iterator[tuple]:
    """The texts of one template, in the form that Babel's extractors return.

    Args:
        stream: the template, as bytes of UTF-8.
        keywords: names of gettext functions.
        comment_tags: marks of comments for translators.
        options: from babel.cfg.
    """
    text = stream.read().decode("utf-8")
    for number, line in enumerate(templatize(text).splitlines(), start=1):
        if not _CALL.search(line):
            continue
        # What is not a call has been crossed out with X; only the calls are Python.
        calls = line[_CALL.search(line).start() :]
        for _line, function, message, comments in extract_python(
            BytesIO(calls.encode("utf-8")), keywords, comment_tags, {"encoding": "utf-8"}
        ):
            yield number, function, message, comments
