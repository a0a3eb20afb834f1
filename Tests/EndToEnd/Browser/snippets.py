#!/usr/bin/env python3
"""Runs what the page offers as the same request: a server of this program's own compares what arrives.

usage: snippets.py BASE_URL SWIFT      SWIFT: the command that runs a Swift file
"""

import http.server
import json
import subprocess
import sys
import tempfile
import threading

from browser import check, chromium, ok, Visit

# As hostile to a shell, to Python and to Swift as JSON can be.
BODIES = [
    {"age": 42, "smoker": True, "region": "northwest", "none": None, "list": [1, [], {}]},
    {"it's": "a \"quoted\" $HOME `id` $(id) \\(x) \\#(y) \\##(z) \"\"\"# '''", "é": "😀 \u2028 \u0000 \n\t\\", "__proto__": "}, {"},
    {"whole": 9007199254740993, "small": -1.5e-7, "empty": "", "words": "true, false: null"},
]


class Echo(http.server.BaseHTTPRequestHandler):
    seen: list = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, self.headers["content-type"], json.loads(body)))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments) -> None:
        pass


def run(language: str, text: str, swift: str) -> str:
    suffix = {"curl": ".sh", "Python": ".py", "Swift": ".swift"}[language]
    command = {"curl": "/bin/sh", "Python": sys.executable, "Swift": swift}[language]
    with tempfile.NamedTemporaryFile("w", suffix=suffix) as file:
        file.write(text)
        file.flush()
        done = subprocess.run([command, file.name], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{language}: {done.stderr}\n{text}")
    return done.stdout


if __name__ == "__main__":
    base, swift = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/models/one/prediction"
    with chromium() as browser:
        visit = Visit(browser, base)
        page = visit.open("/docs")
        for number, body in enumerate(BODIES):
            texts = page.evaluate(
                "async ([url, text]) => {"
                "  const json = await import('/docs/assets/json.js');"
                "  const { LANGUAGES } = await import('/docs/assets/snippets.js');"
                "  const body = json.write(json.parse(text));"
                "  return LANGUAGES.map(({ title, write }) => [title, write(url, body)]);"
                "}", [url, json.dumps(body)])
            check("there are three languages", [title for title, _ in texts] == ["curl", "Python", "Swift"])
            for language, text in texts:
                output = run(language, text, swift)
                expected = ("/models/one/prediction", "application/json", body)
                check(f"{language} sends body {number}", Echo.seen == [expected], Echo.seen)
                check(f"{language} prints the answer", output.strip() == "{}", output)
                Echo.seen.clear()
        visit.finish("snippets")
