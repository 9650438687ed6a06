"""The site may put a job into the queue without any right on the queue's tables.

The queue's own function for it runs as the owner; who may call it is said in access/roles.py. The queue holds ids
only, but whose they are is not for every visitor's connection to read.
"""

from django.db import migrations

FORWARD = """
alter function procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])
    security definer set search_path = pg_catalog, public, pg_temp;
revoke execute on function procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) from public;
"""
BACKWARD = """
alter function procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) security invoker reset search_path;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
