"""Which connection reads what: sign-in has a database role of its own.

Password hashes, second factors, sessions and the counters of failed attempts are closed to the site's role; the
site reaches them through the alias `signin`, which can read nothing else. Each statement there commits at once, so
that a failed attempt counts although its request is rolled back.
"""

SIGNIN = "signin"
_AREAS = {"account", "mfa", "socialaccount", "sessions", "usersessions", "django_cache"}


class SignInRouter:
    """Sends the models of sign-in to their own connection."""

    def db_for_read(self, model, **hints) -> str | None:
        """The alias for a model's queries; None for the usual one."""
        meta = model._meta
        mine = meta.app_label in _AREAS or (meta.app_label == "accounts" and meta.object_name == "Person")
        return SIGNIN if mine else None

    db_for_write = db_for_read

    def allow_relation(self, one, other, **hints) -> bool:
        """Both aliases are one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool:
        """Tables are made through the usual connection, as the owner."""
        return db != SIGNIN
