import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("closing", "0008_review"), ("subscribers", "0002_ceasing")]

    operations = [
        migrations.CreateModel(
            name="LinkCopy",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("ordinal", models.BigIntegerField()),
                ("language", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("withheld", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        "closing.case", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        "subscribers.contact",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
            ],
            options={
                "db_table": "closing_linkcopy",
                "indexes": [models.Index(fields=["case_id"], name="link_copy_case")],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="link_copy_once"),
                    models.UniqueConstraint(fields=("contact_id", "ordinal"), name="link_copy_counted_per_contact"),
                    models.CheckConstraint(
                        condition=Q(sent_at__isnull=True) | Q(withheld=False), name="link_copy_sent_or_withheld"
                    ),
                ],
            },
        ),
    ]
