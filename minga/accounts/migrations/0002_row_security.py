"""A person sees herself."""

from django.db import migrations

from minga.access.policies import guard


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("access", "0001_row_security")]
    operations = [guard("accounts_person", read="id = (select minga_person())")]
