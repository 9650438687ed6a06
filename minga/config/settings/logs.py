"""Structured logs: one JSON object a line on standard error (readable lines at a terminal).

No record's text, no person's address and no query string goes to the log.
"""

import logging
import sys

import structlog
from procrastinate.exceptions import ConnectorException

from minga.config.settings.reading import read

LOG_LEVEL = read(
    "MINGA_LOG_LEVEL", "INFO", meaning="DEBUG, INFO, WARNING or ERROR", among=("DEBUG", "INFO", "WARNING", "ERROR")
)

_shared = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
_renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()

structlog.configure(
    processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def _name_the_host_only(record: logging.LogRecord) -> bool:
    """Scanners ask for any name at all: one short line instead of a traceback for each."""
    record.msg = str(record.msg).partition(" You may need")[0][:120]
    record.exc_info = record.exc_text = None
    return True


def _is_no_lost_database(record: logging.LogRecord) -> bool:
    """The worker itself says that it lost the database, in one line."""
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectorException))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer],
            "foreign_pre_chain": _shared,
        }
    },
    "filters": {
        "host_only": {"()": "django.utils.log.CallbackFilter", "callback": _name_the_host_only},
        "no_lost_database": {"()": "django.utils.log.CallbackFilter", "callback": _is_no_lost_database},
    },
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["standard_error"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},  # its warnings name paths, and a path may hold an invitation
        "django.security.DisallowedHost": {"filters": ["host_only"]},
        "django.server": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "procrastinate.worker.worker": {"filters": ["no_lost_database"]},
        "procrastinate.utils": {"filters": ["no_lost_database"]},
        "psycopg.pool": {"level": "ERROR"},  # each try to connect again; who asked for a connection says that it failed
        "fontTools": {"level": "WARNING"},
    },
}
