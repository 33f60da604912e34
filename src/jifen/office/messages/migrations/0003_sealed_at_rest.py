"""What messages say is sealed at rest."""

from django.db import migrations

from jifen.office.vault.fields import SealedField, SealedJSONField
from jifen.office.vault.sealing_migration import seal_rows


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_words_of_the_day"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="said",
            field=SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="message",
            name="params",
            field=SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="outboxsms",
            name="text",
            field=SealedField(),
        ),
        seal_rows(("ledger", "attempt"), "said"),
        seal_rows(("ledger", "message"), "params"),
        seal_rows(("ledger", "outboxsms"), "text"),
    ]
