#!/usr/bin/env python3
"""Runs `martlet top` in a pseudo-terminal as a person does: looks, makes it narrower, stops the service and starts it
again, and quits. Prints a line for each step; exits with 1 at the first that is not as it should be."""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import urllib.request

PATIENCE_SECONDS = 120
ROWS = 30


class Screen:
    """As much of a terminal as the program uses: it fails at anything else."""

    SEQUENCE = re.compile(r"\x1b\[(\??)([0-9;]*)([A-Za-z])")

    def __init__(self):
        self.modes = {1049: False, 25: True, 7: True}
        self.main = []
        self._lines = [""] * ROWS
        self._row = self._column = 0

    @property
    def lines(self):
        return [line.rstrip() for line in self._lines]

    def feed(self, text):
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                match = self.SEQUENCE.match(text, at)
                assert match, f"no sequence that a terminal is known to have: {text[at:at + 20]!r}"
                self._obey(match[1] == "?", match[2], match[3])
                at = match.end()
                continue
            if text[at] == "\r":
                self._column = 0
            elif text[at] == "\n":
                self._row += 1
                assert self._row < ROWS, "the screen scrolls"
            else:
                assert text[at] >= " ", f"a control character: {text[at]!r}"
                line = self._lines[self._row].ljust(self._column)
                self._lines[self._row] = line[:self._column] + text[at] + line[self._column + 1:]
                self._column += 1
            at += 1

    def _obey(self, is_private, numbers, letter):
        if is_private:
            assert letter in "hl" and int(numbers) in self.modes, (numbers, letter)
            self.modes[int(numbers)] = letter == "h"
        elif letter == "H":
            self._row = self._column = 0
        elif letter == "K":
            self._lines[self._row] = self._lines[self._row][:self._column]
        elif letter == "J":
            self._lines[self._row] = self._lines[self._row][:self._column]
            self._lines[self._row + 1:] = [""] * (ROWS - self._row - 1)
        else:
            assert letter == "m", letter


class Top:
    """The program in its terminal."""

    def __init__(self, command, width, environment):
        # A shell's terminal: what it is like before is what it has to be like afterwards.
        self._terminal, self._other = pty.openpty()
        self.resize(width)
        self.before = termios.tcgetattr(self._other)
        self.screen = Screen()
        self._process = subprocess.Popen(
            command, stdin=self._other, stdout=self._other, stderr=self._other, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), env=os.environ | environment)
        self.seen = ""
        self._rest = b""

    def resize(self, width):
        self.width = width
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, width, 0, 0))

    def type(self, keys):
        os.write(self._terminal, keys)

    def send(self, number):
        self._process.send_signal(number)

    def read(self, seconds=0.1):
        if select.select([self._terminal], [], [], seconds)[0]:
            # A character of several bytes may come in two pieces.
            bytes_ = self._rest + os.read(self._terminal, 1 << 16)
            text = bytes_.decode(errors="ignore")
            self._rest = bytes_[len(text.encode()):]
            self.seen += text
            self.screen.feed(text)

    def wait_for(self, what, is_there):
        deadline = time.monotonic() + PATIENCE_SECONDS
        # What is drawn comes in pieces: after a resize, lines of before may stand below new ones for a moment.
        while not is_there(self.screen.lines) or any(len(line) > self.width for line in self.screen.lines):
            assert time.monotonic() < deadline, f"{what}: not within {PATIENCE_SECONDS} s:\n" + "\n".join(self.screen.lines)
            self.read()
        print(f"{what}: yes", flush=True)

    def ended(self):
        """Its status, and that the terminal is as it was."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self.read()
        self.read()
        assert self.screen.modes == {1049: False, 25: True, 7: True}, self.screen.modes
        assert termios.tcgetattr(self._other) == self.before, "the terminal is not as it was"
        return self._process.returncode


def serve(options):
    server = subprocess.Popen([options.binary, "serve", "--config", options.config], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if "ready " in line:
            return server
    raise AssertionError("the service did not start")


def predict(port):
    body = json.dumps({"sepal_length": 6.0, "sepal_width": 3.0, "petal_length": 4.5, "petal_width": 1.5}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/models/iris_model/prediction", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        assert answer.status == 200


def has(*words):
    return lambda lines: any(all(word in line for word in words) for line in lines)


def look(options):
    server = serve(options)
    command = [options.binary, "top", "--config", options.config, "--interval", "0.3"]
    try:
        top = Top(command, 120, {"TERM": "xterm"})
        top.wait_for("it has the whole screen", lambda lines: top.screen.modes == {1049: True, 25: False, 7: False})
        top.wait_for("the service is ready", has("martlet 0.1.0", "ready"))

        def busy(lines):
            predict(options.port)
            return has("POST /api/models/iris_model/prediction")(lines) and has("iris_model", "loaded", "predicted")(lines) \
                and has("CachingDecorator", "hits", "hit")(lines)

        top.wait_for("predictions and hits are shown", busy)
        assert "\x1b[32m" in top.seen, "no color"
        top.resize(60)
        top.wait_for("a narrow terminal cuts lines", lambda lines: has("HANDLER", "…")(lines) and len(lines[0]) <= 60)
        top.resize(120)
        top.wait_for("a wide one has all", lambda lines: has("HANDLER", "5XX/S")(lines))
        server.kill()
        server.wait()
        top.wait_for("the service is away", has("no metrics for", "refused"))
        server = serve(options)
        top.wait_for("the service is back", lambda lines: has("ready")(lines) and not has("no metrics")(lines))
        top.type(b"q")
        assert top.ended() == 0
        print("q ends it: yes")

        for name, end in (("Ctrl-C", lambda top: top.type(b"\x03")), ("SIGTERM", lambda top: top.send(signal.SIGTERM))):
            top = Top(command, 80, {"TERM": "xterm", "NO_COLOR": "1"})
            top.wait_for("ready again", has("ready"))
            end(top)
            assert top.ended() == 0
            assert "m" not in {match[3] for match in Screen.SEQUENCE.finditer(top.seen)}, "a color in spite of NO_COLOR"
            print(f"{name} ends it: yes")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--port", type=int, required=True, help="which nobody takes while the service is down")
    options = parser.parse_args()
    # The configuration says where to listen by it.
    os.environ["PORT"] = str(options.port)
    try:
        look(options)
    except AssertionError as error:
        sys.exit(f"FAILED: {error}")
