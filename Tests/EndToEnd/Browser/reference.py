#!/usr/bin/env python3
"""Uses Swagger UI at /docs/api.

usage: reference.py BASE_URL FOLDER      of a service with the repository's configuration; screenshots go to the folder
"""

import sys

from browser import chromium, expect, ok, Visit


def reference(browser, base: str, folder: str) -> None:
    for scheme in ("light", "dark"):
        visit = Visit(browser, base, color_scheme=scheme)
        page = visit.open("/docs/api")
        # What is listed is what is there already.
        page.locator(".opblock-post").first.wait_for()
        for operation in page.locator(".opblock-summary-control").all():
            operation.click()
        post = page.locator(".opblock-post").first
        post.locator(".execute").click()
        expect(post.locator(".live-responses-table td.response-col_status").last).to_contain_text("200")
        page.screenshot(path=f"{folder}/api-{scheme}.png", full_page=True)
        page.get_by_role("link", name="The service and its models").click()
        page.locator(".model").wait_for()
        ok(f"the API reference, {scheme}, asks the service and leads back")
        visit.finish(f"api, {scheme}")


if __name__ == "__main__":
    with chromium() as browser:
        reference(browser, *sys.argv[1:])
