"""A saved search is read and changed by its person alone, and goes when she is erased."""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

HERS = "person = (select minga_person())"
FORWARD = """
-- Erasing keeps the row of the person (accounts_close), so nothing goes by itself.
create function following_forget() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from public.following_savedsearch where person = new.id;
    return null;
end $$;
create trigger following_forget after update of erased_at on accounts_person for each row
    when (old.erased_at is null and new.erased_at is not null) execute function following_forget();
"""
BACKWARD = """
drop trigger following_forget on accounts_person;
drop function following_forget();
"""


class Migration(migrations.Migration):
    dependencies = [("following", "0001_initial"), ("accounts", "0004_who_reads_people"), ("actors", "0004_roles")]
    operations = [
        guard("following_savedsearch", read=HERS, write=f"{SEES_ALL} or {HERS}"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
