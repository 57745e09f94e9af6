"""Sends many webhooks fast: one thread, several connections that are kept open."""

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from devstore.history.messages import Message

TRIES_MAX = 5
STALLED_SECONDS = 30.0
READ_BYTES = 65536


class AppStalled(Exception):
    """The app has not answered any webhook for 30 seconds."""


class AppGone(Exception):
    """The app has gone away and did not come back for ten seconds."""


@dataclass
class Sent:
    """How the sending went."""

    delivered: int = 0
    failed: int = 0
    retried: int = 0
    bytes_sent: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Deliveries a second."""
        return self.delivered / self.seconds if self.seconds else 0.0


class _Connection:
    """One kept connection with at most one webhook under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self.socket = self._connect()
        self.message: Message | None = None
        self.tries = 0
        self.closing = False
        self._unsent = memoryview(b"")
        self._answer = b""

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self._address, timeout=5)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setblocking(False)
        return connected

    def reconnect(self) -> None:
        """Open the connection anew; a server that is away gets ten seconds to come back."""
        self.socket.close()
        for _ in range(50):
            try:
                self.socket = self._connect()
            except ConnectionRefusedError:
                time.sleep(0.2)
            else:
                return
        raise AppGone(AppGone.__doc__)

    def begin(self, message: Message, request_line: bytes) -> None:
        """Take on a message."""
        self.message = message
        self._unsent = memoryview(request_line + message.head + message.body)
        self._answer = b""

    def write(self) -> bool:
        """Write what fits; return whether all is written."""
        try:
            written = self.socket.send(self._unsent)
        except BlockingIOError:
            return False
        self._unsent = self._unsent[written:]
        return not self._unsent

    def read(self) -> int | None:
        """Read what is there; return the status once the answer is whole."""
        try:
            part = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return None
        if not part:
            raise ConnectionResetError("The app closed the connection.")
        self._answer += part
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found or not _is_whole(head.lower(), body):
            return None
        self.closing = _closes(head.lower())
        return int(head.split(b" ", 2)[1])


def _is_whole(head: bytes, body: bytes) -> bool:
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    _, found, rest = head.partition(b"content-length:")
    return len(body) >= (int(rest.split(b"\r\n", 1)[0]) if found else 0)


def _closes(head: bytes) -> bool:
    if b"connection: close" in head:
        return True
    return head.startswith(b"http/1.0") and b"connection: keep-alive" not in head


class BulkSender:
    """Sends an iterator of messages over `connections` connections to one endpoint."""

    def __init__(self, app_url: str, path: str, connections: int = 12) -> None:
        parts = urlsplit(urljoin(app_url, path))
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._request_line = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.hostname}:{port}\r\n".encode()
        )
        self._address = (parts.hostname or "127.0.0.1", port)
        self._connections = connections

    def send(
        self, messages: Iterator[Message], progress: Callable[[Sent], None] = lambda _sent: None
    ) -> Sent:
        """Send everything; raises OSError when the app is not there, AppStalled when it hangs."""
        run = _Run(messages, self._address, self._request_line, progress)
        try:
            return run.run(self._connections)
        finally:
            run.close()


class _Run:
    def __init__(
        self,
        messages: Iterator[Message],
        address: tuple[str, int],
        request_line: bytes,
        progress: Callable[[Sent], None],
    ) -> None:
        self._messages = messages
        self._address = address
        self._request_line = request_line
        self._progress = progress
        self._selector = selectors.DefaultSelector()
        self._again: deque[tuple[Message, int]] = deque()
        self.sent = Sent()

    def run(self, connections: int) -> Sent:
        """Send until nothing is left."""
        started = answered_at = time.monotonic()
        for _ in range(connections):
            connection = _Connection(self._address)
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._next(connection)
        while self._selector.get_map():
            events = self._selector.select(timeout=1.0)
            for key, mask in events:
                self._turn(key.data, mask)
            now = time.monotonic()
            answered_at = now if events else answered_at
            if now - answered_at > STALLED_SECONDS:
                raise AppStalled(AppStalled.__doc__)
            self.sent.seconds = now - started
            self._progress(self.sent)
        return self.sent

    def close(self) -> None:
        """Close every connection."""
        for key in list(self._selector.get_map().values()):
            key.data.socket.close()
        self._selector.close()

    def _next(self, connection: _Connection) -> None:
        message: Message | None
        if self._again:
            message, connection.tries = self._again.popleft()
        else:
            message, connection.tries = next(self._messages, None), 0
        if message is None:
            self._selector.unregister(connection.socket)
            connection.socket.close()
            return
        connection.begin(message, self._request_line)
        # Written as soon as the socket says it can be; nothing fails here.
        self._selector.modify(
            connection.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, connection
        )

    def _write(self, connection: _Connection) -> None:
        whole = connection.write()
        wanted = selectors.EVENT_READ if whole else selectors.EVENT_READ | selectors.EVENT_WRITE
        self._selector.modify(connection.socket, wanted, connection)

    def _turn(self, connection: _Connection, mask: int) -> None:
        try:
            if mask & selectors.EVENT_WRITE:
                self._write(connection)
            if mask & selectors.EVENT_READ:
                status = connection.read()
                if status is not None:
                    self._answered(connection, status)
        except ConnectionError:
            self._reconnect(connection)

    def _answered(self, connection: _Connection, status: int) -> None:
        message = connection.message
        assert message is not None  # noqa: S101 - an answer has its question
        if 200 <= status < 300:
            self.sent.delivered += 1
            self.sent.bytes_sent += len(message.body)
        else:
            self._try_again(message, connection.tries)
        connection.message = None
        if connection.closing:
            self._reopen(connection)
        self._next(connection)

    def _try_again(self, message: Message, tries: int) -> None:
        if tries + 1 >= TRIES_MAX:
            self.sent.failed += 1
            return
        self.sent.retried += 1
        self._again.append((message, tries + 1))

    def _reconnect(self, connection: _Connection) -> None:
        if connection.message is not None:
            self._try_again(connection.message, connection.tries)
        # A server that is being restarted is given a moment.
        time.sleep(0.2)
        self._reopen(connection)
        self._next(connection)

    def _reopen(self, connection: _Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.reconnect()
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
