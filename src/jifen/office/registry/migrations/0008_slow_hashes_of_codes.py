from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import migrations, models


def hash_open_codes(apps: Any, schema_editor: Any) -> None:
    """Codes that somebody may still type: their keyed hash is hashed once more, slowly."""
    code = apps.get_model("registry", "ActivationCode")
    for row in code.objects.filter(ended_at__isnull=True).exclude(digest__contains="$"):
        row.digest = make_password(row.digest)
        row.save(update_fields=("digest",))


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_standard_characters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="activationcode",
            name="digest",
            field=models.CharField(max_length=200),
        ),
        migrations.RunPython(hash_open_codes, migrations.RunPython.noop),
    ]
