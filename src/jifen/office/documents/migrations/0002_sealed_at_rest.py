"""Names of uploaded files are sealed at rest."""

from django.db import migrations

from jifen.office.vault.fields import SealedField
from jifen.office.vault.sealing_migration import seal_rows


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="name",
            field=SealedField(),
        ),
        seal_rows(("documents", "document"), "name"),
    ]
