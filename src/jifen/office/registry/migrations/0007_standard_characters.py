"""Names under private codes of older systems become the characters that the standard names."""

from typing import Any

from django.db import migrations

from jifen.office.vault.names import normalize_name
from jifen.office.vault.private_codes import to_standard_characters
from jifen.office.vault.seal import blind_index
from jifen.office.vault.sealing_migration import check_references


def map_names(apps: Any, schema: Any) -> None:
    """Each such name, and the blind index by which it is looked for."""
    people = apps.get_model("registry", "Person").objects
    for person in people.order_by("pk").iterator(chunk_size=500):
        name = to_standard_characters(person.name)
        if name != person.name:
            person.name, person.name_index = name, blind_index(normalize_name(name), "name")
            person.save(update_fields=("name", "name_index"))
    check_references(schema)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_sealed_at_rest"),
    ]

    operations = [
        migrations.RunPython(map_names, migrations.RunPython.noop, elidable=False),
    ]
