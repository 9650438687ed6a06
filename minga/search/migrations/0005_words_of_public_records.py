"""The words of public records, for spelling hints, with an index of their letters in threes."""

from django.db import migrations, models

from minga.access.policies import guard


class Migration(migrations.Migration):
    dependencies = [("search", "0004_vector_sets")]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("shown", models.CharField(max_length=80)),
                ("wordings", models.PositiveIntegerField()),
                ("newest", models.BigIntegerField()),
            ],
        ),
        # Whoever asks may read all of it: it is made of what is public (search/wordlist.py).
        guard("search_word", read="true"),
        migrations.RunSQL(
            "create index search_word_letters on search_word using gin (key gin_trgm_ops)", migrations.RunSQL.noop
        ),
    ]
