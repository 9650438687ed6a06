"""Decisions belong to the office whose draft they are about; models are made of public texts and read by whoever codes.

Which model is in use is for administrators and secretariats to say, and for the operator.
"""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

OWN_DRAFT = (
    "exists (select 1 from registry_version v where v.id = classification_decision.version_id"
    " and v.state = 'draft' and v.owner_id = any ((select minga_my_written_actors())::bigint[]))"
)
KEEPERS = (
    "((select minga_is_administrator()) or cardinality((select minga_my_processes_as('{secretariat}'))::bigint[]) > 0)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("classification", "0001_initial"),
        ("registry", "0006_whose_it_is"),
        ("actors", "0004_roles"),
        ("access", "0001_row_security"),
    ]
    operations = [
        guard(
            "classification_decision",
            read="exists (select 1 from registry_version v where v.id = classification_decision.version_id"
            " and v.owner_id = any ((select minga_my_actors())::bigint[]))",
            write=f"{SEES_ALL} or (person = (select minga_person()) and {OWN_DRAFT})",
        ),
        guard("classification_keptmodel", read="true"),
        guard(
            "classification_use",
            read="true",
            write=f"{SEES_ALL} or (by_person = (select minga_person()) and {KEEPERS})",
        ),
    ]
