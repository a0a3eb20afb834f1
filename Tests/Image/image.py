"""Runs the container image as a cluster does: read-only, as uid 10000, without capabilities, in 200 MB.

image.py IMAGE       the image has to have the example models in it

Says how large the image is and how long it takes from start to ready. A check that fails is a line and the exit
status 1.
"""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

IMAGE_LIMIT = 60e6
MEMORY_LIMIT = 200 * 2**20
# server.drain_delay's default, and what `podman stop` waits before it kills: Kubernetes' default.
DRAIN_DELAY = 5
GRACE = 30
PATIENCE = 30

INSURANCE = {"age": 42, "sex": "female", "bmi": 24.0, "children": 2, "smoker": False, "region": "northwest"}
PREDICTION = "/api/models/insurance_charges_model/prediction"
RESTRICTED = [
    "--read-only", "--read-only-tmpfs=false", "--cap-drop=all", "--security-opt=no-new-privileges",
    f"--memory={MEMORY_LIMIT}", "--network=host",
]

failures = 0


def expect(condition, what, found=""):
    global failures
    print(f"{'ok  ' if condition else 'FAIL'} {what}" + ("" if condition else f": {found}"))
    failures += not condition


def failed():
    return failures > 0


def podman(*arguments, check=True):
    outcome = subprocess.run(["podman", *arguments], capture_output=True, text=True, check=False)
    if check and outcome.returncode != 0:
        raise SystemExit(f"podman {' '.join(arguments)}: {outcome.stderr.strip()}")
    return outcome


def inspect(what, name):
    return json.loads(podman(what, "inspect", name).stdout)[0]


def free_port():
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def request(port, path, body=None):
    """The status and the text of an answer; 0 when nobody takes the connection, -1 when it breaks off."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        reason = getattr(error, "reason", error)
        return (0 if isinstance(reason, ConnectionRefusedError) else -1), str(reason)


@contextlib.contextmanager
def container(image, *options):
    """A running container, its port, and how long it took to be ready; it is removed at the end."""
    port = free_port()
    start = time.monotonic()
    name = podman("run", "--detach", *RESTRICTED, f"--env=PORT={port}", *options, image).stdout.strip()
    try:
        while request(port, "/api/health/ready")[0] != 200:
            if time.monotonic() - start > PATIENCE:
                raise SystemExit(f"not ready after {PATIENCE} s: {podman('logs', name, check=False).stderr}")
            time.sleep(0.005)
        yield name, port, time.monotonic() - start
    finally:
        podman("rm", "--force", "--time=0", name, check=False)


def check_image(image):
    found = inspect("image", image)
    config = found["Config"]
    expect(found["Size"] <= IMAGE_LIMIT, f"the image has {found['Size'] / 1e6:.1f} MB", f"more than {IMAGE_LIMIT / 1e6}")
    expect(config["User"] == "10000:10000", "it runs as uid 10000", config["User"])
    expect(config["Entrypoint"] == ["/usr/bin/martlet"], "the program is process 1", config["Entrypoint"])
    health = found.get("Healthcheck") or {}
    expect(health.get("Test") == ["CMD", "/usr/bin/martlet", "healthcheck"], "it checks its health itself", health)
    labels = config.get("Labels") or {}
    for label in ("title", "description", "licenses", "version", "revision", "created"):
        expect(labels.get(f"org.opencontainers.image.{label}"), f"it has the label {label}", labels)
    shell = podman("run", "--rm", "--entrypoint=/bin/sh", image, "-c", "true", check=False)
    expect(shell.returncode != 0, "there is no shell in it", shell.stdout)
    bare = podman("run", "--rm", *RESTRICTED, "--workdir=/", image, check=False)
    message = (bare.stdout + bare.stderr).strip()
    expect(bare.returncode == 1 and "rest_config.yaml" in message, "without a configuration it says which file it wants",
           f"{bare.returncode}: {message}")


def process_status(process):
    with open(f"/proc/{process}/status", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def memory_limit(process):
    """What the process's cgroup may take, of either version."""
    with open(f"/proc/{process}/cgroup", encoding="utf-8") as file:
        for line in file:
            _, controllers, path = line.rstrip("\n").split(":", 2)
            if controllers == "memory":
                name = f"/sys/fs/cgroup/memory{path}/memory.limit_in_bytes"
            elif controllers == "":
                name = f"/sys/fs/cgroup{path}/memory.max"
            else:
                continue
            with contextlib.suppress(OSError), open(name, encoding="utf-8") as limit:
                return int(limit.read())
    return None


def check_service(name, port):
    process = inspect("container", name)["State"]["Pid"]
    status = process_status(process)
    expect(status["Uid"].split() == ["10000"] * 4, "the process has uid 10000", status["Uid"])
    for kind in ("CapEff", "CapPrm", "CapBnd"):
        expect(int(status[kind], 16) == 0, f"it has no capabilities ({kind})", status[kind])
    expect(status["NoNewPrivs"] == "1", "it can't gain privileges", status["NoNewPrivs"])
    with open(f"/proc/{process}/mounts", encoding="utf-8") as file:
        root = next(line.split()[3] for line in file if line.split()[1] == "/")
    expect("ro" in root.split(","), "its root is read-only", root)
    expect(memory_limit(process) == MEMORY_LIMIT, "it may take 200 MB", memory_limit(process))

    answer = request(port, PREDICTION, INSURANCE)
    expect(answer[0] == 200 and answer[1].startswith('{"charges":'), "it predicts", answer)
    answer = request(port, PREDICTION, {**INSURANCE, "age": 17})
    expect(answer[0] == 400 and "ValidationError" in answer[1], "it refuses what is wrong", answer)
    health = podman("healthcheck", "run", name, check=False)
    expect(health.returncode == 0, "its own health check passes", health.stdout + health.stderr)
    for _ in range(2000):
        request(port, PREDICTION, INSURANCE)
    resident = int(process_status(process)["VmRSS"].split()[0]) / 1024
    expect(resident < MEMORY_LIMIT / 2**20 / 2, f"after 2,000 predictions it takes {resident:.1f} MiB", "too much")


def check_drain(name, port):
    """`podman stop` under load: not ready at once, every request of the delay answered, then the end.

    After the delay the listener closes, and a connection that the kernel had taken and the service had not breaks off.
    """
    seen, stopped = [], threading.Event()

    def ask():
        while not stopped.is_set():
            answer = request(port, PREDICTION, INSURANCE)
            seen.append((time.monotonic(), answer))
            if answer[0] <= 0:
                return

    asking = threading.Thread(target=ask)
    asking.start()
    start = time.monotonic()
    stopping = subprocess.Popen(["podman", "stop", f"--time={GRACE}", name], stdout=subprocess.DEVNULL)
    not_ready = None
    while not_ready is None and stopping.poll() is None:
        if request(port, "/api/health/ready")[0] == 503:
            not_ready = time.monotonic() - start
        time.sleep(0.005)
    alive = request(port, "/api/health")
    expect(alive[0] == 200, "while it drains it is alive", alive)
    stopping.wait()
    took = time.monotonic() - start
    stopped.set()
    asking.join()
    expect(not_ready is not None and not_ready < DRAIN_DELAY,
           f"it is not ready {(not_ready or 0) * 1000:.0f} ms after `podman stop`", not_ready)
    # The delay begins when the signal is there, which is later than `start`.
    delayed = [answer for when, answer in seen if when - start < DRAIN_DELAY]
    wrong = [answer for answer in delayed if answer[0] != 200]
    expect(not wrong, f"every one of {len(delayed)} requests of the first {DRAIN_DELAY} s was answered", wrong[:3])
    last = max(when - start for when, answer in seen if answer[0] == 200)
    expect(last > DRAIN_DELAY * 0.8, f"it took requests for {last:.1f} s more", last)
    state = inspect("container", name)["State"]
    expect(state["ExitCode"] == 0 and took < GRACE, f"it ended with 0 after {took:.1f} s", (state["ExitCode"], took))


def main():
    image = sys.argv[1]
    check_image(image)
    with container(image) as (name, port, ready):
        summary = next(line for line in podman("logs", name).stdout.splitlines() if "ready " in line)
        print(f"     {ready * 1000:.0f} ms from `podman run` to ready; the program's own part: {summary.strip()}")
        check_service(name, port)
        check_drain(name, port)
    sys.exit(1 if failed() else 0)


if __name__ == "__main__":
    main()
