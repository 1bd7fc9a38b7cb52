import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="BillingAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_id", models.BigIntegerField(unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("charging_stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("top_up", "Top Up"),
                            ("bonus", "Bonus"),
                            ("charge", "Charge"),
                            ("reversal", "Reversal"),
                            ("debt_paid", "Debt Paid"),
                            ("stop", "Stop"),
                            ("settlement", "Settlement"),
                            ("refund", "Refund"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("service_time", models.DateTimeField(null=True)),
                ("memo", models.CharField(blank=True, max_length=500)),
                ("body", models.CharField(max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="billing.billingaccount"
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversal",
                        to="billing.entry",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ledger_account", models.CharField(max_length=40)),
                ("amount", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="billing.entry"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "settlement")), fields=("account",), name="billing_one_settlement_per_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "refund")), fields=("account",), name="billing_one_refund_per_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["top_up", "bonus", "charge", "reversal", "debt_paid", "stop", "settlement", "refund"])
                ),
                name="billing_entry_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["charge", "stop"]), _negated=True),
                    ("service_time__isnull", False),
                    _connector="OR",
                ),
                name="billing_entry_has_service_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="billing_posting_not_zero"
            ),
        ),
    )
