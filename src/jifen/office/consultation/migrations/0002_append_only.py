"""Triggers: what moderators did is added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("consultation_moderation",)


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_consultations"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
