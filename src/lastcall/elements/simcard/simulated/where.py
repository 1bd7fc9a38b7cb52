"""Where a session on the card stands: which folder and file are selected, which record, what waits to be fetched."""

from __future__ import annotations

from dataclasses import dataclass

from .files import CURRENT_ADF, MF, File, Folder


@dataclass(slots=True)
class Where:
    """``record``: the current record from 1, 0 when there is none; ``waiting``: what GET RESPONSE will give."""

    root: Folder
    folder: Folder
    file: File | None = None
    application: Folder | None = None
    record: int = 0
    waiting: bytes = b""

    @classmethod
    def start(cls, root: Folder) -> Where:
        """As after a reset: the MF."""
        return cls(root, root)

    def choose(self, node: File | Folder) -> None:
        """Make it the current one."""
        self.record = 0
        if isinstance(node, File):
            self.file = node
            if node.parent is not None:
                self.folder = node.parent
            return
        self.folder, self.file = node, None
        if node.aid:
            self.application = node

    def by_id(self, fid: int) -> File | Folder | None:
        """What a SELECT by file id reaches from here (3GPP TS 51.011, 6.5; ETSI TS 102.221, 8.4.1)."""
        if fid == MF:
            return self.root
        if fid == CURRENT_ADF:
            return self.application
        if (child := self.folder.child(fid)) is not None:
            return child
        parent = self.folder.parent
        if self.folder.fid == fid and not self.folder.aid:
            return self.folder
        if parent is None:
            return None
        return parent if parent.fid == fid and not parent.aid else parent.folder(fid)

    def by_path(self, path: bytes, start: Folder) -> File | Folder | None:
        """Down from ``start``; only the last step may be a file."""
        node: File | Folder | None = start
        for place in range(0, len(path), 2):
            fid = int.from_bytes(path[place : place + 2], "big")
            if not isinstance(node, Folder):
                return None
            node = self.application if place == 0 and fid == CURRENT_ADF else node.child(fid)
        return node
