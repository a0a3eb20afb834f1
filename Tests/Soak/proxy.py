"""HAProxy before two or more replicas."""

import socket
from collections import Counter
from pathlib import Path

from processes import Failure, Process, free_port

# Where Debian has it, which the path of a user may not name.
PROGRAM = "/usr/sbin/haproxy"
# Off after three probes that fail, on after two that do not: 1.5 s after SIGTERM nothing new goes to a replica, a third of
# what `drain_delay` gives it. A probe that is late is none that fails: the machine may have other things to do.
CONFIGURATION = """\
global
    stats socket {folder}/haproxy.sock mode 600
    maxconn 8000

defaults
    mode {mode}
    # A connection that a replica does not take, or cuts, is the client's failure.
    retries 0
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout check 10s

frontend clients
    bind 127.0.0.1:{port}
    default_backend replicas

backend replicas
    balance roundrobin
    option httpchk GET /api/health/ready
    http-check expect status 200
    default-server check inter 500ms fall 3 rise 2
"""


class Proxy(Process):
    """HAProxy in a mode: `http` sends each request to a replica that is ready, `tcp` each connection."""

    def __init__(self, folder: Path, mode: str, replicas: list[Process]):
        super().__init__("HAProxy", [PROGRAM, "-db", "-f", folder / "haproxy.cfg"], free_port(), folder / "haproxy.log")
        self._socket = folder / "haproxy.sock"
        text = CONFIGURATION.format(folder=folder, mode=mode, port=self.port)
        text += "".join(f"    server {replica.name} 127.0.0.1:{replica.port}\n" for replica in replicas)
        (folder / "haproxy.cfg").write_text(text)

    def sees_up(self, replica: Process) -> bool:
        """Whether requests may go to a replica."""
        return self._server(replica.name)["status"].startswith("UP")

    def trouble(self) -> Counter:
        """What went wrong between it and the replicas, all together."""
        names = "econ", "eresp", "wretr", "wredis"
        backend = self._server("BACKEND")
        return Counter({name: int(backend[name] or 0) for name in names})

    def _server(self, name: str) -> dict[str, str]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self._socket))
            connection.sendall(b"show stat\n")
            text = b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()
        header, *lines = (line.removeprefix("# ").split(",") for line in text.splitlines() if line)
        for line in lines:
            row = dict(zip(header, line))
            if row["pxname"] == "replicas" and row["svname"] == name:
                return row
        raise Failure(f"HAProxy knows nothing of {name}")
