"""Finding a case by the words of its receipt."""

from __future__ import annotations

from lastcall.core import keyed
from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import read_case
from lastcall.core.errors import NotFound
from lastcall.core.store import Store, transaction


def find(rows: Store, *, reference: str, secret: str) -> Case:
    """The case with that reference and secret.

    Raises ``NotFound`` in the same words, after the same work, whether the reference is unknown or the secret is wrong.
    """
    wanted = keyed.keyed_hash("case.reference", keyed.normal_token(reference))
    offered = keyed.keyed_hash("case.secret", keyed.normal_token(secret))
    case = rows.one(Case, {"reference_key": wanted})
    if not keyed.same(case.secret_key if case else "", offered):
        raise _unknown()
    assert case is not None
    return case


def find_by_reference(rows: Store, *, reference: str) -> Case:
    """The case with that reference, for staff and the command line. Raises ``NotFound``."""
    case = rows.one(Case, {"reference_key": keyed.keyed_hash("case.reference", keyed.normal_token(reference))})
    if case is None:
        raise _unknown()
    return case


def _unknown() -> NotFound:
    return NotFound(
        "no such case, or the words given do not belong to it", remedy="Check the reference and the secret."
    )


find_case = transaction(find)
find_case_by_reference = transaction(find_by_reference)
get_case = transaction(read_case)
