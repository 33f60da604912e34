"""Triggers: what was issued, revoked, printed, opened and looked up is added, never changed."""

from django.db import migrations

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = (
    "notices_notice",
    "notices_revocation",
    "notices_sheet",
    "notices_opening",
    "notices_lookup",
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema: add_triggers(schema, TABLES),
            lambda apps, schema: drop_triggers(schema, TABLES),
            elidable=False,
        )
    ]
