"""Plays the rendered manifests as podman's pods: `podman kube play` of kubernetes/base and kubernetes/overlays/policy.

pods.py IMAGE        the image has to have the example models in it

ConfigMaps, volumes, security contexts and limits are those of the manifests. What podman 4.3 does not know is changed:
the sidecar becomes a container beside, the pod's port a port of this machine, and the liveness probe, which podman would
run in the container with curl, is left out. Open Policy Agent is the real one where its image can be pulled, and
otherwise the stand-in of the tests, which evaluates the same policies.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

import yaml

from image import INSURANCE, PATIENCE, PREDICTION, expect, failed, free_port, podman, request

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(FOLDER))
STAND_IN = "localhost/martlet-opa-stand-in:test"
STAND_IN_FILE = """
FROM localhost/martlet-debian:bookworm
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3 python3-pip >/dev/null && rm -rf /var/lib/apt/lists/*
COPY . /
RUN pip install --quiet --break-system-packages --no-index --no-deps /*.whl
"""


def rendered(part):
    outcome = subprocess.run(
        ["kubectl", "kustomize", f"{ROOT}/kubernetes/{part}"], env={**os.environ, "KUBECONFIG": "/dev/null"},
        capture_output=True, text=True, check=True)
    return [each for each in yaml.safe_load_all(outcome.stdout) if each["kind"] in ("ConfigMap", "Deployment")]


def build_stand_in():
    with open(f"{ROOT}/Tests/requirements.txt", encoding="utf-8") as file:
        regopy = next(line.strip() for line in file if line.startswith("regopy=="))
    subprocess.run([f"{ROOT}/.ci/debian-image"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        # Debian 12's Python, whichever runs here.
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--only-binary=:all:", "--python-version=3.11", f"--dest={folder}", regopy], check=True)
        shutil.copy(f"{ROOT}/Tests/Support/Servers/opa_server.py", folder)
        with open(f"{folder}/Dockerfile", "w", encoding="utf-8") as file:
            file.write(STAND_IN_FILE)
        podman("build", "--quiet", "--pull=never", "--network=host", f"--tag={STAND_IN}", folder)


def sidecar(container):
    """The sidecar as podman 4.3 can run it."""
    container.pop("restartPolicy")
    for probe in [key for key in container if key.endswith("Probe")]:
        container.pop(probe)
    if podman("pull", "--quiet", container["image"], check=False).returncode != 0:
        print("     no registry answers: the tests' stand-in for Open Policy Agent evaluates the policies")
        build_stand_in()
        container["image"] = STAND_IN
        container["command"] = ["python3", "-B", "/opa_server.py", "--port", "8181"]
        container["args"] = ["/policies/insurance_charges_model.rego"]
    return container


def play(image, part, check):
    print(f"     kubernetes/{part}")
    resources, port = rendered(part), free_port()
    pod = next(each for each in resources if each["kind"] == "Deployment")["spec"]["template"]["spec"]
    pod["containers"] += [sidecar(each) for each in pod.pop("initContainers", [])]
    service = pod["containers"][0]
    service["image"] = image
    service["ports"][0]["hostPort"] = port
    service.pop("livenessProbe")
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump_all(resources, file)
        file.flush()
        try:
            podman("kube", "play", file.name)
            start = time.monotonic()
            while request(port, "/api/health/ready")[0] != 200 and time.monotonic() - start < PATIENCE:
                time.sleep(0.05)
            expect(request(port, "/api/health/ready")[0] == 200, "the pod is ready", request(port, "/api/models"))
            answer = request(port, "/metrics")
            expect(answer[0] == 200, "it has metrics", answer)
            check(port)
        finally:
            podman("kube", "down", file.name, check=False)


def predicts(port):
    answer = request(port, PREDICTION, INSURANCE)
    expect(answer[0] == 200 and answer[1].startswith('{"charges":'), "it predicts", answer)


def decides(port):
    predicts(port)
    answer = request(port, PREDICTION, {**INSURANCE, "age": 62, "smoker": True})
    expect(answer[0] == 200 and answer[1].startswith('{"messages":'), "the policy of the ConfigMap denies", answer)


def main():
    image = sys.argv[1]
    if not any(os.access(f"{folder}/kubectl", os.X_OK) for folder in os.environ["PATH"].split(":")):
        print("test-image: no kubectl on the PATH; kubernetes/ was not rendered and not played")
        return
    play(image, "base", predicts)
    play(image, "overlays/policy", decides)
    sys.exit(1 if failed() else 0)


main()
