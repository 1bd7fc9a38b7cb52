"""axe-core on a page: what an automatic look finds against WCAG 2.2, levels A and AA.

The script runs in a world of its own beside the page's (Chromium's isolated worlds), so that it meets the page as visitors get
it: its Content-Security-Policy in force, its own scripts untouched.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests import node_parts

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# What holds is only counted: to send all of it here takes half as long again as to look.
_LOOK = (
    f"axe.run(document, {json.dumps({'runOnly': {'type': 'tag', 'values': TAGS}})})"
    ".then(found => ({passes: found.passes.length, violations: found.violations}))"
)


def require() -> None:
    """Skip the test where axe-core is missing; fail instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    node_parts.require("axe-core")


def violations(page: Page) -> list[str]:
    """Each rule broken on the page with its impact, its help and where: ``color-contrast (serious): … at #a, .b``.

    Also where the page's context has JavaScript turned off: it is on for axe-core alone, for as long as that looks. The page's own
    scripts were passed over when it was read and stay so.
    """
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})["executionContextId"]
    scripts_off = _run(session, world, "matchMedia('(scripting: none)').matches")
    if scripts_off:  # Chromium asks each session for a change of its own mind, hence both
        _turn_scripts(session, off=True)
        _turn_scripts(session, off=False)
    _run(session, world, _source())
    found = _run(session, world, _LOOK)
    if scripts_off:
        _turn_scripts(session, off=True)  # which the end of this session would undo: it stays until the page is closed
    else:
        session.detach()
    assert found["passes"], "axe-core found nothing to check; is the page empty?"
    return [_words(rule) for rule in found["violations"]]


def _run(session: CDPSession, world: int, script: str) -> Any:
    asked = {"expression": script, "contextId": world, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def _turn_scripts(session: CDPSession, *, off: bool) -> None:
    session.send("Emulation.setScriptExecutionDisabled", {"value": off})


@cache
def _source() -> str:
    # void: the script's own value is not to be sent back
    return (node_parts.require("axe-core") / "axe.min.js").read_text(encoding="utf-8") + "\nvoid 0"


def _words(rule: dict[str, Any]) -> str:
    where = ", ".join(" ".join(map(str, node["target"])) for node in rule["nodes"])
    return f"{rule['id']} ({rule['impact']}): {rule['help']} at {where}"
