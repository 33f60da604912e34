"""Facts, findings, decisions and words about a case are sealed at rest."""

from django.db import migrations, models
from django.db.models import Q

from jifen.office.audit.triggers import without_triggers_of
from jifen.office.vault.fields import SealedField, SealedJSONField
from jifen.office.vault.sealing_migration import seal_rows


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_periods_of_earlier_decisions"),
    ]

    operations = without_triggers_of(
        ("casework_edit", "casework_review", "casework_event"),
        [
            migrations.RemoveConstraint("item", "casework_found_when_not_open"),
            migrations.AlterField(
                model_name="application",
                name="estimate",
                field=SealedJSONField(default=dict),
            ),
            migrations.AlterField(
                model_name="application",
                name="family",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="correction",
                name="words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="correctionitem",
                name="words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="decision",
                name="facts",
                field=SealedField(),
            ),
            migrations.AlterField(
                model_name="decision",
                name="result",
                field=SealedField(),
            ),
            migrations.AlterField(
                model_name="decision",
                name="revoked_why",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="decision",
                name="void_why",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="decision",
                name="words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="edit",
                name="typed",
                field=SealedJSONField(null=True),
            ),
            migrations.AlterField(
                model_name="event",
                name="words",
                field=SealedJSONField(default=dict),
            ),
            migrations.AlterField(
                model_name="expedite",
                name="decision_words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="expedite",
                name="words",
                field=SealedField(),
            ),
            migrations.AlterField(
                model_name="falserecord",
                name="answer",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="falserecord",
                name="decision_words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="falserecord",
                name="words",
                field=SealedField(),
            ),
            migrations.AlterField(
                model_name="item",
                name="conflict",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="item",
                name="found",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="item",
                name="given",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="item",
                name="typed",
                field=SealedJSONField(null=True),
            ),
            migrations.AlterField(
                model_name="item",
                name="words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="recheck",
                name="changed",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="recheck",
                name="reasons",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="recheck",
                name="words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="review",
                name="before",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="review",
                name="found",
                field=SealedJSONField(default=list),
            ),
            migrations.AlterField(
                model_name="review",
                name="words",
                field=SealedField(blank=True),
            ),
            migrations.AlterField(
                model_name="workbook",
                name="refused",
                field=SealedJSONField(default=dict),
            ),
            seal_rows(("casework", "application"), "estimate", "family"),
            seal_rows(("casework", "correction"), "words"),
            seal_rows(("casework", "correctionitem"), "words"),
            seal_rows(
                ("casework", "decision"), "facts", "result", "revoked_why", "void_why", "words"
            ),
            seal_rows(("casework", "edit"), "typed"),
            seal_rows(("casework", "event"), "words"),
            seal_rows(("casework", "expedite"), "decision_words", "words"),
            seal_rows(("casework", "falserecord"), "answer", "decision_words", "words"),
            seal_rows(("casework", "item"), "conflict", "found", "given", "typed", "words"),
            seal_rows(("casework", "recheck"), "changed", "reasons", "words"),
            seal_rows(("casework", "review"), "before", "found", "words"),
            seal_rows(("casework", "workbook"), "refused"),
            migrations.AddConstraint(
                "item",
                models.CheckConstraint(
                    condition=Q(finding="open") ^ ~Q(found=[]), name="casework_found_when_not_open"
                ),
            ),
        ],
    )
