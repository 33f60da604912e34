"""Triggers: published lists, places of a run and the history are added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("lists_publiclist", "lists_runplace", "lists_entryevent")


class Migration(migrations.Migration):
    dependencies = [("lists", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
