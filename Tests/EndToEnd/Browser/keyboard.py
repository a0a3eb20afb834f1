#!/usr/bin/env python3
"""Uses the page without a pointer.

usage: keyboard.py BASE_URL      of a service with the repository's configuration
"""

import sys

from browser import check, chromium, expect, ok, Visit

# What has the focus, as a person would call it, and whether one can see that it has.
FOCUSED = """() => {
    const it = document.activeElement;
    const shown = it.type === 'radio' ? it.nextElementSibling : it;
    const style = getComputedStyle(shown);
    const name = it.getAttribute('aria-label') || (it.labels && it.labels[0]?.textContent) || it.textContent.trim();
    return [it.localName + (it.type ? ':' + it.type : ''), name, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0];
}"""


class Keyboard:
    def __init__(self, page) -> None:
        self.page = page
        self.stops: list = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str, kind: str = "") -> None:
        """Presses Tab until something of this name has the focus; every stop on the way must be visible."""
        for _ in range(60):
            self.press("Tab")
            what, called, is_visible = self.page.evaluate(FOCUSED)
            self.stops.append((what, called))
            if not is_visible:
                sys.exit(f"the focus on {what} '{called}' cannot be seen")
            if called.startswith(name) and what.startswith(kind):
                return
        sys.exit(f"Tab does not get to '{name}': {self.stops}")


def use(visit: Visit) -> None:
    page = visit.open("/docs")
    page.get_by_role("heading", level=2, name="Iris Model").wait_for()
    keyboard = Keyboard(page)
    keyboard.tab_to("Skip to the model")
    keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keyboard.tab_to("Sepal Length")
    check("the skip link leads to the form", len(keyboard.stops) <= 3, keyboard.stops)
    visit.open("/docs")
    page.get_by_role("heading", level=2, name="Iris Model").wait_for()
    keyboard.tab_to("Insurance Charges Model", "a")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Insurance Charges Model")).to_be_focused()
    ok("another model is chosen")
    keyboard.tab_to("Age")
    keyboard.press("Control+a")
    page.keyboard.type("17")
    keyboard.press("Enter")
    expect(page.locator(".problem", has_text="greater than or equal to 18")).to_be_visible()
    expect(page.get_by_role("form", name="Input").get_by_label("Age")).to_be_focused()
    ok("a mistake brings the focus back to its field")
    keyboard.press("ArrowUp")
    expect(page.get_by_role("form", name="Input").get_by_label("Age")).to_have_value("18")
    keyboard.tab_to("female", "input:radio")
    keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="male", exact=True)).to_be_checked()
    keyboard.tab_to("false", "input:radio")
    keyboard.tab_to("Region", "select")
    page.keyboard.type("northe")
    keyboard.tab_to("Send", "button")
    keyboard.press("Space")
    expect(page.locator(".answer .status")).to_have_text("200 OK")
    expect(page.locator("#panel-1, [role=tabpanel]").first).to_contain_text('"region": "northeast"')
    ok("the form is filled and sent")
    keyboard.tab_to("curl", "button")
    keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Python")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Python")).to_contain_text("import urllib.request")
    keyboard.press("End")
    expect(page.get_by_role("tab", name="Swift")).to_have_attribute("aria-selected", "true")
    keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="curl")).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    ok("the tabs are moved through by arrows")
    keyboard.tab_to("Field", "select")
    keyboard.tab_to("Draw", "button")
    keyboard.press("Enter")
    expect(page.locator("figcaption")).to_have_text("33 predictions. ")
    expect(page.locator("#announcement")).to_contain_text("Charges for Age from 18 to 65")
    keyboard.tab_to("The numbers", "summary")
    keyboard.press("Enter")
    expect(page.get_by_role("region", name="The numbers")).to_be_visible()
    ok("the plot is drawn and read")


if __name__ == "__main__":
    with chromium() as browser:
        visit = Visit(browser, sys.argv[1])
        use(visit)
        visit.finish("keyboard")
