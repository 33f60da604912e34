"""The worked cases of a version that is put in force, with the results that were accepted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshop", "0005_studies")]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="cases",
            field=models.TextField(blank=True, default=""),
        )
    ]
