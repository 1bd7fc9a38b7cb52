"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.closing import (
    assignment,
    callback,
    case,
    code,
    declaration,
    effect,
    link_copy,
    notice,
    paper,
    receipt_copy,
    scan,
    signed_paper,
    tick,
)
from lastcall.core.rows import model_of

Case = model_of(case.Case, module=__name__)
Declaration = model_of(declaration.Declaration, module=__name__)
Effect = model_of(effect.Effect, module=__name__)
Notice = model_of(notice.Notice, module=__name__)
Code = model_of(code.Code, module=__name__)
ReceiptCopy = model_of(receipt_copy.ReceiptCopy, module=__name__)
Tick = model_of(tick.Tick, module=__name__)
Scan = model_of(scan.Scan, module=__name__)
Callback = model_of(callback.Callback, module=__name__)
PaperSheet = model_of(paper.PaperSheet, module=__name__)
Assignment = model_of(assignment.Assignment, module=__name__)
SignedPaper = model_of(signed_paper.SignedPaper, module=__name__)
LinkCopy = model_of(link_copy.LinkCopy, module=__name__)
