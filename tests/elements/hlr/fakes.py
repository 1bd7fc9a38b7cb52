"""Servers that misbehave, and one that listens in: what stands where an HLR should be."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Self

Behaviour = Callable[[socket.socket], None]


class FakeServer:
    """A TCP server on 127.0.0.1:``port`` that gives each connection to ``behave`` and then closes it."""

    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for one in (self._listener, *self._open):
            one.close()

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                self._start(lambda peer=connection: self._serve(peer))  # type: ignore[misc]

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError):
            self._behave(peer)
        with contextlib.suppress(OSError):
            peer.shutdown(socket.SHUT_RDWR)


def silent(peer: socket.socket) -> None:
    """Never a word."""
    while peer.recv(4096):
        pass


def saying(*parts: bytes) -> Behaviour:
    """The same at each connection, whatever is asked, and then silence."""

    def behave(peer: socket.socket) -> None:
        for part in parts:
            peer.sendall(part)
        silent(peer)

    return behave


def hanging_up(after: bytes) -> Behaviour:
    """Waits for a first word, says ``after`` and hangs up."""

    def behave(peer: socket.socket) -> None:
        peer.recv(4096)
        peer.sendall(after)

    return behave


def dripping(text: bytes, pause: float = 0.02) -> Behaviour:
    """One octet after the other for ever, always just in time for a reader that waits for each alone."""

    def behave(peer: socket.socket) -> None:
        while True:
            for octet in text:
                peer.sendall(bytes((octet,)))
                time.sleep(pause)

    return behave


def flooding(text: bytes) -> Behaviour:
    """As much as the reader takes."""

    def behave(peer: socket.socket) -> None:
        while True:
            peer.sendall(text)

    return behave


def frame(text: str) -> bytes:
    """``text`` as a frame of the control interface."""
    return struct.pack(">HBB", len(text) + 1, 0xEE, 0x00) + text.encode()


def answering(answer: Callable[[str], str], *, before: bytes = b"", in_octets: bool = False) -> Behaviour:
    """A control interface that gives ``answer(question)``; ``in_octets``: each octet in a packet of its own."""

    def behave(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while question := peer.recv(4096):
            reply = before + frame(answer(question[4:].decode()))
            for start in range(0, len(reply), 1 if in_octets else len(reply)):
                peer.sendall(reply[start : start + 1] if in_octets else reply)

    return behave


def command_line(answer: Callable[[str], str], *, in_octets: bool = False, echo: bool = True) -> Behaviour:
    """A VTY that gives ``answer(command)``, with telnet commands, greeting, echo and prompts like OsmoHLR's."""

    def say(peer: socket.socket, text: bytes) -> None:
        for start in range(0, len(text), 1 if in_octets else len(text)):
            peer.sendall(text[start : start + 1] if in_octets else text)

    def behave(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        say(peer, b"Welcome <http://example.org>\r\n\xff\xfb\x01\xff\xfb\x03\xff\xfe\x22\xff\xfd\x1fFakeHLR> ")
        with peer.makefile("r") as lines:
            for line in lines:
                words = answer(line.strip())
                shown = [line.strip()] * echo + [words] * bool(words) + ["FakeHLR# "]
                say(peer, "\r\n".join(shown).encode())

    return behave


class Recorder:
    """Passes everything on to ``host``:``port`` and back, and keeps what was asked in :attr:`asked`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self.asked = b""

    def behave(self, peer: socket.socket) -> None:
        """For a :class:`FakeServer`."""
        with socket.create_connection(self._target) as target:
            back = threading.Thread(target=self._pump, args=(target, peer), daemon=True)
            back.start()
            while data := peer.recv(4096):
                self.asked += data
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)
            back.join(5)

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                sink.sendall(data)
