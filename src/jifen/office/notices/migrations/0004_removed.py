"""Places of removed papers stay revoked on the list. Those removed before are the gaps in the
places; a gap of a paper that was never written harms nobody."""

from typing import Any

from django.db import migrations, models
from django.db.models import Max

from jifen.office.audit.triggers import add_triggers, drop_triggers

TABLES = ("notices_removed",)
PART = 1_000


def _gaps(apps: Any, schema: Any) -> None:
    del schema
    rows = apps.get_model("notices", "Notice").objects
    removed = apps.get_model("notices", "Removed").objects
    top = rows.aggregate(top=Max("pk"))["top"] or 0
    there = set(rows.values_list("pk", flat=True))
    gaps = [place for place in range(1, top) if place not in there]
    removed.bulk_create((removed.model(place=place) for place in gaps), batch_size=PART)


def _add(apps: Any, schema: Any) -> None:
    del apps
    add_triggers(schema, TABLES)


def _drop(apps: Any, schema: Any) -> None:
    del apps
    drop_triggers(schema, TABLES)


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_first_day")]

    operations = [
        migrations.CreateModel(
            "Removed",
            [
                ("place", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ("place",)},
        ),
        migrations.RunPython(_gaps, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(_add, _drop, elidable=False),
    ]
