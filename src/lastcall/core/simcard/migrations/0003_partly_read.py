import json
from typing import Any

from django.db import migrations, models


def without_tries(apps: Any, schema_editor: Any) -> None:
    """Wrong secrets are not counted any more: cases do not hold how many there might be."""
    case = apps.get_model('closing', 'Case')
    for found in case.objects.filter(policy__contains='"sim_backup_tries"').only('id', 'policy').iterator():
        policy = json.loads(found.policy)
        del policy['sim_backup_tries']
        case.objects.filter(id=found.id).update(policy=json.dumps(policy, ensure_ascii=False, sort_keys=True))


class Migration(migrations.Migration):

    dependencies = [
        ('simcard', '0002_heard_and_finished_late'),
    ]

    operations = [
        migrations.RunPython(without_tries, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='WrongSecrets',
        ),
        migrations.AddField(
            model_name='handling',
            name='partial',
            field=models.TextField(default=''),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=models.CheckConstraint(condition=models.Q(('partial__in', ('', 'contacts', 'messages', 'both'))), name='handling_partial'),
        ),
    ]
