from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def _of_a_case() -> Any:
    return models.ForeignKey(
        "closing.case", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+"
    )


class Migration(migrations.Migration):
    dependencies = [("closing", "0006_identity_stages")]

    operations = [
        migrations.CreateModel(
            name="SignedPaper",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("way", models.TextField()),
                ("media", models.TextField()),
                ("sealed_key", models.TextField()),
                ("sealed_content", models.TextField()),
                ("filed_at", models.DateTimeField()),
                ("filed_by", models.TextField()),
                ("keep_until", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
                ("method", models.TextField()),
                ("case", _of_a_case()),
            ],
            options={
                "db_table": "closing_signedpaper",
                "indexes": [models.Index(fields=["case_id"], name="signed_paper_case")],
                "constraints": [
                    models.CheckConstraint(condition=Q(way__in=("scan", "drawn")), name="signed_paper_way"),
                    models.CheckConstraint(
                        condition=Q(media__in=("image/jpeg", "application/pdf")), name="signed_paper_media"
                    ),
                    models.CheckConstraint(
                        condition=Q(destroyed_at__isnull=True) | Q(sealed_key="", sealed_content=""),
                        name="signed_paper_destroyed_is_empty",
                    ),
                ],
            },
        ),
    ]
