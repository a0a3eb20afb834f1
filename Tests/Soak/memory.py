"""What a process's resident memory comes to over time."""

import threading
import time

from processes import Process

READ_SECONDS = 1.0


class Memory(threading.Thread):
    """Reads a process's resident memory every second until it is told to stop."""

    def __init__(self, process: Process):
        super().__init__(name=f"memory of {process.name}", daemon=True)
        self.megabytes: list[tuple[float, float]] = []
        self._process = process
        self._is_over = threading.Event()

    def run(self) -> None:
        while True:
            try:
                self.megabytes.append((time.monotonic(), self._process.resident_bytes() / 1e6))
            except (OSError, IndexError):
                return
            if self._is_over.wait(READ_SECONDS):
                return

    def stop(self) -> None:
        self._is_over.set()
        self.join()

    def highest(self, begin: float, end: float) -> float:
        """The most of what was read between two moments of time.monotonic()."""
        return max(megabytes for moment, megabytes in self.megabytes if begin <= moment <= end)
