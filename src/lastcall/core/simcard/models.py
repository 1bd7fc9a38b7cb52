"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.rows import model_of
from lastcall.core.simcard import backup, handling, reader

Reader = model_of(reader.Reader, module=__name__)
Handling = model_of(handling.Handling, module=__name__)
Backup = model_of(backup.Backup, module=__name__)
Ciphertext = model_of(backup.Ciphertext, module=__name__)
