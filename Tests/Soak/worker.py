"""One process of the generator: an epoll loop over the connections that it has."""

import json
import select
import socket
import time
from collections import deque

from load import Answers, Traffic

# A request that has no answer by then has failed.
ANSWER_SECONDS = 20
# Failures that a worker keeps the words of.
TOLD_FAILURES = 5
# Requests whose time came while the worker did something else are sent together, this many between two looks at answers.
MAXIMUM_BURST = 64
RECEIVED_BYTES = 1 << 16


class _Connection:
    __slots__ = ("socket", "sent", "exchange", "received", "is_fresh", "is_connecting", "deadline")

    def __init__(self, connected: socket.socket):
        self.socket = connected
        self.received = b""
        self.exchange = None
        self.is_fresh = False
        self.is_connecting = True


class Worker:
    def __init__(self, traffic: Traffic, number: int, over, live):
        self._traffic = traffic
        self._over = over
        self._live = live
        self._epoll = select.epoll()
        self._connections: dict[int, _Connection] = {}
        self._idle: deque[_Connection] = deque()
        self._waiting: deque[float] = deque()
        self._answers = Answers()
        self._next = number
        self._fresh_credit = 0.0
        self._interval = None if traffic.rate is None else traffic.workers / traffic.rate
        # Workers take turns.
        self._offset = 0.0 if traffic.rate is None else number / traffic.rate
        self._requests = [[_message(traffic, body, closes) for closes in (False, True)] for body, _ in traffic.exchanges]
        # Bodies that were found right, so that each is parsed once.
        self._right: list[set[bytes]] = [set() for _ in traffic.exchanges]

    def run(self) -> Answers:
        due = time.monotonic() + self._offset
        if self._interval is None:
            for _ in range(self._traffic.connections):
                self._send(due)
        swept = due
        while not self._over.value:
            now = time.monotonic()
            if self._interval is None:
                wait = 0.1
            else:
                burst = 0
                while due <= now and burst < MAXIMUM_BURST:
                    self._answers.late.append(time.monotonic() - due)
                    self._send(due)
                    due += self._interval
                    burst += 1
                wait = max(0.0, due - time.monotonic())
            self._take(min(wait, 0.1))
            if now - swept > 1:
                swept = now
                self._sweep(now)
        deadline = time.monotonic() + ANSWER_SECONDS
        while (self._waiting or any(connection.exchange is not None for connection in self._connections.values())) \
                and time.monotonic() < deadline:
            self._take(0.1)
            self._sweep(time.monotonic())
        for sent in self._waiting:
            self._fail(sent, "was never sent: every connection was busy")
        return self._answers

    # Sending

    def _send(self, due: float) -> None:
        self._fresh_credit += self._traffic.fresh_share
        if self._fresh_credit >= 1:
            self._fresh_credit -= 1
            return self._connect(due, is_fresh=True)
        while self._idle:
            if len(self._connections) < self._traffic.connections and self._interval is not None:
                break
            connection = self._idle.popleft()
            if connection.socket.fileno() < 0:
                continue
            # As curl does: a connection that has ended by now is not asked.
            try:
                ended = connection.socket.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return self._ask(connection, due)
            except OSError:
                ended = b""
            assert not ended, "an answer to no request"
            self._close(connection)
        if len(self._connections) >= self._traffic.maximum_connections:
            self._waiting.append(due)
        else:
            self._connect(due, is_fresh=False)

    def _connect(self, due: float, is_fresh: bool) -> None:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(made)
        connection.is_fresh = is_fresh
        self._assign(connection, due)
        code = made.connect_ex(("127.0.0.1", self._traffic.port))
        if code not in (0, 115):
            made.close()
            return self._fail(due, f"connect: {OSError(code, '')!r}")
        self._connections[made.fileno()] = connection
        self._epoll.register(made.fileno(), select.EPOLLOUT)

    def _assign(self, connection: _Connection, due: float) -> None:
        connection.exchange = self._next % len(self._requests)
        self._next += self._traffic.workers
        connection.sent = due
        connection.deadline = time.monotonic() + ANSWER_SECONDS

    def _ask(self, connection: _Connection, due: float) -> None:
        self._assign(connection, due)
        self._write(connection)

    def _write(self, connection: _Connection) -> None:
        message = self._requests[connection.exchange][connection.is_fresh]
        try:
            # The socket's buffer takes a request whole.
            if connection.socket.send(message) != len(message):
                self._lose(connection, "the request did not fit the socket")
        except OSError as error:
            self._lose(connection, f"send: {error!r}")

    # Receiving

    def _take(self, wait: float) -> None:
        for descriptor, _ in self._epoll.poll(wait):
            connection = self._connections.get(descriptor)
            if connection is None:
                continue
            if connection.is_connecting:
                code = connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    self._lose(connection, f"connect: {OSError(code, '')!r}")
                    continue
                connection.is_connecting = False
                self._epoll.modify(descriptor, select.EPOLLIN)
                self._write(connection)
            else:
                self._receive(connection)

    def _receive(self, connection: _Connection) -> None:
        try:
            received = connection.socket.recv(RECEIVED_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            return self._lose(connection, f"receive: {error!r} after {connection.received[:80]!r}")
        if not received:
            return self._lose(connection, f"the connection ended after {connection.received[:80]!r}")
        if connection.exchange is None:
            return self._fail(time.monotonic(), f"{received[:80]!r} without a request") or self._close(connection)
        connection.received += received
        head_end = connection.received.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = connection.received[:head_end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15:].split(b"\r", 1)[0]) if at >= 0 else 0
        if len(connection.received) < head_end + 4 + length:
            return
        self._answered(connection, int(head[9:12]), head, connection.received[head_end + 4:])

    def _answered(self, connection: _Connection, status: int, head: bytes, body: bytes) -> None:
        now = time.monotonic()
        mistake = self._mistake(connection.exchange, status, head, body)
        if mistake:
            self._fail(connection.sent, mistake)
        else:
            self._answers.sent.append(connection.sent)
            self._answers.seconds.append(now - connection.sent)
            self._answers.kinds.append(status)
            self._live[0] += 1
        connection.exchange = None
        connection.received = b""
        if connection.is_fresh or b"\r\nconnection: close" in head:
            self._close(connection)
        else:
            self._idle.append(connection)
        if self._waiting:
            self._send(self._waiting.popleft())
        elif self._interval is None and not self._over.value:
            self._send(time.monotonic())

    def _mistake(self, exchange: int, status: int, head: bytes, body: bytes) -> str | None:
        if status == 200:
            expected = self._traffic.exchanges[exchange][1]
            if expected is None or body in self._right[exchange]:
                return None
            try:
                if json.loads(body) == expected:
                    self._right[exchange].add(body)
                    return None
            except ValueError:
                pass
            return f"{body[:200]!r} instead of {json.dumps(expected)}"
        if status == 503 and self._traffic.takes_overload and b"\r\nretry-after:" in head and b'"Overloaded"' in body:
            return None
        return f"{status} {body[:200]!r}"

    # What goes wrong

    def _lose(self, connection: _Connection, reason: str) -> None:
        if connection.exchange is not None:
            kind = "a fresh" if connection.is_fresh else "a kept" if not connection.is_connecting else "a new"
            self._fail(connection.sent, f"{kind} connection: {reason}")
        self._close(connection)

    def _fail(self, sent: float, reason: str) -> None:
        self._answers.failed += 1
        self._live[1] += 1
        self._answers.sent.append(sent)
        self._answers.seconds.append(0)
        self._answers.kinds.append(0)
        if len(self._answers.failures) < TOLD_FAILURES:
            self._answers.failures.append((sent, reason))

    def _close(self, connection: _Connection) -> None:
        descriptor = connection.socket.fileno()
        if descriptor >= 0:
            del self._connections[descriptor]
            connection.socket.close()
        connection.exchange = None

    def _sweep(self, now: float) -> None:
        for connection in list(self._connections.values()):
            if connection.exchange is not None and connection.deadline < now:
                self._lose(connection, f"no answer within {ANSWER_SECONDS} s")


def _message(traffic: Traffic, body: dict | None, closes: bool) -> bytes:
    fields = f"Host: 127.0.0.1:{traffic.port}\r\n" + ("Connection: close\r\n" if closes else "")
    if body is None:
        return f"GET {traffic.path} HTTP/1.1\r\n{fields}\r\n".encode()
    text = json.dumps(body)
    return (f"POST {traffic.path} HTTP/1.1\r\n{fields}Content-Type: application/json\r\n"
            f"Content-Length: {len(text)}\r\n\r\n{text}").encode()
