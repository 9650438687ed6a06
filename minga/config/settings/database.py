"""How processes of this installation reach the database: see minga/installation/database.py for roles."""

from minga.config.settings.reading import env, read

_CONNECTIONS = read("MINGA_DATABASE_CONNECTIONS", 10, env.int, meaning="a number of connections")


def _connection(options: str = "", **more) -> dict:
    return {
        "ENGINE": "minga.access.backend",
        "NAME": "minga",  # the real parameters come from the installation, by the role of the process
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": _CONNECTIONS, "timeout": 10}, "options": options},
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "TEST": {"MIGRATE": False},
        **more,
    }


# Its statements never wait long for those of the other connection, which may be the same request's.
SIGNIN_LIMITS = "-c lock_timeout=3s -c statement_timeout=10s -c idle_in_transaction_session_timeout=30s"
# Sign-in has a database role of its own (accounts/routing.py).
DATABASES = {"default": _connection(), "signin": _connection(SIGNIN_LIMITS, MINGA_ROLE="signin")}
DATABASE_ROUTERS = ["minga.accounts.routing.SignInRouter"]
# Longest time in milliseconds that one statement of a web request may take.
STATEMENT_TIMEOUT = read("MINGA_STATEMENT_TIMEOUT", 15_000, env.int, meaning="milliseconds")
