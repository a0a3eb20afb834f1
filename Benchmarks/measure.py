"""Starts one server, checks what it predicts, loads it with wrk and reads what that cost from /proc."""

import http.client
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from servers import PREDICTION, Server, executable, free_port

CONNECTIONS = 64
START_SECONDS = 60
STOP_SECONDS = 10
# wrk has one thread; above this share of a CPU it, and not the server, limits the requests per second.
WRK_LIMIT = 0.95
ALLOCATION_PREDICTIONS = 2048
OUTSIDE_SCHEMA = {"age": 17, "sex": "female", "bmi": 24.0, "children": 2, "smoker": False, "region": "northwest"}
FOLDER = Path(__file__).resolve().parent
CPUS = sorted(os.sched_getaffinity(0))
SERVER_CPU, WRK_CPU = str(CPUS[0]), str(CPUS[-1])


class Failure(Exception):
    """A server that does not start, predicts something else, or fails requests."""


@dataclass(frozen=True)
class Sample:
    """One measurement of a server that was started for it."""

    cpu_microseconds: float
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    resident_megabytes: float
    idle_megabytes: float
    start_seconds: float
    wrk_is_limit: bool


@dataclass(frozen=True)
class RunningServer:
    """A server that has made its first prediction."""

    server: Server
    pid: int
    port: int
    start_seconds: float

    def _family(self) -> Iterator[int]:
        """The process and all it started."""
        pending = [self.pid]
        while pending:
            pid = pending.pop()
            yield pid
            for thread in os.listdir(f"/proc/{pid}/task"):
                pending += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        ticks = 0
        for pid in self._family():
            # proc(5): the name, in parentheses, may hold spaces; utime and stime are fields 14 and 15.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self) -> float:
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._family())
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def connect(port: int) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS))


def post(connection: http.client.HTTPConnection, record: dict) -> tuple[int, bytes]:
    body = json.dumps(record, separators=(",", ":")).encode()
    connection.request("POST", PREDICTION, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.read()


def predicts(port: int, record: dict) -> bool:
    try:
        with connect(port) as connection:
            return post(connection, record)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


@contextmanager
def running(server: Server, record: dict, preload: dict[str, str] | None = None) -> Iterator[RunningServer]:
    """Starts a server on a free port, waits until it predicts `record`, and stops it at the end."""
    port = free_port()
    with tempfile.TemporaryFile() as output:
        began = time.monotonic()
        process = subprocess.Popen(
            ["taskset", "--cpu-list", SERVER_CPU, *server.command(port)], stdout=output, stderr=output,
            env=os.environ | server.environment | (preload or {}))
        try:
            while not predicts(port, record):
                if process.poll() is not None or time.monotonic() > began + START_SECONDS:
                    output.seek(0)
                    last_words = output.read().decode(errors="replace").splitlines()[-15:]
                    state = ("makes no prediction" if process.returncode is None
                             else f"exited with {process.returncode}")
                    raise Failure("\n  ".join([f"{server.name} {state}; its last words:", *last_words]))
                time.sleep(0.001)
            yield RunningServer(server, process.pid, port, time.monotonic() - began)
        finally:
            stop(process)


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def verify(process: RunningServer, expected: list[dict]) -> None:
    """Fails unless the server gives LightGBM's predictions, and refuses a record outside the schema."""
    with connect(process.port) as connection:
        for record in expected:
            status, answer = post(connection, record["input"])
            charges = record["output"]["charges"]
            if status != 200 or abs(json.loads(answer)["charges"] - charges) > process.server.tolerance * charges:
                raise Failure(f"{process.server.name} answers {status} {answer.decode()} to {record['input']}; "
                              f"LightGBM predicts {charges}")
        status, answer = post(connection, OUTSIDE_SCHEMA)
        if status not in (400, 422):
            raise Failure(f"{process.server.name} answers {status} {answer.decode()} to {OUTSIDE_SCHEMA}, which is "
                          "outside its schema")


def load(process: RunningServer, seconds: int, script: str, *arguments: object) -> tuple[dict, bool]:
    """What wrk reports of that many seconds of a script, and whether wrk itself was the limit."""
    wrk = subprocess.Popen(
        ["taskset", "--cpu-list", WRK_CPU, executable("wrk"), "--threads", "1", "--connections", str(CONNECTIONS),
         "--duration", f"{seconds}s", "--timeout", "30s", "--script", str(FOLDER / script),
         f"http://127.0.0.1:{process.port}{PREDICTION}", "--", *map(str, arguments)],
        stdout=subprocess.PIPE, text=True)
    output = wrk.stdout.read()
    _, status, usage = os.wait4(wrk.pid, 0)
    if status != 0:
        raise Failure(f"wrk failed against {process.server.name}:\n{output}")
    report = json.loads(output.splitlines()[-1])
    if report["failures"] or not report["requests"]:
        raise Failure(f"{process.server.name} failed {report['failures']} of {report['requests']} requests under load")
    return report, usage.ru_utime + usage.ru_stime > WRK_LIMIT * report["seconds"]


def sample(server: Server, expected: list[dict], bodies: Path, warm_up: int, seconds: int) -> Sample:
    """Starts a server, verifies its predictions and measures it under load for that many seconds."""
    with running(server, expected[0]["input"]) as process:
        idle_megabytes = process.resident_megabytes()
        if server.predicts:
            verify(process, expected)
        return replace(loaded(process, warm_up, seconds, "requests.lua", bodies), idle_megabytes=idle_megabytes)


def loaded(process: RunningServer, warm_up: int, seconds: int, script: str, argument: object) -> Sample:
    """Measures a server under the load of a script for that many seconds."""
    idle_megabytes = process.resident_megabytes()
    load(process, warm_up, script, argument)
    before = process.cpu_seconds()
    report, wrk_is_limit = load(process, seconds, script, argument)
    return Sample(
        cpu_microseconds=(process.cpu_seconds() - before) / report["requests"] * 1e6,
        requests_per_second=report["requests"] / report["seconds"],
        p50_milliseconds=report["p50"], p99_milliseconds=report["p99"],
        resident_megabytes=process.resident_megabytes(), idle_megabytes=idle_megabytes,
        start_seconds=process.start_seconds, wrk_is_limit=wrk_is_limit)


def allocations_per_prediction(server: Server, expected: list[dict], work: Path) -> float:
    """Heap allocations of a server per prediction, in steady state, counted by a preloaded library."""
    library, count = work / "allocations.so", work / "allocations"
    compiler = executable("gcc")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, FOLDER / "allocations.c"], check=True)

    def allocations() -> int:
        return int.from_bytes(count.read_bytes(), "little")

    preload = {"LD_PRELOAD": str(library), "ALLOCATIONS": str(count)}
    with running(server, expected[0]["input"], preload) as process:
        verify(process, expected)
        with connect(process.port) as connection:
            post(connection, expected[0]["input"])
            before = allocations()
            for i in range(ALLOCATION_PREDICTIONS):
                post(connection, expected[i % len(expected)]["input"])
            return (allocations() - before) / ALLOCATION_PREDICTIONS
