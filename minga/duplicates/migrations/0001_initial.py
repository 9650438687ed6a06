"""Suspected pairs, decisions, merges."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actors', '0004_roles'),
        ('registry', '0007_merged'),
    ]

    operations = [
        migrations.CreateModel(
            name='Compared',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='registry.version')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.FloatField(null=True)),
                ('verdict', models.CharField(choices=[('same', 'The same effort'), ('overlapping', 'They overlap'), ('different', 'Different efforts')], max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('by_person', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('seen', models.PositiveIntegerField(null=True)),
                ('by_office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor')),
                ('high', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('high_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.version')),
                ('low', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('low_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.version')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chosen', models.JSONField(default=dict)),
                ('reason', models.TextField()),
                ('proposed_by', models.BigIntegerField(null=True)),
                ('proposed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('proposed', "Waits for the owners' consent"), ('refused', 'Refused by an owner'), ('called_off', 'Called off'), ('standing', 'Merged'), ('undone', 'Undone')], default='proposed', max_length=12)),
                ('text', models.CharField(choices=[('none', 'The text stays as it is'), ('waiting', 'Waits to be written'), ('written', 'Written')], default='none', max_length=8)),
                ('ended_by', models.BigIntegerField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('kept_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.version')),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('merged_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.version')),
                ('written', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='registry.version')),
            ],
            options={
                'ordering': ['-proposed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('merge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='duplicates.merge')),
            ],
            options={
                'ordering': ['-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed', models.BooleanField()),
                ('reason', models.TextField(blank=True)),
                ('by_person', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('on_record', models.BooleanField(default=False)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actors.actor')),
                ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='duplicates.merge')),
            ],
            options={
                'ordering': ['merge', 'at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.FloatField(null=True)),
                ('found_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('same', 'The same effort'), ('overlapping', 'They overlap'), ('different', 'Different efforts')], max_length=12)),
                ('revision', models.PositiveIntegerField(db_default=0, default=0)),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='duplicates.decision')),
                ('high', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('high_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.version')),
                ('low', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.record')),
                ('low_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.version')),
            ],
            options={
                'ordering': ['-probability', 'low', 'high'],
            },
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='a_decision_of_two'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['same', 'overlapping', 'different'])), name='a_known_verdict'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('merged')), _negated=True), name='a_merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'standing'])), fields=('merged',), name='one_merge_of_a_record'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='one_link_of_a_record'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('merge', 'actor'), name='one_answer_an_owner'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(models.OrderBy(models.F('probability'), descending=True), models.F('low'), models.F('high'), condition=models.Q(('verdict', '')), name='open_pairs'),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.UniqueConstraint(fields=('low', 'high'), name='one_pair_of_two_records'),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='a_pair_of_two'),
        ),
    ]
