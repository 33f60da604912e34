"""Triggers: published lists, places of a run and the history are added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add, drop

TABLES = ("lists_publiclist", "lists_runplace", "lists_entryevent")


class Migration(migrations.Migration):
    dependencies = [("lists", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add(schema, TABLES),
            lambda apps, schema: drop(schema, TABLES),
            elidable=False,
        )
    ]
