"""Where the site is reached, and what follows for security.

Without `MINGA_HOST` the site is a trial on one machine and answers on loopback names only.
"""

import secrets

from minga.config.settings.reading import env, read
from minga.installation.home import Home

DEBUG = False
HOST = read("MINGA_HOST", "", meaning="the public name of the site, such as minga.example.org")
ALLOWED_HOSTS = [HOST] if HOST else ["localhost", "127.0.0.1", "[::1]", "testserver"]
SITE_ADDRESS = f"https://{HOST}" if HOST else ""

_home = Home.of_environment()
if _home.exists:
    _home.check()
# Before `minga init` there is nothing to sign yet; a passing key lets `minga --help` work.
SECRET_KEY = _home.secret("secret_key") if _home.exists else secrets.token_urlsafe(32)

SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOST else None
SECURE_HSTS_SECONDS = 31_536_000 if HOST else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = bool(HOST)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
WEB_THREADS = read("MINGA_WEB_THREADS", 4, env.int, meaning="a number of threads")
