"""Calling ``lastcall`` as a person or a machine would, and seeing what it printed and how it left."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from lastcall.site.main import main


@dataclass(frozen=True)
class Left:
    """How a call ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.err)["error"]
        return body


@dataclass
class Terminal:
    """A terminal on the test's own database and home."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str, typed: str = "") -> Left:
        self.monkeypatch.setattr(sys, "argv", ["lastcall", *words])
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as left:
            main()
        seen = self.capsys.readouterr()
        return Left(int(left.value.code or 0), seen.out, seen.err)
