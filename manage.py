#!/usr/bin/env python
"""Django's own commands for developers (makemigrations, shell), as the owner role and with the database running."""

import os
import sys

from minga.installation.database import Database, use_role

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    use_role("owner")
    from django.core.management import execute_from_command_line

    database = Database()
    database.home.create()
    with database.in_use():
        database.ensure()
        execute_from_command_line(sys.argv)
