""" "This was not me", said by a holder who was told of a closing: by the word in our notice, without any login."""

from __future__ import annotations

from lastcall.core import keyed
from lastcall.core.actor import Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.freeze import freeze_case
from lastcall.core.closing.notices import stop_word
from lastcall.core.errors import NotFound
from lastcall.core.store import Store, transaction


@transaction
def stop(rows: Store, *, msisdn: int, word: str, actor: Actor) -> Case:
    """Freeze the open case of that number whose notices hold ``word``. A frozen case stays frozen.

    Raises ``NotFound`` in the same words, after the same work, whatever is wrong; ``Refused`` (``too_late``).
    """
    offered = keyed.normal_token(word)
    cases = rows.some(Case, {"claimed_msisdn": msisdn, "ended_at": None}, order="id")
    found = [case for case in cases if case.line_id is not None and keyed.same(stop_word(case), offered)]
    if not found:
        raise NotFound(
            "there is no closing of this number with this word", remedy="Check both with our message, or call us."
        )
    return freeze_case(rows, found[0], actor)
