"""Sheets, declared conflicts, and what moderators know."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0004_editing_and_readers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Expertise',
            fields=[
                ('person', models.BigIntegerField(primary_key=True, serialize=False)),
                ('objectives', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('most_at_once', models.PositiveSmallIntegerField(default=3)),
            ],
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BigIntegerField()),
                ('declared_at', models.DateTimeField()),
                ('what', models.TextField(blank=True)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'person'), name='one_conflict_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BigIntegerField()),
                ('taken_at', models.DateTimeField()),
                ('marks', models.JSONField(default=dict)),
                ('outcome', models.CharField(blank=True, choices=[('accept', 'Recommend it'), ('changes', 'Ask for changes'), ('unsuitable', 'Not suitable for the registry')], max_length=12)),
                ('remark', models.TextField(blank=True)),
                ('filed_at', models.DateTimeField(null=True)),
                ('given_back_at', models.DateTimeField(null=True)),
                ('names_shown', models.BooleanField(default=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='registry.version')),
            ],
            options={
                'ordering': ['version', 'taken_at'],
                'constraints': [models.UniqueConstraint(fields=('version', 'person'), name='one_sheet_a_moderator')],
            },
        ),
    ]
