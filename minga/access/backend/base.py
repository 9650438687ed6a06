"""Connects as the database role that the process has (site, worker, owner, backup).

A backend of our own, because the parameters are known only when the process has said what it is and
the installation's folder exists, later than Django reads its settings.
"""

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL

from minga.installation.database import Database, role_of_process


class DatabaseWrapper(PostgreSQL):
    """PostgreSQL, as one of our roles."""

    def get_connection_params(self):
        parameters = super().get_connection_params()
        # The alias for sign-in always connects as that role; the other one as whatever this process is.
        parameters.update(Database().parameters(self.settings_dict.get("MINGA_ROLE") or role_of_process()))
        return parameters
