"""What the tests use from npm, in ``tests/node``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "node"
MODULES = FOLDER / "node_modules"


def require(package: str) -> Path:
    """The folder of an npm package; skips the test where it is missing, fails instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    if (found := MODULES / package).is_dir():
        return found
    return _missing(f"the npm package {package} is not installed")


def require_node() -> str:
    """Where ``node`` is; skips or fails as :func:`require`."""
    return shutil.which("node") or str(_missing("node is not installed"))


def _missing(what: str) -> Path:
    reason = f"{what}: run scripts/install-node-packages"
    if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}; LASTCALL_TEST_REQUIRE_ALL=1 says that it must be there")
    pytest.skip(reason)
