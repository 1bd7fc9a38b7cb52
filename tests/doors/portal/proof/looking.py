"""What must hold for every page, looked at in the page itself. Each complaint begins with the line of the list it breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

from tests import axe
from tests.doors.portal.proof.visitor import ERROR, LANGUAGES, START, Visitor

WIDTHS: Final = (320, 768, 1280)
PICTURED: Final = (320, 1280)
HEAVIEST: Final = 100_000
LEAST_CONTRAST: Final = 4.5
LEAST_BUTTON: Final = 44
LEAST_TARGET: Final = 24
_LOCALE: Final = Path(__file__).resolve().parents[4] / "src" / "lastcall" / "locale"
_NAMES: Final = re.compile(
    r"Demo Mobile|Lastcall|li@example\.org|name@example\.org|example\.org|JPEG|PNG|HEIC|PDF|SIM|eSIM|PIN"
)
"""What stays as it is in every language."""
_ENGLISH: Final = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}")

_FACTS: Final = """
() => {
  const seen = e => { const box = e.getBoundingClientRect(); const style = getComputedStyle(e);
    return box.width > 1 && box.height > 1 && style.visibility === 'visible' && e.checkVisibility(); };
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const ground = e => { for (let at = e; at; at = at.parentElement) {
      const [r, g, b, a] = numbers(getComputedStyle(at).backgroundColor);
      if (a === undefined || a === 1) return [r, g, b]; }
    return [255, 255, 255]; };
  const light = ([r, g, b]) => {
    const part = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2]; };
  const contrast = e => { const [a, b] = [light(numbers(getComputedStyle(e).color)), light(ground(e))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); };
  const text = e => (e.getAttribute('aria-label') || e.textContent).replace(/\\s+/g, ' ').trim();
  const body = parseFloat(getComputedStyle(document.body).fontSize);
  const buttons = [...document.querySelectorAll('button:not(.unseen), a.go')].filter(seen).map(e => {
    const box = e.getBoundingClientRect(); const style = getComputedStyle(e);
    return {name: text(e), height: box.height, width: box.width, font: parseFloat(style.fontSize), contrast: contrast(e),
      image: !!e.querySelector('img, svg, picture, canvas') || style.backgroundImage !== 'none'}; });
  const inline = e => e.matches('p a, li a, dd a') && getComputedStyle(e).display === 'inline';
  const small = [...document.querySelectorAll('a:not(.skip), button:not(.unseen), summary, select, input:not([type=hidden])')]
    .filter(e => seen(e) && !inline(e) && e.getBoundingClientRect().height < LEAST).map(text);
  const spoken = [];
  const walk = (node, lang) => { for (const child of node.childNodes) {
      if (child.nodeType === 3) { const said = child.data.replace(/\\s+/g, ' ').trim();
        if (said) spoken.push([lang, said]); }
      else if (child.nodeType === 1 && !['SCRIPT', 'STYLE'].includes(child.tagName)) {
        const own = child.hasAttribute('lang') ? child.getAttribute('lang') : lang;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'label', 'data-print', 'data-copy-label'])
          if (child.getAttribute(name)) spoken.push([own, child.getAttribute(name)]);
        walk(child, own); } } };
  walk(document.body, document.documentElement.lang);
  spoken.push([document.documentElement.lang, document.title]);
  const starts = [...document.querySelectorAll('a')].filter(seen).map(text);
  const help = document.querySelector('section.help');
  return {title: document.title, lang: document.documentElement.lang, width: document.documentElement.scrollWidth, body, buttons,
    small, spoken, starts, help: help ? help.textContent.replace(/\\s+/g, ' ').trim() : '',
    helpLast: !!help && !!(document.querySelector('main').compareDocumentPosition(help) & 4),
    passwords: document.querySelectorAll('input[type=password]').length,
    ticked: [...document.querySelectorAll('input[type=checkbox]')].filter(e => e.defaultChecked).map(e => e.name),
    headings: document.querySelectorAll('h1').length,
    problem: !!document.querySelector('.problem'),
    focused: document.activeElement.className,
    links: [...document.querySelectorAll('.problem a')]
      .map(e => [e.textContent, !!document.querySelector(e.getAttribute('href'))])};
}
""".replace("LEAST", str(LEAST_TARGET))


@dataclass
class Look:
    """Looks at the pages of one visitor, at every width, and collects complaints."""

    visitor: Visitor
    pictures: Path | None
    with_axe: bool = True
    complaints: list[str] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    _help: str = ""

    def at(self, name: str, *, refused: bool = False, ticked: bool = False, status: int = 200) -> None:
        """Look at the page that is shown now, called ``name``. ``refused``: it says what is wrong with what was typed."""
        for width in WIDTHS:
            self.visitor.page.set_viewport_size({"width": width, "height": 800})
            facts = self.visitor.page.evaluate(_FACTS)
            self._fits(f"{name} {width}", width, facts)
            if self.pictures and self.visitor.scripts and width in PICTURED:
                picture = self.pictures / f"{name}-{self.visitor.language}-{width}.png"
                self.visitor.page.screenshot(path=picture, full_page=True)
        self._says(name, facts, refused=refused, ticked=ticked)
        self._came(name, status)
        if self.with_axe:
            self._complain("U9", name, axe.violations(self.visitor.page))

    def _complain(self, line: str, where: str, what: list[str]) -> None:
        visitor = self.visitor
        scripts = "" if visitor.scripts else " without scripts"
        self.complaints += [f"{line} {where} ({visitor.language}{scripts}): {words}" for words in what]

    def _fits(self, where: str, width: int, facts: dict[str, Any]) -> None:
        if facts["width"] > width:
            self._complain("U8", where, [f"needs {facts['width']} px"])
        if START[self.visitor.language] not in facts["starts"]:
            self._complain("U1", where, ["no link to close a line is to be seen"])
        for button in facts["buttons"]:
            self._complain("U2", where, list(_faults(button, facts["body"])))
        self._complain("WCAG 2.5.8", where, [f"hard to hit: {text}" for text in facts["small"]])

    def _says(self, name: str, facts: dict[str, Any], *, refused: bool, ticked: bool) -> None:
        language = self.visitor.language
        if facts["passwords"]:
            self._complain("U3", name, ["asks for a password"])
        if facts["ticked"] and not ticked:
            self._complain("U5", name, [f"ticked before anybody did: {facts['ticked']}"])
        if facts["lang"] != LANGUAGES[language]:
            self._complain("U10", name, [f"says its language is {facts['lang']}"])
        self._complain("U10", name, list(_foreign(facts["spoken"], language)))
        if facts["headings"] != 1:
            self._complain("headings", name, [f"has {facts['headings']} of the first level"])
        if facts["title"].startswith(ERROR[language]) != refused or facts["problem"] != refused:
            self._complain("U11", name, [f"title: {facts['title']}; summary: {facts['problem']}"])
        if refused:
            self._complain("U11", name, list(_bad_summary(facts)))
        self._helps(name, facts)

    def _helps(self, name: str, facts: dict[str, Any]) -> None:
        self._help = self._help or facts["help"]
        if not facts["help"] or facts["help"] != self._help or not facts["helpLast"]:
            self._complain("U14", name, ["help is missing, differs or stands elsewhere"])

    def _came(self, name: str, status: int) -> None:
        visitor = self.visitor
        answer, _, headers = visitor.answers[-1]
        if answer != status:
            self._complain("status", name, [f"{answer} instead of {status}"])
        policy = headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            self._complain("U17", name, [f"policy: {policy}"])
        expected = [f"error: Failed to load resource: the server responded with a status of {status}"]
        noise = [line for line in visitor.console if status == 200 or not line.startswith(expected[0])]
        self._complain("U17", name, [f"console: {line}" for line in noise])
        visitor.console.clear()
        if strangers := visitor.hosts - {visitor.site.removeprefix("http://")}:
            self._complain("U17", name, [f"asked {strangers}"])
        if visitor.transferred:
            self.weights[name] = visitor.transferred
        if visitor.transferred > HEAVIEST:
            self._complain("U17", name, [f"{visitor.transferred:.0f} bytes were transferred"])


def _faults(button: dict[str, Any], body: float) -> list[str]:
    name, found = button["name"], []
    if button["image"]:
        found.append(f"a picture in {name}")
    if button["font"] < body:
        found.append(f"{name} is set in {button['font']} px")
    if button["contrast"] < LEAST_CONTRAST:
        found.append(f"{name} has a contrast of {button['contrast']:.1f}")
    if button["height"] < LEAST_BUTTON - 0.5:
        found.append(f"{name} is {button['height']:.0f} px high")
    return found


def _bad_summary(facts: dict[str, Any]) -> list[str]:
    found = [f"leads nowhere: {text}" for text, there in facts["links"] if not there]
    if not facts["links"]:
        found.append("the summary has no link to the field")
    if facts["focused"] != "problem":
        found.append(f"the focus is on: {facts['focused']}")
    return found


def _foreign(spoken: list[list[str]], language: str) -> list[str]:
    """Words in another language than the page's which nobody marked as such."""
    own = LANGUAGES[language]
    found = []
    for lang, text in spoken:
        if lang != own:
            continue
        rest = _NAMES.sub(" ", text)
        if language != "en" and (_ENGLISH.search(rest) or text in _msgids()):
            found.append(f"not translated: {text[:90]}")
        if language != "zh-hans" and re.search("[\u4e00-\u9fff]", re.sub(r"\d+年\d+月\d+日", "", rest)):
            found.append(f"Han letters: {text[:90]}")
        if language != "ru" and re.search("[А-Яа-яЁё]", rest):
            found.append(f"Cyrillic letters: {text[:90]}")
    return sorted(set(found))


@cache
def _msgids() -> frozenset[str]:
    with (_LOCALE / "ru" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    return frozenset(
        str(message.id) for message in catalogue
        if isinstance(message.id, str) and message.id and message.string != message.id and re.search("[a-z]{2}", message.id)
    )  # fmt: skip
