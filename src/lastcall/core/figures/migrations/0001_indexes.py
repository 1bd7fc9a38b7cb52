"""Indexes that only the figures need, on tables of other packages: whole answers without reading a wide row."""

from django.db import migrations

INDEXES = (
    ("case_figures_declared", "closing_case (declared_at, door, language)"),
    ("case_figures_open", "closing_case (state, door, declared_at) WHERE ended_at IS NULL"),
    ("case_figures_ended", "closing_case (ended_at, state, door, language) WHERE ended_at IS NOT NULL"),
    (
        "event_figures",
        "audit_event (kind, at) WHERE (kind IN ('case.refer', 'case.wait', 'work.alerted') OR reason = 'identity_refused')",
    ),
    (
        "event_steps",
        "audit_event (case_id, id, kind, at, source, target) "
        "WHERE kind IN ('case.hold', 'case.refer', 'case.approve', 'case.reject', 'case.freeze')",
    ),
    ("job_figures", "work_job (kind, finished_at) WHERE last_error <> ''"),
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("closing", "0006_identity_stages"),
        ("audit", "0002_append_only"),
        ("work", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {columns}", f"DROP INDEX {name}") for name, columns in INDEXES
    ]
