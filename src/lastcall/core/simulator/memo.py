"""Remembering what pure functions gave: the same production functions, asked once for the same question.

A simulation asks them millions of times for a handful of answers. Nothing that reads a clock or randomness is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any, Final
from unittest.mock import patch

from lastcall.core import keyed, work
from lastcall.core.closing import changes, texts
from lastcall.core.memory import changed
from lastcall.core.policies.policy import Policy
from lastcall.core.subscribers import file

_MOST: Final = 50_000


class _Policies:
    """Policies by the very object they were frozen into: rows in memory hand on the same one."""

    def __init__(self) -> None:
        self._thaw, self._freeze = Policy.from_json, Policy.as_json
        self._thawed: dict[int, tuple[Mapping[str, Any], Policy]] = {}
        self._frozen: dict[Policy, dict[str, Any]] = {}

    def from_json(self, frozen: Mapping[str, Any]) -> Policy:
        known = self._thawed.get(id(frozen))
        if known is None or known[0] is not frozen:
            if len(self._thawed) > _MOST:
                self._thawed.clear()
            known = self._thawed[id(frozen)] = frozen, self._thaw(frozen)
        return known[1]

    def as_json(self) -> Callable[[Policy], dict[str, Any]]:
        """A function, so that it becomes a method of the policy."""

        def frozen(policy: Policy) -> dict[str, Any]:
            if policy not in self._frozen:
                self._frozen[policy] = self._freeze(policy)
            return self._frozen[policy]

        return frozen


@contextmanager
def memoised() -> Iterator[None]:
    """For the block, policies, keyed hashes, notices and addresses are worked out once each; the worker logs nothing."""
    policies = _Policies()
    with ExitStack() as stack:
        stack.enter_context(patch.object(Policy, "from_json", policies.from_json))
        stack.enter_context(patch.object(Policy, "as_json", policies.as_json()))
        stack.enter_context(patch.object(keyed, "keyed_hash", lru_cache(_MOST)(keyed.keyed_hash)))
        stack.enter_context(patch.object(texts, "notice", _notice(texts.notice)))
        stack.enter_context(patch.object(file, "document_key", lru_cache(_MOST)(file.document_key)))
        stack.enter_context(patch.object(changes, "replace", lambda row, **values: changed(row, values)))
        stack.enter_context(_quiet())
        yield


def _notice(plain: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
    """Each template in each language once, with the first facts: who reads the words is not part of the simulation."""
    known: dict[tuple[str, str], tuple[str, str]] = {}

    def notice(template: str, *, language: str, facts: dict[str, Any]) -> tuple[str, str]:
        if (template, language) not in known:
            known[template, language] = plain(template, language=language, facts=facts)
        return known[template, language]

    return notice


@contextmanager
def _quiet() -> Iterator[None]:
    before, work.logger.disabled = work.logger.disabled, True
    try:
        yield
    finally:
        work.logger.disabled = before
