from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from lastcall.core import triggers


def put_trigger_back(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew for a new column that is not empty, and loses its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        triggers.create(schema_editor, triggers.DECLARATION_STAYS)


class Migration(migrations.Migration):
    dependencies = [("closing", "0007_signed_papers")]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("login", models.TextField()),
                ("taken_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("given_by", models.TextField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ending", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        "closing.case", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+"
                    ),
                ),
            ],
            options={
                "db_table": "closing_assignment",
                "indexes": [models.Index(fields=["login", "ended_at"], name="assignment_login")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case_id",), name="assignment_one_live_per_case", condition=Q(ended_at__isnull=True)
                    ),
                    models.CheckConstraint(
                        condition=Q(ending__in=("", "decided", "released", "handed_over", "ran_out")),
                        name="assignment_ending",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                        name="assignment_ended_as_a_whole",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="case", name="asked", field=models.TextField(default=""), preserve_default=False
        ),
        migrations.AddField(model_name="case", name="asked_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(asked__in=("", "photo", "in_person", "papers", "signature")), name="case_asked"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["frozen_at"], name="case_frozen", condition=Q(frozen_at__isnull=False)),
        ),
        migrations.RunPython(put_trigger_back, migrations.RunPython.noop),
    ]
