"""What waited for a second administrator before rows of it were written."""

from typing import Any

from django.db import migrations


def fill(apps: Any, _: Any) -> None:
    """Rows for words of messages and working days that wait; running it again adds nothing."""
    waiting = apps.get_model("waiting", "Waiting")
    texts = apps.get_model("ledger", "MessageEdition").objects.filter(
        proposed_at__isnull=False, decided_at__isnull=True
    )
    years = apps.get_model("administration", "YearOfWorkingDays").objects.filter(
        decided_at__isnull=True
    )
    entered = [
        *((f"text:{row.pk}", row.city, row.written_by_id, row.proposed_at) for row in texts),
        *((f"calendar:{row.pk}", row.city, row.proposed_by_id, row.proposed_at) for row in years),
    ]
    for subject, city, by, since in entered:
        fields = {"kind": "setting", "subject": subject, "item": "", "ended_at": None}
        more = {"city": city, "role": "city_admin", "barred": f",{by},", "since": since}
        waiting.objects.get_or_create(**fields, defaults=more)


class Migration(migrations.Migration):
    dependencies = [
        ("administration", "0002_districts"),
        ("ledger", "0004_words_of_a_city"),
        ("waiting", "0005_settings_to_confirm"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
