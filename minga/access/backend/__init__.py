"""Django's PostgreSQL backend, connected as the role of this process."""
