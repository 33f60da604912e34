"""Accesses in a log of their own, chained in portions; digests name the one before.

On SQLite a table with a new column is made anew and loses its triggers.
"""

from typing import Any

from django.db import migrations, models

from jifen.office.audit.triggers import (
    add_triggers,
    add_wait_function,
    drop_triggers,
    drop_wait_function,
)

DIGESTS, ACCESSES = ("audit_digest",), ("audit_access",)


def forwards(apps: Any, schema: Any) -> None:
    del apps
    drop_triggers(schema, DIGESTS)
    add_triggers(schema, (*DIGESTS, *ACCESSES))
    add_wait_function(schema)


def backwards(apps: Any, schema: Any) -> None:
    del apps
    drop_wait_function(schema)
    drop_triggers(schema, (*DIGESTS, *ACCESSES))


def without_triggers(apps: Any, schema: Any) -> None:
    del apps
    drop_triggers(schema, DIGESTS)


def with_triggers(apps: Any, schema: Any) -> None:
    del apps
    add_triggers(schema, DIGESTS)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.RunPython(without_triggers, with_triggers),
        migrations.AddField(
            model_name="digest",
            name="previous",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="head",
            name="sealed",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=150)),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("city", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["subject", "id"], name="audit_access_by_subject"),
                    models.Index(fields=["actor", "id"], name="audit_access_by_actor"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", ""), _negated=True),
                            models.Q(("actor", ""), _negated=True),
                        ),
                        name="audit_access_is_named",
                    )
                ],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
