from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lastcall.core import triggers


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.create(schema_editor, triggers.DECLARATION_STAYS)
    triggers.append_only(schema_editor, "closing_declaration")


class Migration(migrations.Migration):
    dependencies = [("closing", "0002_initial")]
    operations = [migrations.RunPython(forwards)]
