from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lastcall.core import triggers


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.create(schema_editor, triggers.QUARANTINE_STAYS)


class Migration(migrations.Migration):
    dependencies = [("numbers", "0005_number_room")]
    operations = [migrations.RunPython(forwards)]
