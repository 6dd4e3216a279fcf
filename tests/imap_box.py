"""A tiny IMAP server for tests: one folder, one user, what imaplib needs to search, fetch and flag."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Box:
    """The letters by UID, their flags, and who may come in."""

    letters: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    password: str = "geheim"
    port: int = 0

    def put(self, raw: bytes) -> int:
        """Lay a letter into the folder."""
        uid = len(self.letters) + 1
        self.letters[uid], self.flags[uid] = raw, set()
        return uid


class _Talk(socketserver.StreamRequestHandler):
    box: Box

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def handle(self) -> None:
        self.say(b"* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _blank, command = line.partition(" ")
            verdict = self.obey(command)
            self.say(f"{tag} {verdict}".encode())
            if command.upper() == "LOGOUT":
                return

    def obey(self, command: str) -> str:
        words = command.split()
        match words[0].upper(), words[1].upper() if len(words) > 1 else "":
            case "CAPABILITY", _:
                self.say(b"* CAPABILITY IMAP4rev1")
            case "LOGIN", _:
                return "OK in" if self.box.password in command else "NO wrong"
            case "SELECT", _:
                self.say(f"* {len(self.box.letters)} EXISTS".encode())
            case "UID", "SEARCH":
                new = [str(uid) for uid, flags in self.box.flags.items() if r"\Seen" not in flags]
                self.say(f"* SEARCH {' '.join(new)}".strip().encode())
            case "UID", "FETCH":
                raw = self.box.letters[int(words[2])]
                head = f"* 1 FETCH (UID {words[2]} BODY[]<0> {{{len(raw)}}}\r\n"
                self.say(head.encode() + raw + b")")
            case "UID", "STORE":
                self.box.flags[int(words[2])] |= set(re.findall(r"\\\w+", command))
            case "LOGOUT", _:
                self.say(b"* BYE")
        return "OK done"


class Server(socketserver.ThreadingTCPServer):
    """The server as a context: `with Server() as box`, listening on 127.0.0.1."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self) -> None:
        self.box = Box()
        super().__init__(("127.0.0.1", 0), type("Talk", (_Talk,), {"box": self.box}))
        self.box.port = self.server_address[1]

    def __enter__(self) -> Box:  # type: ignore[override]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self.box

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
