"""Triggers: entries and digests are added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add, drop


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add(schema), lambda apps, schema: drop(schema), elidable=False
        )
    ]
