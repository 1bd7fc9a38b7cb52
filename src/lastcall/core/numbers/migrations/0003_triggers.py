from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lastcall.core import triggers


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.create(schema_editor, triggers.TENURE_RESTS)
    triggers.create(schema_editor, triggers.SIM_STAYS_DEAD)


class Migration(migrations.Migration):
    dependencies = [("numbers", "0002_initial")]
    operations = [migrations.RunPython(forwards)]
