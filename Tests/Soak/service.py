"""The server under test: its configuration, its process, and whether it is well."""

import json
import re
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from processes import REPOSITORY, START_SECONDS, Failure, Process, free_port

MODEL = "insurance_charges_model"


def path(model: str) -> str:
    """Where predictions of a model are asked for."""
    return f"/api/models/{model}/prediction"


def configuration(models: list[dict], port: int, **sections) -> dict:
    """A configuration with the example models' packages; `sections` add to it or take the place of a default."""
    server = {"host": "127.0.0.1", "port": port} | sections.pop("server", {})
    return {
        "service_title": "Load",
        "model_packages": "models",
        "keys": json.loads((REPOSITORY / "configuration" / "rest_config.json").read_text())["keys"],
        "models": models,
        "logging": {"level": "error"},
        "server": server,
    } | sections


def entry(model: str = MODEL, **more) -> dict:
    """A model of a configuration."""
    return {"class_path": model, "qualified_name": model} | more


class Service(Process):
    """`martlet serve`."""

    def __init__(self, binary: Path, folder: Path, models: list[dict], name: str = "martlet", under: list[object] = (),
                 **sections):
        super().__init__(name, [], free_port(), folder / f"{name}.log")
        self.file = folder / f"{name}.json"
        self.configure(models, **sections)
        self.command = [*under, binary, "serve", "--config", self.file]

    def configure(self, models: list[dict], **sections) -> None:
        """Writes its configuration, whole or not at all for whoever reads it meanwhile."""
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps(configuration(models, self.port, **sections), indent=1))
        draft.rename(self.file)

    def start_ready(self) -> None:
        self.start()
        self.wait_until_ready()

    def is_well(self, probe: str = "") -> bool:
        """Whether a probe, `/ready` or liveness, is answered 200."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health{probe}", timeout=10) as answer:
                return answer.status == 200
        except OSError:
            return False

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_well("/ready"):
            self.check()
            if time.monotonic() > deadline:
                raise Failure(f"{self.name} is not ready after {START_SECONDS} s{self.last_words()}")
            time.sleep(0.02)

    def metric(self, pattern: str) -> float:
        """The sum of the samples of `/metrics` that begin with `pattern`, a regular expression."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if re.match(pattern, line))


def predict(binary: Path, settings: Path, model: str, inputs: list[dict]) -> list[dict]:
    """What the models of a configuration predict, by the command that needs no server."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(record) + "\n" for record in inputs)
        file.flush()
        outcome = subprocess.run(
            [binary, "predict", "--config", settings, "--model", model, file.name], cwd=REPOSITORY,
            capture_output=True, text=True)
    if outcome.returncode != 0:
        raise Failure(f"martlet predict failed:\n{outcome.stderr}")
    return [json.loads(line) for line in outcome.stdout.splitlines()]
