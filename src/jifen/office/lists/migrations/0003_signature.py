"""Signatures of lists are statements under a published key, and longer. A table that is made anew
loses its triggers (SQLite), so they are dropped before and added again."""

from typing import Any

from django.db import migrations, models

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("lists_publiclist",)


def _drop(apps: Any, schema: Any) -> None:
    del apps
    drop_triggers(schema, TABLES)


def _add(apps: Any, schema: Any) -> None:
    del apps
    add_triggers(schema, TABLES)


class Migration(migrations.Migration):
    dependencies = [("lists", "0002_append_only")]

    operations = [
        migrations.RunPython(_drop, _add, elidable=False),
        migrations.AlterField("publiclist", "signature", models.TextField()),
        migrations.RunPython(_add, _drop, elidable=False),
    ]
