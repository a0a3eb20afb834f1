#!/usr/bin/env python3
"""Looks at the pages, light and dark, wide and narrow: stores screenshots and lets axe check them.

usage: looks.py BASE_URL NAME FOLDER MODEL...
"""

import sys

from axe_playwright_python.sync_playwright import Axe

from browser import check, chromium, expect, send, Visit

WIDTHS = (1280, 768, 360)
# The narrowest that WCAG 2.2 asks for (success criterion 1.4.10).
NARROWEST = 320
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


def violations(page) -> list:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found]


def look(browser, base: str, name: str, folder: str, model: str) -> None:
    for scheme in ("light", "dark"):
        visit = Visit(browser, base, color_scheme=scheme, reduced_motion="reduce")
        page = visit.open_model(model)
        check(f"{model}, {scheme}: axe finds nothing at first", not (found := violations(page)), found)
        send(page)
        expect(page.locator(".answer .status")).to_have_text(["200 OK"])
        page.get_by_role("button", name="Draw").click()
        page.get_by_text("The numbers").click()
        for width in (*WIDTHS, NARROWEST):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            check(f"{model}, {scheme}: nothing sticks out at {width} pixels", wide <= width, wide)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=f"{folder}/{name}-{model}-{scheme}-{width}.png", full_page=True)
        check(f"{model}, {scheme}: axe finds nothing when it is narrow", not (found := violations(page)), found)
        page.get_by_role("button", name="Clear").click()
        send(page)
        page.locator(".problem > span").first.wait_for()
        page.screenshot(path=f"{folder}/{name}-{model}-{scheme}-mistakes.png", full_page=True)
        check(f"{model}, {scheme}: axe finds nothing with mistakes shown", not (found := violations(page)), found)
        visit.finish(f"{model}, {scheme}")


if __name__ == "__main__":
    base, name, folder, *models = sys.argv[1:]
    with chromium() as browser:
        for model in models:
            look(browser, base, name, folder, model)
