"""Triggers: edits, reviews and the history are added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("casework_edit", "casework_review", "casework_event")


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
