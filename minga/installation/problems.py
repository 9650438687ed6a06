"""What can be wrong with an installation, as sentences for its operator."""


class InstallationProblem(Exception):
    """Something the operator has to mend; the message says what and how."""


class OtherPostgreSQL(InstallationProblem):
    """The database's files are of another major version of PostgreSQL than the program that should open them."""
