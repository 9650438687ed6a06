"""What Django puts together: areas, middleware, templates."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "minga.access",
    "minga.audit",
    "minga.accounts",
    "minga.vocabularies",
    "minga.actors",
    "minga.registry",
    "minga.exchange",
    "minga.operations",
    "minga.pages",
    "minga.notifications",
    "minga.people",
    "minga.files",
    "minga.search",
    "minga.classification",
    "minga.duplicates",
    "minga.matching",
    "minga.lessons",
    "minga.evaluation",
    "minga.moderation",
    "minga.redaction",
    "minga.editing",
    "minga.inbox",
    "minga.following",
    "minga.design",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "minga.operations.middleware.AccessLog",
    "django.middleware.security.SecurityMiddleware",
    "minga.design.middleware.ContentSecurityPolicy",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "minga.files.middleware.UploadLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "minga.accounts.middleware.SignedIn",
    # Around the transaction: what allauth does once it is committed still needs allauth's request.
    "allauth.account.middleware.AccountMiddleware",
    "minga.access.middleware.RowSecurity",
]

ROOT_URLCONF = "minga.config.urls"
WSGI_APPLICATION = "minga.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "minga.design.context.page",
                "minga.people.context.my_roles",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "minga.design.templatetags.design",
                "minga.registry.templatetags.records",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "design" / "static"]
# Files are served from the package itself; their hashes are part of the address, so browsers keep them for a year.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
