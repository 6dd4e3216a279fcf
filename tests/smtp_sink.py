"""A real SMTP server for tests: keeps what it accepts, refuses and dawdles as told."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """What the server got, and how it shall behave."""

    port: int = 0
    connections: int = 0
    refused: dict[str, str] = field(default_factory=dict)  # recipient -> answer to RCPT
    answer: str = "250 ok"  # to the message itself
    delay: float = 0.0  # seconds before that answer
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def messages(self) -> list[EmailMessage]:
        """The accepted messages, parsed, in order of arrival."""
        return [message_from_bytes(raw, policy=policy.default) for _to, raw in self.raw]

    @property
    def recipients(self) -> list[str]:
        """To whom, in order of arrival."""
        return [to for to, _raw in self.raw]

    def wait_for(self, count: int, seconds: float) -> bool:
        """Wait until so many messages are here."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.raw) >= count, seconds)

    def keep(self, to: str, raw: bytes) -> None:
        """Accept a message."""
        with self.arrived:
            self.raw.append((to, raw))
            self.arrived.notify_all()


class _Talk(socketserver.StreamRequestHandler):
    sink: Sink

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.sink.connections += 1
        to = ""
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("QUIT"):
                self.say("221 bye")
                return
            if verb.startswith("RCPT"):
                to = line[line.index("<") + 1 : line.index(">")]
                self.say(self.sink.refused.get(to, "250 ok"))
            elif verb == "DATA":
                self.say("354 go on")
                self.take(to)
            else:
                self.say("250 ok")

    def take(self, to: str) -> None:
        raw = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            raw += line.removeprefix(b".") if line.startswith(b"..") else line
        threading.Event().wait(self.sink.delay)
        if self.sink.answer.startswith("250"):
            self.sink.keep(to, raw)
        self.say(self.sink.answer)


class Server(socketserver.ThreadingTCPServer):
    """The server as a context: `with Server() as sink`, listening on 127.0.0.1."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self) -> None:
        self.sink = Sink()
        super().__init__(("127.0.0.1", 0), type("Talk", (_Talk,), {"sink": self.sink}))
        self.sink.port = self.server_address[1]

    def __enter__(self) -> Sink:  # type: ignore[override]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self.sink

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a killed worker leaves broken pipes."""
