"""The web application, for granian or any other WSGI server. It connects as the site."""

import os

from minga.installation.database import use_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
use_role("site")

from django.core.wsgi import get_wsgi_application  # noqa: E402  (settings must be named first)

application = get_wsgi_application()
