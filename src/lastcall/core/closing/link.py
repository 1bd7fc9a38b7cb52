"""The link by which a subscriber opens their own case, for messages to contacts on file alone."""

from __future__ import annotations

from django.conf import settings

from lastcall.core.closing.case import Case
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.receipts import receipt_word
from lastcall.core.errors import NotFound
from lastcall.core.store import Store


def words_of(rows: Store, case: Case) -> tuple[str, str]:
    """The reference and the secret of the case's receipt, made again from its declaration. Raises ``NotFound``."""
    declaration = rows.one(Declaration, {"case_id": case.id})
    if declaration is None:
        raise NotFound("this case has no declaration", remedy="Check its id.")
    return receipt_word("reference", declaration.key), receipt_word("secret", declaration.key)


def case_link(rows: Store, case: Case) -> str:
    """The page of the case on the site that setting ``LASTCALL_PUBLIC_HOST`` names; empty where it names none.

    The words stand behind the ``#``: browsers keep that part to themselves (RFC 3986, 3.5), so no server's log ever has them.
    """
    if not settings.LASTCALL_PUBLIC_HOST:
        return ""
    return f"https://{settings.LASTCALL_PUBLIC_HOST}/case/#{'.'.join(words_of(rows, case))}"
