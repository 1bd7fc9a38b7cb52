from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lastcall.core import triggers


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.append_only(schema_editor, "audit_event")
    triggers.append_only(schema_editor, "audit_link")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards)]
