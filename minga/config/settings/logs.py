"""Structured logs: one JSON object a line on standard error (readable lines at a terminal).

No record's text, no person's address and no query string goes to the log.
"""

import sys

import structlog

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
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["standard_error"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},  # its warnings name paths, and a path may hold an invitation
        "django.server": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
