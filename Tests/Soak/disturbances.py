"""What is disturbed around a service, one class for each."""

import argparse
import email.utils
import fcntl
import os
import socket
import threading
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Callable

from processes import Failure, free_port
from service import Service
from tested import Tested

Phase = tuple[str, Callable[[], None]]


class Scenario:
    """A service, what is done to it in which phase, and what has to be true of each."""

    name = ""
    # More of the configuration, and of the model's entry.
    sections: dict = {}
    entry: dict = {}

    def __init__(self, options: argparse.Namespace, folder: Path, tested: Tested):
        self.options, self.folder, self.tested = options, folder, tested
        self.failures: list[str] = []
        self.service = self.make()

    def make(self, under: list[object] = (), **sections) -> Service:
        more = {"metrics": {"enabled": True}} | self.sections | sections
        return self.tested.service(self.options.binary, self.folder, self.name, under, self.entry, **more)

    def phases(self) -> list[Phase]:
        """The names of the phases and how each begins; the first is what the others are compared with."""
        raise NotImplementedError

    def judge(self, phase: str) -> None:
        """At the end of a phase."""

    def close(self) -> None:
        """Leaves nothing behind."""


class StuckOutput(Scenario):
    """Standard output is a pipe that somebody reads, nobody reads, and somebody reads again."""

    name = "stdout"
    sections = {"logging": {"level": "info", "access": {"enabled": True}}}
    PIPE_BYTES = 4096

    def make(self, under: list[object] = (), **sections) -> Service:
        self._reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, self.PIPE_BYTES)
        service = super().make(under, **sections)
        service.output = writer
        self._reads = threading.Event()
        self._reads.set()
        self.bytes_read = 0
        threading.Thread(target=self._read, name="reader of standard output", daemon=True).start()
        return service

    def _read(self) -> None:
        while self._reads.wait():
            try:
                count = len(os.read(self._reader, 1 << 16))
            except OSError:
                return
            self.bytes_read += count

    def phases(self) -> list[Phase]:
        return [("read", lambda: None), ("nobody reads", self._reads.clear), ("read again", self._reads.set)]

    def judge(self, phase: str) -> None:
        seen, self.bytes_read = self.bytes_read, 0
        # A read that had begun takes what the pipe had.
        if (phase == "nobody reads") != (seen <= 1 << 17):
            self.failures.append(f"{phase}: {seen:,} bytes were read of standard output, so this shows nothing")

    def close(self) -> None:
        self._reads.set()
        os.close(self.service.output)


class SlowScrapers(Scenario):
    """Clients that ask for more pages than a socket takes, and read a byte a second."""

    name = "scraper"
    SCRAPERS = 8
    # Asked for at once; all together they are more than the buffers of both sockets.
    PAGES = 1000
    BYTE_SECONDS = 1.0

    def phases(self) -> list[Phase]:
        self._is_over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._bytes = [0] * self.SCRAPERS
        return [("no scraper", lambda: None), (f"{self.SCRAPERS} slow scrapers", self._begin), ("no scraper again", self._end)]

    def _begin(self) -> None:
        for number in range(self.SCRAPERS):
            self._threads.append(threading.Thread(target=self._scrape, args=(number,), daemon=True))
            self._threads[-1].start()

    def _scrape(self, number: int) -> None:
        request = b"GET /metrics HTTP/1.1\r\nHost: scraper\r\n\r\n"
        while not self._is_over.is_set():
            with socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.settimeout(5)
                try:
                    connection.connect(("127.0.0.1", self.service.port))
                    connection.setblocking(False)
                    try:
                        connection.send(request * self.PAGES)
                    except BlockingIOError:
                        pass
                    while not self._is_over.wait(self.BYTE_SECONDS):
                        if not connection.recv(1):
                            break
                        self._bytes[number] += 1
                except BlockingIOError:
                    pass
                except OSError:
                    # The server may cut who does not take its answer; a scraper comes back.
                    self._is_over.wait(self.BYTE_SECONDS)

    def judge(self, phase: str) -> None:
        if phase == f"{self.SCRAPERS} slow scrapers" and not all(self._bytes):
            self.failures.append(f"bytes that each scraper read: {self._bytes}; this shows nothing")

    def _end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def close(self) -> None:
        self._end()


class ClockStep(Scenario):
    """CLOCK_REALTIME, as libfaketime shows it to the service, jumps; CLOCK_MONOTONIC goes on."""

    name = "clock"
    HOUR = 3600
    # How often libfaketime reads where the clock is.
    LOOK_SECONDS = 1
    # Short enough that entries expire in every phase, and so few inputs that each is asked for again before.
    TTL_SECONDS = 2
    INPUTS = 50
    entry = {"decorators": [{"class_path": "CachingDecorator", "configuration": {"ttl": f"{TTL_SECONDS}s"}}]}

    def make(self, under: list[object] = (), **sections) -> Service:
        libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        if not libraries:
            raise Failure("libfaketime is not there; 'make test-load' installs it")
        self.tested = replace(self.tested, exchanges=self.tested.exchanges[:self.INPUTS])
        self._file = self.folder / "clock"
        self._offset = 0
        self._step(0)
        self._seen = {"hit": 0.0, "expired": 0.0}
        return super().make([
            "env", f"LD_PRELOAD={libraries[0]}", f"FAKETIME_TIMESTAMP_FILE={self._file}", "FAKETIME_DONT_FAKE_MONOTONIC=1",
            f"FAKETIME_CACHE_DURATION={self.LOOK_SECONDS}", *under], **sections)

    def _step(self, seconds: int) -> None:
        self._offset = seconds
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{seconds:+d}s\n")
        draft.rename(self._file)

    def phases(self) -> list[Phase]:
        return [("as it is", lambda: None), ("an hour ahead", lambda: self._step(self.HOUR)),
                ("an hour behind", lambda: self._step(-self.HOUR)), ("as it is again", lambda: self._step(0))]

    def judge(self, phase: str) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.service.port}/api/health", timeout=10) as answer:
            date = email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()
        if abs(date - time.time() - self._offset) > self.LOOK_SECONDS + 2:
            self.failures.append(f"{phase}: Date is {date - time.time():+.0f} s from the machine's clock, not {self._offset:+d}")
        # A cache that asked the wrong clock would forget everything at one jump and nothing after the other.
        for outcome in self._seen:
            now = self.service.metric(rf'martlet_decorator_outcomes_total\{{.*outcome="{outcome}"')
            if now <= self._seen[outcome]:
                self.failures.append(f"{phase}: the cache says '{outcome}' of no request")
            self._seen[outcome] = now


class DeadCollector(Scenario):
    """The collector of traces takes them, is not there, listens and says nothing, and takes them again."""

    name = "collector"
    TIMEOUT_SECONDS = 1
    # Spans that wait, few enough that some have no room in every phase without a collector.
    QUEUE = 512

    def make(self, under: list[object] = (), **sections) -> Service:
        self._port = free_port()
        self._listener: socket.socket | None = None
        self._seen = {"exported": 0.0, "dropped": 0.0}
        self._take()
        tracing = {"enabled": True, "endpoint": f"http://127.0.0.1:{self._port}", "sample": 1,
                   "timeout": f"{self.TIMEOUT_SECONDS}s", "interval": "1s", "queue": self.QUEUE}
        return super().make(under, tracing=tracing, **sections)

    def phases(self) -> list[Phase]:
        return [("takes traces", lambda: None), ("is not there", self.close), ("says nothing", self._listen),
                ("takes them again", self._take)]

    def judge(self, phase: str) -> None:
        now = {outcome: self.service.metric(rf"martlet_spans_{outcome}_total") for outcome in self._seen}
        outcome = "exported" if phase.startswith("takes") else "dropped"
        if now[outcome] <= self._seen[outcome]:
            self.failures.append(f"{phase}: no span was {outcome}, so this shows nothing")
        self._seen = now

    def _listen(self) -> socket.socket:
        self.close()
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        return self._listener

    def _take(self) -> None:
        threading.Thread(target=self._serve, args=(self._listen(),), name="collector", daemon=True).start()

    @staticmethod
    def _serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=DeadCollector._answer, args=(connection,), daemon=True).start()

    @staticmethod
    def _answer(connection: socket.socket) -> None:
        # What the spans say is for the tests of the traces; here they are only taken.
        with connection, connection.makefile("rb") as file:
            try:
                while line := file.readline():
                    length = 0
                    while line.strip():
                        name, _, value = line.partition(b":")
                        length = int(value) if name.lower() == b"content-length" else length
                        line = file.readline()
                    file.read(length)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                return

    def close(self) -> None:
        if self._listener:
            # An accept that waits would keep it open.
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
