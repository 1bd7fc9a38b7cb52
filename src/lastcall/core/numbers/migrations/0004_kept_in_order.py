from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lastcall.core import triggers


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.keep_in_key_order(schema_editor, "numbers_pendingrelease", "reclaim_until")
    triggers.keep_in_key_order(schema_editor, "numbers_quarantine", "quarantine_until")


class Migration(migrations.Migration):
    dependencies = [("numbers", "0003_triggers")]
    operations = [migrations.RunPython(forwards)]
