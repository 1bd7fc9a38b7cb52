"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.rows import model_of
from lastcall.core.texting import submission, text, unfinished

Text = model_of(text.Text, module=__name__)
Unfinished = model_of(unfinished.Unfinished, module=__name__)
Submission = model_of(submission.Submission, module=__name__)
