"""Triggers: revisions, the texts that they hold and the findings on worked cases are added, never
changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("workshop_revision", "workshop_measuretext", "workshop_casefinding")


class Migration(migrations.Migration):
    dependencies = [("workshop", "0002_drafts_and_effects"), ("audit", "0002_append_only")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
