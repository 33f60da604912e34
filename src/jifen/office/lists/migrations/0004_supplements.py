"""A published ranking can be supplemented by runs of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0003_signature")]

    operations = [
        migrations.RemoveConstraint("run", "lists_one_published_round"),
        migrations.AddField(
            "run",
            "supplements",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplemented_by",
                to="lists.run",
            ),
        ),
        migrations.AddConstraint(
            "run",
            models.UniqueConstraint(
                condition=models.Q(("state", "published"), ("supplements__isnull", True)),
                fields=("city", "year"),
                name="lists_one_published_round",
            ),
        ),
    ]
