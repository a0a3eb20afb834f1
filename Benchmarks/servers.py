"""The servers that are compared: how each is started, and how many times martlet's CPU it should take."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PEERS = REPOSITORY / "Benchmarks" / "peers"
MODELS = REPOSITORY / "models"
PREDICTION = "/api/models/insurance_charges_model/prediction"
# ONNX Runtime computes these trees in 32 bits.
ONNX_TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False)
class Server:
    name: str
    # From a free port to the command that serves on it.
    command: Callable[[int], list[str]]
    environment: dict[str, str]
    # At least how many times the CPU of martlet a request should cost.
    target: float | None = None
    # How far, relatively, a prediction may be from LightGBM's.
    tolerance: float = 0
    # Whether it predicts; nginx answers any request with the same bytes.
    predicts: bool = True


def martlet(
    binary: Path, work: Path, name: str = "martlet", decorators: list[dict] = [], metrics: bool = False
) -> Server:
    """With `decorators` around the insurance model, from the inside out."""
    configuration = work / f"{name}.json"
    configuration.write_text(json.dumps({
        "service_title": "Benchmark",
        "model_packages": str(MODELS),
        # Those that signed the example packages.
        "keys": json.loads((REPOSITORY / "configuration" / "rest_config.json").read_text())["keys"],
        "models": [
            {"class_path": "iris_model.IrisModel", "create_endpoint": True},
            {"class_path": "insurance_charges_model.InsuranceChargesModel", "create_endpoint": True,
             "decorators": decorators},
        ],
        "metrics": {"enabled": metrics},
        "server": {"loops": 1, "drain_delay": 0},
    }))
    return Server(
        name, lambda port: [str(binary), "serve", "--config", str(configuration), "--port", str(port)], {})


def nginx(answer: str, work: Path) -> Server:
    return Server(
        "nginx `return 200`", lambda port: constant(port, answer, work, "nginx"), {}, target=0.91, predicts=False)


def constant(port: int, answer: str, work: Path, name: str) -> list[str]:
    """The command of an nginx that gives the same answer to all."""
    configuration = work / f"{name}.conf"
    configuration.write_text(f"""
        daemon off; worker_processes 1; pid {work}/{name}.pid; error_log stderr crit;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 1000000000; client_body_temp_path {work}/{name};
            server {{
                listen 127.0.0.1:{port};
                location / {{ default_type application/json; return 200 '{answer}'; }}
            }}
        }}""")
    return [executable("nginx"), "-c", str(configuration), "-e", "stderr"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def python_peers(virtual_environment: Path, work: Path) -> list[Server]:
    def uvicorn(app: str) -> Callable[[int], list[str]]:
        return lambda port: [
            str(virtual_environment / "bin" / "uvicorn"), app, "--port", str(port), "--loop", "uvloop",
            "--http", "httptools", "--no-access-log", "--log-level", "warning"]

    def rest_model_service(name: str, model: str, target: float) -> Server:
        configuration = work / f"{model}.json"
        configuration.write_text(json.dumps(
            {"models": [{"class_path": f"rest_model.{model}", "create_endpoint": True}]}))
        environment = common | {"REST_CONFIG": str(configuration)}
        return Server(name, uvicorn("rest_model_service.main:app"), environment, target)

    common = {
        "PYTHONPATH": f"{PEERS}:{MODELS}", "PREPARED": str(work), "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
    }
    granian = [
        str(virtual_environment / "bin" / "granian"), "asgi_onnx:app", "--interface", "asgi", "--loop", "uvloop",
        "--log-level", "warning", "--port"]
    return [
        rest_model_service("rest_model_service, fastest form", "InsuranceChargesModel", target=35),
        rest_model_service("rest_model_service, as its articles do", "DataFrameInsuranceChargesModel", target=400),
        Server("FastAPI + ONNX Runtime", uvicorn("fastapi_onnx:app"), common, 14, ONNX_TOLERANCE),
        Server("ASGI + msgspec + ONNX Runtime on granian", lambda port: [*granian, str(port)], common, 5.5,
               ONNX_TOLERANCE),
    ]


def executable(name: str) -> str:
    """The path of a program that its Debian package is named after, or an exit that says how to install it."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if path is None:
        raise SystemExit(f"{name} is not installed; run: apt-get install {name}")
    return path
