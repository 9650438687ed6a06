"""Words of public records as vectors, so that a word finds those of other languages that say the same."""

import pgvector.django.halfvec
from django.db import migrations, models

from minga.access.policies import guard


class Migration(migrations.Migration):
    dependencies = [("search", "0006_signs_between_words")]

    operations = [
        migrations.CreateModel(
            name="WordVector",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("made_with", models.CharField(max_length=120)),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=512)),
            ],
        ),
        guard("search_wordvector", read="true"),
        migrations.RunSQL(
            "create index search_wordvector_near on search_wordvector using hnsw (vector halfvec_cosine_ops);"
            " create index search_word_wordings on search_word (wordings)",
            migrations.RunSQL.noop,
        ),
    ]
