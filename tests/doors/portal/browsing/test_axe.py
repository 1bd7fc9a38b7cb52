"""The accessibility checker itself: it works on our pages as they are, and finds what is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests import axe

pytestmark = pytest.mark.usefixtures("with_axe")
FLAWED = """<!doctype html><html><head><title>Flawed</title></head><body><main><h1>Flawed</h1>
<p id="pale" style="color:#ccc;background:#fff">Hardly to be seen</p><img src="data:," id="mute"><input id="nameless">
</main></body></html>"""
SCRIPTED = "<title>Nothing ran</title><h1>Hello</h1><script>document.title = 'It ran'</script>"


@pytest.mark.parametrize("scripts", [True, False])
def test_it_runs_on_a_page_under_its_own_strict_policy(chrome: Browser, site: str, scripts: bool) -> None:
    with chrome.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        answer = page.goto(f"{site}/?lang=ru")
        assert answer is not None and "unsafe" not in answer.headers["content-security-policy"]
        assert axe.violations(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_it_finds_what_is_wrong(chrome: Browser, scripts: bool) -> None:
    with chrome.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.set_content(FLAWED)
        found = axe.violations(page)
    assert [line.partition(" ")[0] for line in found] == ["color-contrast", "html-has-lang", "image-alt", "label"]
    assert found[0].startswith("color-contrast (serious): ") and found[0].endswith("at #pale")


def test_scripts_that_were_off_stay_off(chrome: Browser) -> None:
    with chrome.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"data:text/html,{SCRIPTED}")
        axe.violations(page)
        assert page.title() == "Nothing ran"
        page.goto(f"data:text/html,{SCRIPTED}")
        assert page.title() == "Nothing ran"


def test_it_leaves_nothing_in_the_page(chrome: Browser) -> None:
    with chrome.new_context() as context:
        page = context.new_page()
        page.set_content(FLAWED)
        axe.violations(page)
        assert page.evaluate("typeof window.axe") == "undefined"
