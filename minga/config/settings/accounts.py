"""Sign-in: e-mail and password, then a second factor; invitations instead of open registration."""

from minga.config.settings.hosting import HOST
from minga.config.settings.reading import env, read

AUTHENTICATION_BACKENDS = ["minga.accounts.signing_in.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "minga.accounts.passwords.NotTooLong"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
]  # fmt: skip
PASSWORD_HASHERS = ["minga.accounts.passwords.PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "home"

# A session ends after hours without a request, and after half a day in any case (accounts/middleware.py).
SESSION_COOKIE_AGE = 3600 * read("MINGA_SESSION_HOURS", 8, env.int, meaning="hours without a request")
SESSION_LONGEST = 12 * 3600
PROOF_LASTS = 3600  # seconds after which an administrator says again who she is before she acts
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-minga" if HOST else "minga"
CSRF_COOKIE_NAME = "__Host-minga-form" if HOST else "minga-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "minga.accounts.views.form_expired"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ACCOUNT_ADAPTER = "minga.accounts.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is followed from the mailbox itself
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/h/ip,3/h/key",
    "change_password": "5/5m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "minga.accounts.signing_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {"add_webauthn": "minga.accounts.forms.PasskeyForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 16
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys on localhost without TLS, and so do we while there is no public name.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HOST
USERSESSIONS_TRACK_ACTIVITY = False
# Behind a proxy (there is a public name), the address of whoever asks is the one that our proxy added last.
ALLAUTH_TRUSTED_PROXY_COUNT = (
    read("MINGA_PROXIES", 1, env.int, meaning="how many proxies stand in front") if HOST else 0
)

# OpenID Connect, optional: people are still invited; a provider only spares them a password.
OIDC_SERVER = read("MINGA_OIDC_SERVER", "", meaning="the address of an OpenID Connect provider")
SOCIALACCOUNT_ADAPTER = "minga.accounts.signing_in.ProviderAdapter"
# Whoever runs a provider must not become anybody by an address: a person connects it while she is signed in.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": read("MINGA_OIDC_NAME", "OpenID Connect", meaning="the provider's name on the button"),
                "client_id": read("MINGA_OIDC_CLIENT", "", meaning="the client's id at the provider"),
                "secret": read("MINGA_OIDC_SECRET", "", meaning="the client's secret at the provider"),
                "settings": {"server_url": OIDC_SERVER},
            }
        ]
        if OIDC_SERVER
        else [],
    }
}
