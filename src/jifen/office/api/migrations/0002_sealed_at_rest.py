"""What the API answered is sealed at rest."""

from django.db import migrations

from jifen.office.vault.fields import SealedJSONField
from jifen.office.vault.sealing_migration import seal_rows


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="answered",
            name="body",
            field=SealedJSONField(),
        ),
        seal_rows(("api", "answered"), "body"),
    ]
