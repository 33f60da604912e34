"""What notices say, and who looked at them, is sealed at rest."""

from django.db import migrations

from jifen.office.audit.triggers import without_triggers_of
from jifen.office.vault.fields import SealedField, SealedJSONField
from jifen.office.vault.sealing_migration import seal_rows


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_removed"),
    ]

    operations = without_triggers_of(
        ("notices_notice", "notices_sheet", "notices_opening", "notices_lookup"),
        [
            migrations.AlterField(
                model_name="lookup",
                name="purpose",
                field=SealedField(),
            ),
            migrations.AlterField(
                model_name="notice",
                name="content",
                field=SealedJSONField(),
            ),
            migrations.AlterField(
                model_name="opening",
                name="who",
                field=SealedField(),
            ),
            migrations.AlterField(
                model_name="printing",
                name="stuck",
                field=SealedJSONField(default=dict),
            ),
            migrations.AlterField(
                model_name="share",
                name="whom",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="sheet",
                name="statement",
                field=SealedField(),
            ),
            seal_rows(("notices", "lookup"), "purpose"),
            seal_rows(("notices", "notice"), "content"),
            seal_rows(("notices", "opening"), "who"),
            seal_rows(("notices", "printing"), "stuck"),
            seal_rows(("notices", "share"), "whom"),
            seal_rows(("notices", "sheet"), "statement"),
        ],
    )
