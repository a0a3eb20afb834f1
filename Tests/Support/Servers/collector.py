"""A collector of traces: takes OTLP over HTTP as protobuf, decoded by OpenTelemetry's own classes, and prints what came.

Prints `ready PORT` once it listens, and then one line of JSON for each request: its path, its fields, the status of the
answer, the attributes of its resource and its spans. Ends when the program that started it does.
"""
import argparse
import json
import os
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

PARENT = os.getppid()
# Printed beside the requests: a test that reads late is not to hold up an answer.
LINES: queue.Queue[str] = queue.Queue()


def value(any_value):
    kind = any_value.WhichOneof("value")
    return getattr(any_value, kind) if kind else None


def attributes(pairs) -> dict:
    names = [pair.key for pair in pairs]
    assert len(names) == len(set(names)), f"an attribute is there twice: {names}"
    return {pair.key: value(pair.value) for pair in pairs}


def described(span: Span) -> dict:
    assert len(span.trace_id) == 16 and len(span.span_id) == 8 and len(span.parent_span_id) in (0, 8)
    assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
    return {
        "trace": span.trace_id.hex(),
        "span": span.span_id.hex(),
        "parent": span.parent_span_id.hex(),
        "state": span.trace_state,
        "name": span.name,
        "kind": Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        "status": Status.StatusCode.Name(span.status.code).removeprefix("STATUS_CODE_"),
        "flags": span.flags,
        # Numbers of 19 digits are not everybody's.
        "start": str(span.start_time_unix_nano),
        "end": str(span.end_time_unix_nano),
        "nanoseconds": span.end_time_unix_nano - span.start_time_unix_nano,
        "attributes": attributes(span.attributes),
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    statuses: list[int] = []
    rejected = 0

    def do_POST(self):
        content = self.rfile.read(int(self.headers["content-length"]))
        request = ExportTraceServiceRequest()
        request.ParseFromString(content)
        # What no class knows would be kept and written again.
        known = ExportTraceServiceRequest()
        known.CopyFrom(request)
        known.DiscardUnknownFields()
        status = self.statuses.pop(0) if self.statuses else 200
        line = {
            "path": self.path,
            "fields": {name.lower(): text for name, text in self.headers.items()},
            "status": status,
            "unknown": known.ByteSize() != len(content),
            "resource": {},
            "scope": [],
            "spans": [],
        }
        for resource_spans in request.resource_spans:
            line["resource"] |= attributes(resource_spans.resource.attributes)
            for scope_spans in resource_spans.scope_spans:
                line["scope"] += [scope_spans.scope.name, scope_spans.scope.version]
                line["spans"] += [described(span) for span in scope_spans.spans]
        LINES.put(json.dumps(line))
        answer = ExportTraceServiceResponse()
        if status == 200 and self.rejected:
            answer.partial_success.rejected_spans = self.rejected
            answer.partial_success.error_message = "too many"
        self.send_response(status)
        if status != 200:
            self.send_header("Retry-After", "0")
        body = answer.SerializeToString() if status == 200 else b""
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def print_lines():
    while True:
        print("batch", LINES.get(), flush=True)


def end_with_parent():
    while os.getppid() == PARENT:
        time.sleep(0.5)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statuses", default="", help="of the first answers, by commas; 200 from then on")
    parser.add_argument("--rejected", type=int, default=0, help="how many spans of each batch are not wanted")
    arguments = parser.parse_args()
    Handler.statuses = [int(status) for status in arguments.statuses.split(",") if status]
    Handler.rejected = arguments.rejected
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(f"ready {server.server_address[1]}", flush=True)
    threading.Thread(target=print_lines, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
