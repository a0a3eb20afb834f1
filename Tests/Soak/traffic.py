"""What clients ask, what they may be answered, and the clients."""

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter

from processes import Failure
from service import MODEL, path

INPUTS = 5_000
# The first of them are asked for as often as all together, so that the cache has them.
POPULAR_INPUTS = 100
POPULAR_SHARE = 0.5
# As policies/insurance_charges_model.rego decides.
MAXIMUM_SMOKERS_AGE = 60
DENIAL = {"messages": ["Prediction cannot be made if customer is a smoker over the age of 60."]}
UNAVAILABLE_TYPES = {"PolicyUnavailable", "DeadlineExceeded"}
# The share of requests with a deadline, and what those say.
DEADLINE_SHARE = 0.1
DEADLINES = "0.05", "100ms", "1s"
ANSWER_SECONDS = 30
# After a 503, so that an outage is not all that clients see.
PAUSE_SECONDS = 0.05


def make_inputs(seed: int) -> list[dict]:
    chance = random.Random(seed)
    return [
        {
            "age": chance.randint(18, 65), "sex": chance.choice(("male", "female")),
            "bmi": round(chance.uniform(15, 50), 3), "children": chance.randint(0, 5),
            "smoker": chance.random() < 0.4,
            "region": chance.choice(("southwest", "southeast", "northwest", "northeast")),
        }
        for _ in range(INPUTS)
    ]


def kind(record: dict, expected: dict, prediction_id: str | None, status: int, retry: str | None, text: bytes) -> str | None:
    """What an answer is: `prediction`, `denial`, or the type of a 503; `None` for one that is wrong."""
    try:
        answer = json.loads(text)
        if status == 503:
            right = retry is not None and answer["type"] in UNAVAILABLE_TYPES and answer["messages"]
            return answer["type"] if right else None
        given = answer.pop("prediction_id")
        if prediction_id not in (None, given) or str(uuid.UUID(given)) != given:
            return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    is_denied = record["smoker"] and record["age"] > MAXIMUM_SMOKERS_AGE
    if status != 200 or answer != (DENIAL if is_denied else expected):
        return None
    return "denial" if is_denied else "prediction"


class Client(threading.Thread):
    """Asks over one connection until it is over, or an answer is wrong."""

    def __init__(self, number: int, seed: int, port: int, inputs: list[dict], expected: list[dict],
                 is_over: threading.Event, failures: list[str]):
        super().__init__(name=f"client {number}", daemon=True)
        self.counts = Counter()
        self.slowest_seconds = 0.0
        self._random = random.Random(f"{seed} client {number}")
        self._port = port
        self._records = list(zip(inputs, expected))
        self._is_over = is_over
        self._failures = failures

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        try:
            connection.connect()
            # A server that closes it without saying so is a failure, not a reason for another one.
            connection.auto_open = 0
            while not self._is_over.is_set():
                self.ask(connection)
        except Failure as failure:
            self._failures.append(f"{self.name}: {failure}")
            self._is_over.set()
        finally:
            connection.close()

    def ask(self, connection: http.client.HTTPConnection) -> None:
        is_popular = self._random.random() < POPULAR_SHARE
        record, expected = self._random.choice(self._records[:POPULAR_INPUTS] if is_popular else self._records)
        prediction_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4)) if self._random.random() < 0.5 else None
        body = json.dumps(record if prediction_id is None else record | {"prediction_id": prediction_id})
        fields = {"Content-Type": "application/json"}
        if self._random.random() < DEADLINE_SHARE:
            fields["X-Request-Timeout"] = self._random.choice(DEADLINES)
        began = time.monotonic()
        try:
            connection.request("POST", path(MODEL), body, fields)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Failure(f"no answer but {error!r} to {fields} {body}") from None
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - began)
        found = kind(record, expected, prediction_id, response.status, response.getheader("Retry-After"), text)
        if found is None or (found == "DeadlineExceeded" and "X-Request-Timeout" not in fields):
            raise Failure(
                f"a wrong answer\n  request: {fields} {body}\n  answer: {response.status} {text.decode(errors='replace')}\n"
                f"  right: {json.dumps(expected)}, its denial where the policy says so, or a 503")
        self.counts[found] += 1
        if response.status == 503:
            time.sleep(PAUSE_SECONDS)
