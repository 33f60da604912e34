"""The first day of a paper. A nullable column is added without making the table anew, so that its
triggers stay (SQLite)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_append_only")]

    operations = [migrations.AddField("notice", "since", models.DateField(null=True))]
