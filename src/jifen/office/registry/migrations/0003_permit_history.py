"""Trigger: the history of a permit is added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("registry_permitevent",)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_permits"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
