"""Names and what registers know are sealed at rest; a name is found by its blind index."""

from typing import Any

from django.db import migrations, models

from jifen.office.vault.fields import SealedField, SealedJSONField
from jifen.office.vault.names import normalize_name
from jifen.office.vault.seal import blind_index
from jifen.office.vault.sealing_migration import check_references, seal_rows


def index_names(apps: Any, schema: Any) -> None:
    """The blind index of each name."""
    people = apps.get_model("registry", "Person").objects
    for person in people.order_by("pk").iterator(chunk_size=500):
        person.name_index = blind_index(normalize_name(person.name), "name")
        person.save(update_fields=("name_index",))
    check_references(schema)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_units_claimed_by_several"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="registry_person_by_name",
        ),
        migrations.AddField(
            model_name="person",
            name="name_index",
            field=models.CharField(db_index=True, default="", editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="person",
            name="name",
            field=SealedField(),
        ),
        migrations.AlterField(
            model_name="registerentry",
            name="facts",
            field=SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="tiecontest",
            name="reason",
            field=SealedField(blank=True),
        ),
        migrations.AlterField(
            model_name="tiecontest",
            name="words",
            field=SealedField(),
        ),
        seal_rows(("registry", "person"), "name"),
        seal_rows(("registry", "registerentry"), "facts"),
        seal_rows(("registry", "tiecontest"), "reason", "words"),
        migrations.RunPython(index_names, migrations.RunPython.noop, elidable=False),
    ]
