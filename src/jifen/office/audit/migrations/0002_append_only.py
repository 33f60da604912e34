"""Triggers: entries and digests are added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("audit_entry", "audit_digest")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
