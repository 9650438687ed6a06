"""How processes of this installation reach the database: see minga/installation/database.py for roles."""

from minga.config.settings.reading import env, read

DATABASES = {
    "default": {
        "ENGINE": "minga.access.backend",
        "NAME": "minga",  # the real parameters come from the installation, by the role of the process
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": read("MINGA_DATABASE_CONNECTIONS", 10, env.int, meaning="a number of connections"),
                "timeout": 10,
            }
        },
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "TEST": {"MIGRATE": False},
    }
}
# Longest time in milliseconds that one statement of a web request may take.
STATEMENT_TIMEOUT = read("MINGA_STATEMENT_TIMEOUT", 15_000, env.int, meaning="milliseconds")
