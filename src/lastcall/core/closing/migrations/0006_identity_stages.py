from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from lastcall.core import triggers


def number_codes(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Codes of before have their ids for an ordinal, which go upward like it."""
    schema_editor.execute("UPDATE closing_code SET ordinal = id")


def put_trigger_back(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew for a new column that is not empty, and loses its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        triggers.create(schema_editor, triggers.DECLARATION_STAYS)


def _of_a_case() -> Any:
    return models.ForeignKey(
        "closing.case", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+"
    )


class Migration(migrations.Migration):
    dependencies = [("closing", "0005_receipts_and_preparation")]

    operations = [
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("place", models.BigIntegerField()),
                ("language", models.TextField()),
                ("booked_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("case", _of_a_case()),
            ],
            options={
                "db_table": "closing_callback",
                "indexes": [models.Index(fields=["case_id"], name="callback_case")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("start", "place"), name="callback_place_once", condition=Q(cancelled_at__isnull=True)
                    ),
                    models.UniqueConstraint(
                        fields=("case_id",), name="callback_one_per_case", condition=Q(cancelled_at__isnull=True)
                    ),
                    models.CheckConstraint(condition=Q(place__gte=1), name="callback_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kinds", models.TextField()),
                ("barcode_key", models.TextField()),
                ("announced_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(null=True)),
                ("received_by", models.TextField()),
                ("case", _of_a_case()),
            ],
            options={
                "db_table": "closing_papersheet",
                "indexes": [models.Index(fields=["case_id"], name="paper_sheet_case")],
                "constraints": [models.UniqueConstraint(fields=("barcode_key",), name="paper_sheet_barcode_once")],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_key", models.TextField()),
                ("sealed_photo", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("keep_until", models.DateTimeField()),
                ("outcome", models.TextField()),
                ("kind", models.TextField()),
                ("issuer", models.TextField()),
                ("read_at", models.DateTimeField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
                ("method", models.TextField()),
                ("case", _of_a_case()),
            ],
            options={
                "db_table": "closing_scan",
                "indexes": [models.Index(fields=["case_id"], name="scan_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome__in=("", "matched", "unclear", "differs")), name="scan_outcome"
                    ),
                    models.CheckConstraint(
                        condition=Q(destroyed_at__isnull=True) | Q(sealed_key="", sealed_photo=""),
                        name="scan_destroyed_is_empty",
                    ),
                ],
            },
        ),
        migrations.RemoveField(model_name="code", name="code_key"),
        migrations.AddField(
            model_name="code", name="ordinal", field=models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AlterField(
            model_name="code",
            name="contact",
            field=models.ForeignKey(
                "subscribers.contact", db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
            ),
        ),
        migrations.RunPython(number_codes, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="code", index=models.Index(fields=["contact_id", "sent_at"], name="code_contact")
        ),
        migrations.AddConstraint(
            model_name="code",
            constraint=models.UniqueConstraint(fields=("contact_id", "ordinal"), name="code_counted_per_contact"),
        ),
        migrations.AddField(model_name="case", name="papers_arrived_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="case", name="photo_ok_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="case", name="photo_decided_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="case", name="photo", field=models.TextField(default=""), preserve_default=False
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(photo__in=("", "reading", "matched", "unclear", "differs")), name="case_photo"
            ),
        ),
        migrations.RunPython(put_trigger_back, migrations.RunPython.noop),
    ]  # fmt: skip
