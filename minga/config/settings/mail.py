"""Outgoing mail: through the server that `MINGA_MAIL` names; without one it stays in the outbox page."""

from urllib.parse import unquote, urlsplit

from minga.config.settings.hosting import HOST
from minga.config.settings.reading import read

EMAIL_BACKEND = "minga.notifications.outbox.Backend"
MAIL_SERVER = read("MINGA_MAIL", "", meaning="a mail server such as smtps://user:password@mail.example.org:465")
_server = urlsplit(MAIL_SERVER)
EMAIL_HOST = _server.hostname or "localhost"
EMAIL_PORT = _server.port or {"smtps": 465, "smtp+tls": 587}.get(_server.scheme, 25)
EMAIL_HOST_USER = unquote(_server.username or "")
EMAIL_HOST_PASSWORD = unquote(_server.password or "")
EMAIL_USE_SSL = _server.scheme == "smtps"
EMAIL_USE_TLS = _server.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read("MINGA_MAIL_FROM", "", meaning="an address that mail comes from")
DEFAULT_FROM_EMAIL = DEFAULT_FROM_EMAIL or f"minga@{HOST or 'localhost'}"
