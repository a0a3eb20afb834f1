#!/usr/bin/env python3
"""Visits a service whose every text is markup: all of it is shown, none of it is run.

usage: hostile.py BASE_URL      of Tests/EndToEnd/Browser/Fixtures/hostile.yaml
"""

import json
import sys

from browser import check, chromium, expect, field, ok, send, Visit

IMAGE = '<img src=x onerror="window.injected=1">'


def clean(page, where: str) -> None:
    check(f"{where}: nothing was run", page.evaluate("window.injected") is None)
    elements = page.evaluate("document.querySelectorAll('img[src=\"x\"], main script, main b, [onclick], [onerror]').length")
    check(f"{where}: nothing became an element", elements == 0, elements)


def model(visit: Visit) -> None:
    page = visit.open_model("hostile_model")
    expect(page).to_have_title(f"Service {IMAGE}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(IMAGE)
    expect(page.get_by_role("heading", level=2, name="Hostile")).to_contain_text(IMAGE)
    expect(page.locator(".model > .lead")).to_have_text("Everything <script>window.injected=2</script> & more.")
    expect(page.get_by_role("table", name="Input")).to_contain_text("<b onclick=alert(1)>")
    expect(page.locator("dl.facts")).to_contain_text("nobody: it is not signed")
    clean(page, "at first")
    send(page)
    expect(page.locator(".answer .values dd").first).to_have_text("<script>alert(3)</script>")
    check("the body is shown as it is",
          json.loads(page.locator(".answer pre").inner_text())["species"] == "<script>alert(3)</script>")
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("figcaption")).to_have_text("33 predictions. ")
    page.get_by_role("form", name="What if").get_by_label("Prediction").select_option("Species")
    expect(page.locator("svg.plot text.tick", has_text="<script>alert(")).to_have_count(1)
    page.locator("svg.plot").hover()
    clean(page, "after a prediction")
    page.get_by_role("button", name="Clear").click()
    send(page)
    expect(page.locator(".problem", has_text="Field required.")).to_have_count(5)
    clean(page, "after a refusal")


def fields(visit: Visit) -> None:
    """Every kind of field of the same model."""
    page = visit.open_model("hostile_model")
    form = page.get_by_role("form", name="Input")
    request = page.get_by_role("tabpanel")
    expect(request).to_contain_text('"count": 9007199254740993')
    expect(request).to_contain_text('"measured": null')
    for absent in ("remark", "wild", "address"):
        expect(request).not_to_contain_text(f'"{absent}"')
    ok("integers keep their digits, null is null, and what the sample lacks is left out")
    form.get_by_label("Remark", exact=True).fill("here")
    expect(request).to_contain_text('"remark": "here"')
    form.get_by_label("Remark: sent or not").select_option("null")
    expect(request).to_contain_text('"remark": null')
    form.get_by_label("Remark: sent or not").select_option("left out")
    expect(request).not_to_contain_text('"remark"')
    field(page, "Wild").get_by_text("false", exact=True).click()
    expect(request).to_contain_text('"wild": false')
    ok("a field is sent, null or left out")
    form.get_by_label("Address: sent or not").select_option("sent")
    form.get_by_label("Altitude").fill("9000")
    form.get_by_label("Country", exact=True).select_option("Chile")
    tags = form.get_by_label("Tags", exact=True)
    tags.fill('["a", "too long a tag", 7]')
    send(page)
    expect(field(page, "Altitude").locator(".problem")).to_have_text(
        "Input should be less than or equal to 8849.")
    expect(field(page, "Tags").locator(".problem > span")).to_have_text(
        ["1: String should have at most 8 characters.", "2: Input should be a valid string."])
    ok("messages find the fields of objects, and lists say which element")
    tags.fill("[")
    send(page)
    expect(field(page, "Tags").locator(".problem")).to_contain_text("This is not JSON")
    tags.fill('["a"]')
    form.get_by_label("Altitude").fill("88")
    send(page)
    expect(page.locator(".answer .status")).to_have_text("200 OK")
    ok("objects and lists are sent")


def failed(visit: Visit) -> None:
    page = visit.open("/docs#/missing_model")
    alert = page.locator(".model [role=alert]")
    expect(alert).to_contain_text("This model failed to load.")
    expect(alert).to_contain_text("there is no package missing_model")
    expect(page.get_by_role("list", name="Health")).to_contain_text("Readiness refusing traffic")
    expect(page.get_by_role("navigation", name="Models").get_by_role("link").nth(2)).to_contain_text("failed to load")
    ok("a model that failed says why")
    page = visit.open("/docs#/hidden_model")
    expect(page.locator(".model .notice")).to_have_text("The configuration gives this model no endpoint.")
    ok("a model without an endpoint has no form")


def reference(visit: Visit) -> None:
    page = visit.open("/docs/api")
    expect(page.locator(".info .title")).to_contain_text(IMAGE)
    page.locator(".opblock-post").first.click()
    page.locator(".opblock-post .opblock-description").wait_for()
    check("the API reference: nothing was run", page.evaluate("window.injected") is None)


if __name__ == "__main__":
    with chromium() as browser:
        for part in (model, fields, failed, reference):
            visit = Visit(browser, sys.argv[1])
            part(visit)
            if part is reference:
                # Swagger UI renders descriptions as Markdown; what the policy stops there has stopped.
                visit.complaints = [one for one in visit.complaints if not one.startswith("console: ")]
            visit.finish(part.__name__)
