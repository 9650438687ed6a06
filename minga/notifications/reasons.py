"""Why a mail did not leave: kept as a code and a few words, told to the administrator in her language.

It stands in the log too, so it holds neither addresses nor secrets.
"""

import os
import re
import smtplib
import socket
import ssl

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "login": _("the mail server does not accept the user or the password"),
    "recipient": _("the mail server refuses the recipient"),
    "refused": _("the mail server refuses it"),
    "cut": _("the mail server ended the connection"),
    "unable": _("the mail server cannot do what the settings or the address ask for"),
    "slow": _("the mail server does not answer in time"),
    "unknown": _("the mail server's name is not known"),
    "unsafe": _("the connection to the mail server cannot be made safe"),
    "away": _("the mail server is not reached"),
    "message": _("the message cannot be made"),
}
LONGEST = 160
# A server's answer may repeat addresses, and name pages, keys of its log or what it was given as a password.
_NOT_OURS_TO_TELL = re.compile(r"<[^>]*>|\S*@\S*|\w+://\S*|\S{32,}")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


def told(problem: str) -> str:
    """A reason that was kept, in the current language."""
    code, _blank, words = problem.partition(" ")
    if code not in TEXTS:  # kept by an earlier version
        return problem
    return f"{TEXTS[code]} ({words})" if words else str(TEXTS[code])


def reason_of(problem: Exception) -> str:
    """What to keep of what sending raised."""
    code, words = _reason(problem)
    return f"{code} {_cleaned(words)}".strip()


def _reason(problem: Exception) -> tuple[str, str]:
    match problem:
        case smtplib.SMTPAuthenticationError():  # the answer may repeat what was sent
            return "login", str(problem.smtp_code)
        case smtplib.SMTPRecipientsRefused():
            number, answer = next(iter(problem.recipients.values()), (0, ""))
            return "recipient", f"{number} {_text(answer)}"
        case smtplib.SMTPResponseException():
            return "refused", f"{problem.smtp_code} {_text(problem.smtp_error)}"
        case smtplib.SMTPServerDisconnected():
            return "cut", ""
        case smtplib.SMTPException():
            return "unable", ""
        case TimeoutError():
            return "slow", ""
        case socket.gaierror():
            return "unknown", ""
        case ssl.SSLError():
            return "unsafe", problem.reason or ""
        case OSError():
            return "away", os.strerror(problem.errno) if problem.errno else ""
    return "message", type(problem).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


def _cleaned(words: str) -> str:
    return _BLANKS.sub(" ", _NOT_OURS_TO_TELL.sub("…", words)).strip()[:LONGEST]
