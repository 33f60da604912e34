"""Triggers: entries and digests are added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add, drop

TABLES = ("audit_entry", "audit_digest")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add(schema, TABLES),
            lambda apps, schema: drop(schema, TABLES),
            elidable=False,
        )
    ]
