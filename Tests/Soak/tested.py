"""A model under load: where it is, what it is asked, and the answers that are right."""

from dataclasses import dataclass
from pathlib import Path

import heavy_model
from service import MODEL, Service, entry, path, predict
from traffic import make_inputs

INPUTS = 1_000
SEED = 5


@dataclass(frozen=True)
class Tested:
    """A model, and answers that the model alone gives by the command that needs no server."""

    name: str
    exchanges: list[tuple[dict, dict]]
    # What a configuration says beside the models.
    sections: dict

    @property
    def path(self) -> str:
        return path(self.name)

    def service(self, binary: Path, folder: Path, name: str = "martlet", under: list[object] = (), more: dict | None = None,
                **sections) -> Service:
        """A service with this model; `more` goes into the model's entry."""
        return Service(binary, folder, [entry(self.name, **more or {})], name, under, **self.sections | sections)


def light(binary: Path, folder: Path) -> Tested:
    """The insurance model, of whose requests nearly all is network."""
    return _tested(binary, folder, MODEL, make_inputs(SEED)[:INPUTS], {})


def heavy(binary: Path, folder: Path, layers: int) -> Tested:
    """A model whose prediction takes about 0.2 ms for each layer."""
    heavy_model.make(folder / "models", layers)
    # Not all of them: each one takes its time.
    inputs = heavy_model.inputs(INPUTS // 5)
    sections = {"model_packages": {"store": str(folder / "models"), "unsigned": "allow"}}
    return _tested(binary, folder, heavy_model.NAME, inputs, sections)


def _tested(binary: Path, folder: Path, name: str, inputs: list[dict], sections: dict) -> Tested:
    bare = Service(binary, folder, [entry(name)], "bare", **sections)
    return Tested(name, list(zip(inputs, predict(binary, bare.file, name, inputs))), sections)
