"""A mail server for tests: it takes what it is sent, and refuses what it is told to refuse."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Taken:
    """What the server was told, and the messages that it took."""

    connections: int = 0
    commands: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    port: int = 0
    refuses: str = ""  # a part of an address


@contextmanager
def mail_server(*, refuses: str = "") -> Iterator[Taken]:
    """Run one on this machine."""
    taken = Taken(refuses=refuses)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self):
            taken.connections += 1
            self._say("220 ready")
            while line := self.rfile.readline().decode().strip():
                taken.commands.append(line)
                word = line.split()[0].upper()
                if word == "DATA":
                    self._say("354 go on")
                    taken.messages.append(self._message())
                if word == "RCPT" and taken.refuses and taken.refuses in line:
                    self._say(f"550 5.1.1 {line[8:]}: no such user, see https://mail.example.org/why?who=secret")
                else:
                    self._say("250 well")
                if word == "QUIT":
                    return

        def _say(self, text: str):
            self.wfile.write(f"{text}\r\n".encode())

        def _message(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                lines.append(line)
            return "\n".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        taken.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield taken
        finally:
            server.shutdown()
