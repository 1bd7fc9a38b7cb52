"""The smallest voice platform: a telephone that answers, and a FastAGI client that plays and listens through it."""

from __future__ import annotations

import queue
import shlex
import socket
import threading
import time
import wave
from pathlib import Path

from tests.baresip import Baresip

_MORE_SILENCE = 60


class Bridge:
    """Takes one call on ``telephone`` to the server at ``port``. ``played``: the files that were played; ``variables``: as set."""

    def __init__(self, telephone: Baresip, port: int, folder: Path, *, query: str = "") -> None:
        self._telephone = telephone
        self._port = port
        self._folder = folder
        self._query = query
        self.played: list[str] = []
        self.asked = queue.Queue[str]()
        """The file that was played last, each time the server asks for keys."""
        self.variables: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait until the call is over."""
        self._thread.join(20)
        assert not self._thread.is_alive(), "the call does not end"

    def _run(self) -> None:
        self._telephone.wait_for("CALL_ESTABLISHED")
        with socket.create_connection(("127.0.0.1", self._port)) as server, server.makefile("rw", newline="\n") as wire:
            script = f"hotline{'?' + self._query if self._query else ''}"
            wire.write(f"agi_network: yes\nagi_network_script: {script}\nagi_uniqueid: sip.{time.time()}\n\n")
            wire.flush()
            while words := shlex.split(wire.readline()):
                wire.write(self._answer(words) + "\n")
                wire.flush()
                if self._gone:
                    break
        if not self._gone:
            self._telephone.hang_up()

    _gone = False

    def _answer(self, words: list[str]) -> str:
        match words:
            case ["STREAM", "FILE", file, until]:
                key = self._play(file, until)
                return "200 result=-1" if self._gone else f"200 result={ord(key) if key else 0} endpos=160"
            case ["GET", "DATA", file, wait, most]:
                self.asked.put(self.played[-1])
                return self._keys(file, int(wait) / 1000, int(most))
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return "200 result=1"
        return "510 Invalid or unknown command"

    def _play(self, file: str, until: str) -> str:
        """Play to the end, or up to a key among ``until``."""
        self.played.append("/".join(Path(file).parts[-2:]))
        padded, seconds = self._padded(Path(f"{file}.wav"))
        self._telephone.play(padded)
        end = time.monotonic() + seconds
        while not self._gone and (left := end - time.monotonic()) > 0:
            if (key := self._key(left)) and key in until:
                return key
        return ""

    def _keys(self, file: str, wait: float, most: int) -> str:
        keys = ""
        while len(keys) < most:
            key = self._key(wait)
            if self._gone:
                return "200 result=-1"
            if not key:
                return f"200 result={keys} (timeout)"
            if key == "#":
                break
            keys += key
        return f"200 result={keys}"

    def _key(self, wait: float) -> str:
        """The next key within ``wait`` seconds, or empty; notices a hang-up."""
        end = time.monotonic() + wait
        while (left := end - time.monotonic()) > 0:
            try:
                kind, param = self._telephone.events.get(timeout=left)
            except queue.Empty:
                break
            if kind == "CALL_CLOSED":
                self._gone = True
                return ""
            if kind == "CALL_DTMF_START":
                return param
        return ""

    def _padded(self, file: Path) -> tuple[Path, float]:
        """The file with silence after it: the end of a file would end the call."""
        with wave.open(str(file)) as source:
            frames, sound = source.getnframes(), source.readframes(source.getnframes())
        target = self._folder / f"{file.parent.name}-{file.name}"
        if not target.exists():
            with wave.open(str(target), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(8000)
                out.writeframes(sound + b"\0\0" * 8000 * _MORE_SILENCE)
        return target, frames / 8000
