"""Programs from Debian that the hotline's tests use."""

from __future__ import annotations

import os
import shutil

import pytest


def require(program: str) -> str:
    """Where the program is; skips the test where it is missing, fails instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    if (found := shutil.which(program)) is not None:
        return found
    reason = f"{program} is not installed: run scripts/install-debian-packages"
    if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}; LASTCALL_TEST_REQUIRE_ALL=1 says that it must be there")
    pytest.skip(reason)
