"""Languages of the interface. Records may be in any language; these are the ones that pages speak."""

from zoneinfo import available_timezones

from minga.config.settings.applications import PACKAGE
from minga.config.settings.reading import read

LANGUAGE_CODE = read("MINGA_LANGUAGE", "es", meaning="es, en, fr or pt", among=("es", "en", "fr", "pt"))
# Own names, since somebody who looks for her language reads only that one.
LANGUAGES = [("es", "Español"), ("en", "English"), ("fr", "Français"), ("pt", "Português")]
# The libraries' texts in the Portuguese that the site's own are in: docs/make_portuguese.py.
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "locale_of_libraries"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = read(
    "MINGA_TIME_ZONE",
    "America/Costa_Rica",
    meaning="a time zone such as America/Costa_Rica",
    among=available_timezones(),
)
