"""Debian's baresip as a telephone: real SIP, RTP and DTMF on loopback, steered by its control port (netstrings of JSON)."""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

MODULES: Final = "/usr/lib/baresip/modules"
CONFIG: Final = """\
net_interface 127.0.0.1
sip_listen 127.0.0.1:{sip}
rtp_timeout 0
call_max_calls 4
audio_source aufile,{source}
audio_buffer 20-160
module_path {modules}
module g711.so
module aufile.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {heard}
"""


def free_port(kind: int) -> int:
    """A port that nobody has at the moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Baresip:
    """One telephone. ``source``: the sound file that it sends; ``answers``: whether it takes calls by itself."""

    folder: Path
    name: str
    source: Path
    answers: bool = False
    sip: int = field(default_factory=lambda: free_port(socket.SOCK_DGRAM))
    control: int = field(default_factory=lambda: free_port(socket.SOCK_STREAM))
    events: queue.Queue[tuple[str, str]] = field(default_factory=queue.Queue)
    keys_begun: int = 0
    keys_ended: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def address(self) -> str:
        """Where it is called."""
        return f"sip:{self.name}@127.0.0.1:{self.sip}"

    def __enter__(self) -> Baresip:
        heard = self.folder / "heard"
        heard.mkdir(parents=True)
        config = CONFIG.format(sip=self.sip, source=self.source, modules=MODULES, control=self.control, heard=heard)
        (self.folder / "config").write_text(config, encoding="ascii")
        mode = ";answermode=auto" if self.answers else ""
        (self.folder / "accounts").write_text(f"<{self.address}>;regint=0{mode}\n", encoding="ascii")
        (self.folder / "contacts").touch()
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["baresip", "-4", "-f", str(self.folder)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._socket = self._connected()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._reader.join(5)
        self._socket.close()

    def _connected(self) -> socket.socket:
        for _ in range(200):
            try:
                return socket.create_connection(("127.0.0.1", self.control))
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.02)
        raise AssertionError(f"baresip did not start: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")

    def command(self, command: str, params: str = "") -> None:
        """Give one command; its answer is not waited for."""
        body = json.dumps({"command": command, "params": params, "token": ""}).encode()
        self._socket.sendall(f"{len(body)}:".encode() + body + b",")

    def dial(self, address: str) -> None:
        """Call somebody."""
        self.command("dial", address)

    def press(self, keys: str, *, heard_by: Baresip) -> None:
        """Press keys, each once the one before was heard at the other end; one that was lost on the way is pressed again."""
        for key in keys:
            begun, ended = heard_by.keys_begun, heard_by.keys_ended
            for _ in range(3):
                self.command("sndcode", key)
                if heard_by.has_heard(ended) or heard_by.keys_begun > begun:
                    break

    def has_heard(self, before: int) -> bool:
        """Whether more whole keys than ``before`` have arrived, within two seconds."""
        with self._news:
            return self._news.wait_for(lambda: self.keys_ended > before, timeout=2)

    def hang_up(self) -> None:
        """End the call."""
        self.command("hangup")

    def play(self, file: Path) -> None:
        """Send another sound file from now on. It must be longer than it is needed: its end would end the call."""
        self.command("ausrc", f"aufile,{file}")

    def wait_for(self, kind: str, *, seconds: float = 10) -> str:
        """The parameter of the next event of that kind."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                event, param = self.events.get(timeout=left)
            except queue.Empty:
                break
            if event == kind:
                return param
        raise AssertionError(f"{self.name} saw no {kind}")

    def recorded(self) -> list[Path]:
        """What it heard, a file for each call."""
        return sorted((self.folder / "heard").glob("*dec.wav"))

    def _read(self) -> None:
        buffer = b""
        try:
            while more := self._socket.recv(65536):
                buffer += more
                buffer = self._take(buffer)
        except OSError:
            return

    def _take(self, buffer: bytes) -> bytes:
        while b":" in buffer:
            length, _, rest = buffer.partition(b":")
            size = int(length)
            if len(rest) < size + 1:
                break
            self._note(json.loads(rest[:size]))
            buffer = rest[size + 1 :]
        return buffer

    def _note(self, message: dict[str, Any]) -> None:
        if not message.get("event"):
            return
        kind = str(message.get("type"))
        self.events.put((kind, str(message.get("param", ""))))
        with self._news:
            self.keys_begun += kind == "CALL_DTMF_START"
            self.keys_ended += kind == "CALL_DTMF_END"
            self._news.notify_all()
