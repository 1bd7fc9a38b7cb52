from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def _of(model: str) -> Any:
    return models.ForeignKey(model, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+")


class Migration(migrations.Migration):
    dependencies = [("closing", "0006_identity_stages"), ("hotline", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("agent",), name="call_one_per_agent", condition=Q(state="with_agent")
            ),
        ),
        migrations.CreateModel(
            name="Asking",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("msisdn", models.BigIntegerField()),
                ("ordinal", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("questions", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("answered", models.BigIntegerField()),
                ("wrong", models.BooleanField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField()),
                ("call", _of("hotline.call")),
            ],
            options={
                "db_table": "hotline_asking",
                "indexes": [models.Index(fields=["msisdn", "began_at"], name="asking_number")],
                "constraints": [
                    models.UniqueConstraint(fields=("msisdn", "ordinal"), name="asking_counted_per_number"),
                    models.UniqueConstraint(
                        fields=("call_id",), name="asking_one_open_per_call", condition=Q(outcome="")
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome__in=("", "right", "wrong", "given_up")), name="asking_outcome"
                    ),
                    models.CheckConstraint(condition=Q(kind__in=("questions", "code")), name="asking_kind"),
                    models.CheckConstraint(
                        condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                        name="asking_over_with_an_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("agent", models.TextField()),
                ("taken_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField()),
                ("call", _of("hotline.call")),
                ("callback", _of("closing.callback")),
            ],
            options={
                "db_table": "hotline_attempt",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("callback_id",), name="attempt_one_at_a_time", condition=Q(outcome="")
                    ),
                    models.UniqueConstraint(
                        fields=("callback_id",), name="attempt_called_once", condition=Q(outcome="called")
                    ),
                    models.UniqueConstraint(fields=("call_id",), name="attempt_one_per_call"),
                    models.CheckConstraint(
                        condition=Q(outcome__in=["", "called", "no_answer"]), name="attempt_outcome"
                    ),
                ],
            },
        ),
    ]
