"""A voice platform with one caller: speaks FastAGI over a socket, remembers what it was told to play, presses keys."""

from __future__ import annotations

import itertools
import shlex
import socket
from dataclasses import dataclass, field
from pathlib import PurePosixPath

_calls = itertools.count(1)
HANG_UPS = ("result", "line", "dead", "close")
"""How a hang-up can look: ``result=-1``, a bare ``HANGUP``, ``511``, and a connection that is gone."""


@dataclass
class Phone:
    """One call. ``heard``: what was played since the last answer, as ``language/key``; ``variables``: set for the dialplan."""

    port: int
    query: str = ""
    script: str = "hotline"
    channel: str = ""
    heard: list[str] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")
        self.channel = self.channel or f"17000{next(_calls)}.7"
        url = f"agi://127.0.0.1:{self.port}/{self.script}{'?' + self.query if self.query else ''}"
        self.say(
            "agi_network: yes", f"agi_network_script: {self.script}{'?' + self.query if self.query else ''}",
            f"agi_request: {url}", f"agi_uniqueid: {self.channel}", "agi_callerid: 79000009999", "",
        )  # fmt: skip

    def say(self, *lines: str) -> None:
        """Send lines as they are."""
        self._socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def command(self) -> list[str]:
        """The next command, in words; none when the server has closed."""
        return shlex.split(self._lines.readline())

    def listen(self, *, until: str = "") -> bool:
        """Let everything be played up to the next question, or up to the prompt ``until``, which stays unanswered.

        False when the server has said all and closed.
        """
        self.heard = []
        while words := self.command():
            match words:
                case ["STREAM", "FILE", path, _]:
                    self._note(path)
                    if self.heard[-1].partition("/")[2] == until:
                        return True
                    self.say("200 result=0 endpos=8000")
                case ["SET", "VARIABLE", name, value]:
                    self.variables[name] = value
                    self.say("200 result=1")
                case ["GET", "DATA", _, _, _]:
                    return True
                case _:
                    raise AssertionError(f"unknown command {words}")
        self.close()
        return False

    def _note(self, path: str) -> None:
        self.heard.append("/".join(PurePosixPath(path).parts[-2:]))
        self.played.append(self.heard[-1])

    def press(self, keys: str) -> bool:
        """Answer the question; ``#`` at the end is taken off, as the platform does. Then listen on."""
        self.say(
            f"200 result={keys.removesuffix('#')}" + ("" if keys.endswith("#") or len(keys) == 1 else " (timeout)")
        )
        return self.listen()

    def interrupt(self, key: str) -> bool:
        """Press a key while a prompt is played, and listen on."""
        self.say(f"200 result={ord(key)} endpos=400")
        return self.listen()

    def keep_silent(self) -> bool:
        """Answer nothing until the time is over."""
        self.say("200 result= (timeout)")
        return self.listen()

    def hang_up(self, how: str = "result") -> None:
        """Hang up, and wait until the server has let go."""
        if how != "close":
            self.say(
                {"result": "200 result=-1", "line": "HANGUP", "dead": "511 Command Not Permitted on a dead channel"}[
                    how
                ]
            )
            assert not self.command()
        self.close()

    def close(self) -> None:
        """Be gone."""
        self._lines.close()
        self._socket.close()

    def dial(self, *answers: str) -> Phone:
        """Listen, then press one after the other."""
        self.listen()
        for keys in answers:
            self.press(keys)
        return self

    def keys_heard(self) -> list[str]:
        """What was heard last, without its language."""
        return [piece.partition("/")[2] or piece for piece in self.heard]

    def reference(self) -> str:
        """The reference that was read out last."""
        heard = self.keys_heard()
        start = heard.index("reference_is")
        return "".join(key[-1] for key in heard[start:] if key.startswith("digit_"))
