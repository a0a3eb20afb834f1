"""Chromium, with the network closed to everything but one server.

Every check prints a line; the first that fails ends the program with what was wrong. The last line is "done".
"""

import contextlib
import sys
import urllib.parse

from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
# How long anything may take to appear, in milliseconds. Only what fails takes this long.
PATIENCE = 20_000

# The probes and refused requests, which the browser itself writes to its console.
EXPECTED = "Failed to load resource: the server responded with a status of "


def ok(what: str) -> None:
    print(f"ok: {what}", flush=True)


def check(what: str, holds: bool, seen: object = "") -> None:
    if not holds:
        sys.exit(f"{what}: {seen}")
    ok(what)


class Visit:
    """One tab, and what it did that it should not."""

    def __init__(self, browser, base: str, **options) -> None:
        self.base = base
        self.origin = urllib.parse.urlsplit(base).netloc
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(PATIENCE)
        # Violations of the policy do not always reach the console of a page that has just begun to load.
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => "
            "console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));"
            "window.alert = (text) => console.error('alert: ' + text);")
        self.context.route("**/*", self._pass)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _pass(self, route) -> None:
        host = urllib.parse.urlsplit(route.request.url).netloc
        self.asked.add(host)
        if host == self.origin:
            route.continue_()
        else:
            route.abort()

    def _console(self, message) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.complaints.append(f"console: {message.text}")

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def open_model(self, name: str) -> Page:
        page = self.open(f"/docs#/{name}")
        page.locator(".model-heading code", has_text=name).wait_for()
        return page

    def finish(self, name: str) -> None:
        check(f"{name}: asked nobody but the service", self.asked == {self.origin}, self.asked)
        check(f"{name}: no violation of the policy, no error, no dialog", not self.complaints, self.complaints)
        self.context.close()


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            # Containers let no process make a sandbox of its own; names are not looked up at all.
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()
    print("done", flush=True)


def field(page: Page, label: str):
    """The field of the input's form that is called so, with its hints and messages."""
    return page.locator("form.form .field").filter(has=page.get_by_label(label, exact=True))


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()
