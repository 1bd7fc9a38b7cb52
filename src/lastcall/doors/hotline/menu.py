"""The voice menu as data: each step says prompts, asks for keys, does one thing with them, and goes on by what came of it.

What holds at every step and so stands in no row: ``0`` (before ``#`` where more keys are asked for) goes to an agent; silence
repeats a step that says nothing of it, and after policy ``hotline.silences`` goes where policy ``hotline.after_silence`` says; a
hang-up ends the call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

KEY: Final = "one key"
KEYS: Final = "keys, then #"
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Edge:
    """``on``: a key, or what the step's act gave; ``says`` on the way; ``to``: the next step.

    ``counted``: a wrong entry; the last that policy ``hotline.tries`` allows in a call goes to ``spent`` instead.
    """

    on: str
    to: str
    says: tuple[str, ...] = ()
    counted: bool = False
    spent: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """``says``: prompts by their key; ``<…>`` is a part that differs from call to call. ``act``: what is done with the keys.

    ``silent``: where silence goes at once, for steps at which it is an answer.
    """

    name: str
    says: tuple[str, ...]
    asks: str
    act: str
    edges: tuple[Edge, ...]
    silent: str = ""


def _key(key: str, to: str) -> Edge:
    return Edge(key, to)


_OTHER: Final = Edge("other", "=", ("other_key",), counted=True, spent="agent")
"""A key that means nothing here."""

STEPS: Final = (
    Step(
        "language",
        ("choose_language",),
        KEY,
        "choose_language",
        (Edge("zh-hans", "main"), Edge("ru", "main"), Edge("en", "main"), _OTHER),
    ),
    Step("main", ("main",), KEY, "", (_key("1", "number"), _key("2", "status_number"), _OTHER)),
    Step(
        "number",
        ("ask_number",),
        KEYS,
        "claim_number",
        (
            Edge("taken", "confirm"),
            Edge("unreadable", "number", ("bad_number",), counted=True, spent="agent"),
            Edge("not_ours", "number", ("not_our_number",), counted=True, spent="agent"),
        ),
    ),
    Step(
        "confirm", ("you_entered", "<number>", "confirm"), KEY, "", (_key("1", "declare"), _key("2", "number"), _OTHER)
    ),
    Step(
        "declare",
        (),
        NOTHING,
        "declare",
        (Edge("registered", "document"), Edge("refused", "agent", ("not_registered",))),
    ),
    Step(
        "document",
        ("registered_ask_document",),
        KEYS,
        "answer_document",
        (
            Edge("agrees", "receipt"),
            Edge("skipped", "receipt"),
            Edge("differs", "document", ("no_match",), counted=True, spent="receipt"),
        ),
    ),
    Step(
        "receipt",
        ("registered_at", "<time>", "reference_is", "<reference>", "again_or_on"),
        KEY,
        "",
        (_key("1", "receipt"), _key("2", "balance"), _OTHER),
        silent="balance",
    ),
    Step(
        "balance",
        (),
        NOTHING,
        "balance",
        (
            Edge("credit", "what_next", ("balance_is", "<amount>")),
            Edge("debt", "what_next", ("you_owe", "<amount>")),
            Edge("untold", "what_next", ("no_balance",)),
            Edge("away", "what_next", ("balance_away",)),
        ),
    ),
    Step(
        "what_next",
        ("<next>", "again_or_agent"),
        KEY,
        "",
        (_key("1", "receipt"), _key("#", "goodbye"), _OTHER),
        silent="goodbye",
    ),
    Step(
        "status_number",
        ("ask_number",),
        KEYS,
        "claim_number",
        (
            Edge("taken", "status_reference"),
            Edge("unreadable", "status_number", ("bad_number",), counted=True, spent="agent"),
            Edge("not_ours", "status_number", ("not_our_number",), counted=True, spent="agent"),
        ),
    ),
    Step(
        "status_reference",
        ("ask_reference",),
        KEYS,
        "state_by_reference",
        (Edge("found", "status"), Edge("none", "status_reference", ("no_such_closing",), counted=True, spent="agent")),
    ),
    Step(
        "status",
        ("<state>", "again_or_agent"),
        KEY,
        "",
        (_key("1", "status"), _key("#", "goodbye"), _OTHER),
        silent="goodbye",
    ),
    Step("agent", ("to_agent",), NOTHING, "want_agent", (Edge("queued", "end"),)),
    Step("goodbye", ("goodbye",), NOTHING, "finish", (Edge("finished", "end"),)),
)
START: Final = "language"
AFTER_LANGUAGE: Final = "main"
END: Final = "end"
BY_NAME: Final = {step.name: step for step in STEPS}


def lines() -> Iterator[tuple[str, ...]]:
    """The table for people: step, what it says, what it asks for, answer, what is said then, next."""
    for step in STEPS:
        head = (step.name, " ".join(step.says) or "–", step.asks + (f" → {step.act}" if step.act else ""))
        for edge in step.edges:
            to = step.name if edge.to == "=" else edge.to
            spent = f" ({edge.spent} when tries are spent)" if edge.counted else ""
            yield (*head, edge.on, " ".join(edge.says), to + spent)
            head = ("", "", "")
        if step.silent:
            yield (*head, "silence", "", step.silent)
