"""What a load asks, and what became of it."""

from array import array
from collections import Counter
from dataclasses import dataclass, field

from processes import Failure


@dataclass(frozen=True)
class Traffic:
    """What is asked, how often, and over what connections."""

    port: int
    path: str
    # A body and the answer that is right for it; a body of None is a GET, an answer of None is any.
    exchanges: list[tuple[dict | None, dict | None]]
    # A second; None asks again as soon as there is an answer, over every connection at once.
    rate: float | None
    # Connections that are kept alive, the longest idle one used next; more are opened while all are busy.
    connections: int = 32
    maximum_connections: int = 400
    # The share of requests that open a connection of their own and say that it ends with them.
    fresh_share: float = 0.0
    # Whether 503 `Overloaded` is an answer and not a failure.
    takes_overload: bool = False
    workers: int = 1


@dataclass
class Answers:
    """What became of the requests: `kinds` holds the status, or 0 for a failure."""

    # When a request was to be sent, by time.monotonic(), and seconds until its answer.
    sent: array = field(default_factory=lambda: array("d"))
    seconds: array = field(default_factory=lambda: array("f"))
    kinds: array = field(default_factory=lambda: array("H"))
    # How much later than it was to the generator came to a request.
    late: array = field(default_factory=lambda: array("f"))
    failures: list[tuple[float, str]] = field(default_factory=list)
    failed: int = 0

    def add(self, other: "Answers") -> None:
        self.sent += other.sent
        self.seconds += other.seconds
        self.kinds += other.kinds
        self.late += other.late
        self.failures += other.failures
        self.failed += other.failed

    def latencies(self, status: int = 200, begin: float = 0, end: float = float("inf")) -> list[float]:
        """Seconds of the answers with `status` to what was to be sent between two moments, in ascending order."""
        return sorted(seconds for sent, seconds, kind in zip(self.sent, self.seconds, self.kinds)
                      if kind == status and begin <= sent < end)

    def counts(self, begin: float = 0, end: float = float("inf")) -> Counter:
        """How many of each kind."""
        return Counter(kind for sent, kind in zip(self.sent, self.kinds) if begin <= sent < end)


def percentile(ascending: list[float], share: float) -> float:
    """The value that `share` of them do not exceed (nearest rank)."""
    if not ascending:
        raise Failure("no answers, so no latency")
    return ascending[min(int(share * len(ascending)), len(ascending) - 1)]
