"""A live stream as a program reads it."""

import socket
import threading
import time

from wire import Visitor

# What ends a body in chunks [RFC 9112 7.1].
LAST_CHUNK = "\r\n0\r\n\r\n"


class Stream:
    """A stream over a plain socket; reads in a thread of its own."""

    def __init__(self, visitor: Visitor, path: str, *, reads: bool = True):
        host, port = visitor.host.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.jar.items())
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {visitor.host}\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n".encode())
        self.text = ""
        # When it came to its end, by the monotonic clock.
        self.ended_at: float | None = None
        self.thread = threading.Thread(target=self._read, daemon=True)
        if reads:
            self.thread.start()

    def _read(self) -> None:
        try:
            while data := self.socket.recv(4096):
                self.text += data.decode()
                if self.text.endswith(LAST_CHUNK):
                    self.ended_at = time.monotonic()
        except OSError:
            return

    def wait_for(self, words: str, seconds: float = 5) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < deadline, self.text
            time.sleep(0.01)
