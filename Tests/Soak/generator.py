"""An open-loop load: requests leave at a constant rate, whatever becomes of the ones before them.

Latency counts from the moment that a request was to be sent, so that a server that stalls can't make the generator wait
and thereby look fast. One process for each worker, an epoll loop in each.
"""

import gc
import multiprocessing
import signal
import time

from load import Answers, Traffic
from processes import Failure
from worker import Worker


class Generator:
    """A load that runs until it is finished."""

    def __init__(self, traffic: Traffic):
        context = multiprocessing.get_context("spawn")
        self._over = context.RawValue("b", 0)
        # Of each worker: answered, failed.
        self._live = [context.RawArray("Q", 2) for _ in range(traffic.workers)]
        self._ends, self._processes = [], []
        for number in range(traffic.workers):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_work, args=(traffic, number, self._over, self._live[number], theirs), daemon=True)
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)
        for end in self._ends:
            self._receive(end)

    @property
    def answered(self) -> int:
        return sum(live[0] for live in self._live)

    @property
    def failed(self) -> int:
        return sum(live[1] for live in self._live)

    def finish(self) -> Answers:
        """Sends no more, waits for the answers to what was sent, and gives all of them."""
        self._over.value = 1
        answers = Answers()
        for end, process in zip(self._ends, self._processes):
            answers.add(self._receive(end))
            process.join()
        return answers

    def abandon(self) -> None:
        """Ends the workers, whatever they do."""
        for process in self._processes:
            process.kill()
            process.join()

    @staticmethod
    def _receive(end):
        try:
            return end.recv()
        except EOFError:
            raise Failure("a worker of the generator ended early; its error is above") from None


def capacity(traffic: Traffic, seconds: float) -> float:
    """Answers a second when every connection asks again at once."""
    generator = Generator(traffic)
    try:
        # The first moments are those of a service that has just begun.
        time.sleep(seconds / 4)
        began, before = time.monotonic(), generator.answered
        time.sleep(seconds * 3 / 4)
        rate = (generator.answered - before) / (time.monotonic() - began)
        answers = generator.finish()
    finally:
        generator.abandon()
    if answers.failed:
        raise Failure(f"{answers.failed} requests failed while the capacity was measured, the first: {answers.failures[0][1]}")
    return rate


def _work(traffic, number, over, live, end) -> None:
    # Ctrl-C is for whoever started this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # No cycles are made, and a collection would be a pause.
    gc.disable()
    worker = Worker(traffic, number, over, live)
    end.send("ready")
    end.send(worker.run())
