"""A server with the part of Open Policy Agent's REST API that the tests use, on regopy; README.md says what differs.

Prints one line once it listens: `ready PORT`, or `ready` and the socket's path. Ends when the program that started it does.
"""
import argparse
import json
import os
import re
import socketserver
import ssl
import threading
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from regopy import Interpreter, RegoError

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PARENT = os.getppid()


class Refusal(Exception):
    """An answer with another status than 200, in OPA's shape of an error."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message}


class Policies:
    """Modules by their ids, and the interpreter that evaluates them, which takes one question at a time."""

    def __init__(self):
        self._lock = threading.Lock()
        self._modules: dict[str, str] = {}
        self._interpreter = Interpreter()

    def put(self, name: str, source: str) -> None:
        self._replace(self._modules | {name: source})

    def delete(self, name: str) -> None:
        self.get(name)
        self._replace({other: source for other, source in self._modules.items() if other != name})

    def get(self, name: str) -> str:
        if name not in self._modules:
            raise Refusal(404, "resource_not_found", f"storage_not_found_error: policy id {json.dumps(name)}")
        return self._modules[name]

    def names(self) -> list[str]:
        return sorted(self._modules)

    def _replace(self, modules: dict[str, str]) -> None:
        interpreter = Interpreter()
        try:
            for name, source in modules.items():
                interpreter.add_module(name, source)
            # Whatever the parser has not found is found by asking.
            interpreter.set_input({})
            interpreter.query("data")
        except RegoError as error:
            raise Refusal(400, "invalid_parameter", f"error(s) occurred while compiling module(s): {error}") from None
        with self._lock:
            self._modules, self._interpreter = modules, interpreter

    def evaluate(self, path: list[str], question: object) -> dict:
        """`{"result": …}`, or nothing for what is undefined."""
        query = "data" + "".join(f".{name}" if IDENTIFIER.fullmatch(name) else f"[{json.dumps(name)}]" for name in path)
        with self._lock:
            if not self._modules:
                return {}
            self._interpreter.set_input(question)
            try:
                answer = str(self._interpreter.query(query))
            except RegoError as error:
                raise Refusal(500, "internal_error", str(error)) from None
        return {} if answer == "undefined" else {"result": json.loads(answer)["expressions"][0]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body go out together.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self):
        self.disable_nagle_algorithm = not isinstance(self.client_address, str)
        super().setup()

    def handle_any(self) -> None:
        # Read in any case, so that the connection can be used again.
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, answer = 200, self.route(body)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        content = json.dumps(answer, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def route(self, body: bytes) -> dict:
        names = [urllib.parse.unquote(name) for name in self.path.split("?")[0].split("/")[1:]]
        if names == ["health"]:
            return {}
        token = self.server.options.token
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            raise Refusal(401, "unauthorized", "request rejected by administrative policy")
        match self.command, names:
            case "GET" | "POST", ["v1", "data", *path]:
                return self.decide([name for name in path if name], body)
            case "GET", ["v1", "policies"]:
                return {"result": [self.module(name) for name in self.server.policies.names()]}
            case "GET", ["v1", "policies", *path]:
                return {"result": self.module("/".join(path))}
            case "PUT", ["v1", "policies", *path]:
                self.server.policies.put("/".join(path), body.decode())
                return {}
            case "DELETE", ["v1", "policies", *path]:
                self.server.policies.delete("/".join(path))
                return {}
        raise Refusal(404, "not_found", "404 page not found")

    def module(self, name: str) -> dict:
        return {"id": name, "raw": self.server.policies.get(name)}

    def decide(self, path: list[str], body: bytes) -> dict:
        if self.server.options.fields:
            print("asked", json.dumps({name.lower(): text for name, text in self.headers.items()}), flush=True)
        document = {}
        if self.command == "POST" and body:
            try:
                document = json.loads(body)
            except ValueError as error:
                raise Refusal(
                    400, "invalid_parameter", f"body contains malformed input document: {error}") from None
        answer = self.server.policies.evaluate(path, document.get("input", {}))
        if self.command == "POST" and "input" not in document:
            answer["warning"] = {"code": "api_usage_warning", "message": "'input' key missing from the request"}
        if self.server.options.decision_ids:
            answer["decision_id"] = str(uuid.uuid4())
        return answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; default any that is free")
    parser.add_argument("--unix", help="the path of a Unix-domain socket instead")
    parser.add_argument("--token", help="the bearer token that everything but /health asks for")
    parser.add_argument("--certificate", help="of the server, PEM: speaks TLS")
    parser.add_argument("--key", help="the certificate's key, PEM")
    parser.add_argument("--decision-ids", action="store_true", help="gives each decision an id, as decision logs do")
    parser.add_argument("--fields", action="store_true", help="prints the fields of each question: `asked {…}`")
    parser.add_argument("policies", nargs="*", type=Path, help="files of Rego, or folders of them")
    options = parser.parse_args()

    policies = Policies()
    for path in options.policies:
        for file in sorted(path.rglob("*.rego")) if path.is_dir() else [path]:
            policies.put(str(file), file.read_text())
    server = UnixServer(options.unix, Handler) if options.unix else Server(("127.0.0.1", options.port), Handler)
    server.options, server.policies = options, policies
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", options.unix or server.server_address[1], flush=True)
    while os.getppid() == PARENT:
        time.sleep(0.2)


if __name__ == "__main__":
    main()
