#!/usr/bin/env python3
"""Predicts with the page, and makes the mistakes that people make.

usage: form.py BASE_URL      of a service with the repository's configuration
"""

import json
import re
import sys
import urllib.request

from browser import check, chromium, expect, field, ok, send, Visit

SAMPLE = {"age": 18, "sex": "female", "bmi": 15.0, "children": 0, "smoker": False, "region": "southwest"}


def predicted(base: str, body: dict) -> dict:
    request = urllib.request.Request(f"{base}/api/models/insurance_charges_model/prediction",
                                     json.dumps(body).encode(), {"content-type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def service(visit: Visit) -> None:
    page = visit.open("/")
    expect(page).to_have_url(f"{visit.base}/docs")
    expect(page).to_have_title("Example Model Service")
    expect(page.get_by_role("heading", level=1)).to_have_text("Example Model Service 0.1.0")
    health = page.get_by_role("list", name="Health")
    expect(health.get_by_role("listitem")).to_have_text(
        ["Startup started", "Readiness accepting traffic", "Liveness healthy"])
    links = page.get_by_role("navigation", name="Models").get_by_role("link")
    expect(links).to_have_text(["Iris Model1.0.0", "Insurance Charges Model0.1.0"])
    expect(page.get_by_role("heading", level=2, name="Iris Model 1.0.0")).to_be_visible()
    ok("the service, its health and its models are there")


def model(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("link", name="Insurance Charges Model").click()
    heading = page.get_by_role("heading", level=2, name="Insurance Charges Model 0.1.0")
    expect(heading).to_be_focused()
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text("martlet-development (ed25519)")
    metadata = json.load(urllib.request.urlopen(f"{visit.base}/api/models/insurance_charges_model/metadata"))
    expect(facts).to_contain_text(metadata["package"]["sha256"])
    ok("a model shows its package and who signed it")
    table = page.get_by_role("table", name="Input")
    expect(table.get_by_role("row")).to_have_count(7)
    expect(table.get_by_role("row", name="Body Mass Index")).to_contain_text("number15 to 50")
    expect(table.get_by_role("row", name="Sex")).to_contain_text("one ofmalefemale")
    expect(page.get_by_role("table", name="Output")).to_contain_text("US dollars")
    ok("a model shows its schemas")


def prediction(visit: Visit) -> None:
    page = visit.page
    form = page.get_by_role("form", name="Input")
    expect(form.get_by_label("Age")).to_have_value("18")
    expect(form.get_by_label("Body Mass Index")).to_have_value("15.0")
    expect(form.get_by_role("radio", name="female")).to_be_checked()
    expect(form.get_by_label("Region")).to_have_value("0")
    ok("the form begins with the sample")
    send(page)
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator(".status")).to_have_text("200 OK")
    expect(answer.locator(".time")).to_have_text(re.compile(r"^\d+(\.\d)? ms$"))
    charges = predicted(visit.base, SAMPLE)["charges"]
    expect(answer.locator(".values dd")).to_have_text(str(charges))
    check("the body is the service's", json.loads(answer.locator("pre").inner_text()) == {"charges": charges})
    changed = {**SAMPLE, "age": 44, "bmi": 30.5, "smoker": True, "sex": "male", "region": "northwest"}
    form.get_by_label("Age").fill("44")
    form.get_by_label("Body Mass Index").fill("30.5")
    form.get_by_text("male", exact=True).click()
    form.get_by_text("true", exact=True).click()
    form.get_by_label("Region").select_option("northwest")
    send(page)
    expect(answer.locator(".values dd")).to_have_text(str(predicted(visit.base, changed)["charges"]))
    ok("another input gives another prediction")


def mistakes(visit: Visit) -> None:
    page = visit.page
    form = page.get_by_role("form", name="Input")
    age = form.get_by_label("Age")
    age.fill("17")
    form.get_by_label("Children").fill("6")
    send(page)
    words = "Input should be greater than or equal to 18."
    expect(field(page, "Age").locator(".problem")).to_have_text(words)
    expect(age).to_have_attribute("aria-invalid", "true")
    expect(age).to_be_focused()
    check("the message describes the field",
          words in age.evaluate("field => field.getAttribute('aria-describedby').split(' ')"
                                ".map((id) => document.getElementById(id).textContent).join(' ')"))
    expect(field(page, "Children").locator(".problem")).to_have_text(
        "Input should be less than or equal to 5.")
    expect(page.locator(".field.wrong")).to_have_count(2)
    expect(page.locator("#announcement")).to_have_text("2 things are wrong with the input.")
    expect(page.locator(".answer .status")).to_have_text("400 Bad Request")
    ok("what the service refuses is said beside the fields")
    age.fill("18")
    form.get_by_label("Children").fill("5")
    send(page)
    expect(page.locator(".field.wrong")).to_have_count(0)
    expect(age).not_to_have_attribute("aria-invalid", "true")
    ok("messages go when the input is right")
    page.get_by_role("button", name="Clear").click()
    send(page)
    expect(page.locator(".problem", has_text="Field required.")).to_have_count(6)
    ok("an empty form leaves every field out")
    requests = []
    page.on("request", lambda request: requests.append(request.method))
    age.press_sequentially("1e")
    send(page)
    expect(field(page, "Age").locator(".problem")).to_have_text("This is not a number.")
    check("what is no number is not sent", "POST" not in requests, requests)
    page.get_by_role("button", name="Use the sample").click()
    expect(age).to_have_value("18")


def what_if(visit: Visit) -> None:
    page = visit.page
    controls = page.get_by_role("form", name="What if")
    asked = []
    page.on("request", lambda request: asked.append(request.post_data_json) if request.method == "POST" else None)
    controls.get_by_label("Field").select_option("Age")
    expect(controls.get_by_label("From")).to_have_value("18")
    expect(controls.get_by_label("To")).to_have_value("65")
    controls.get_by_role("button", name="Draw").click()
    expect(page.locator("figcaption")).to_have_text("33 predictions. ")
    check("a plot asks at most 33 times", len(asked) == 33 and {body["age"] for body in asked} >= {18, 65}, len(asked))
    low, high = (predicted(visit.base, {**SAMPLE, "age": age})["charges"] for age in (18, 65))
    plot = page.locator("svg.plot")
    said = plot.get_attribute("aria-label")
    check("the plot says what it shows", said.startswith("Charges for Age from 18 to 65: between ")
          and f"{low:,.6g} first" in said and f"{high:,.6g} last" in said, said)
    expect(plot.locator("circle.point")).to_have_count(33)
    expect(plot.locator("circle.current")).to_have_count(1)
    page.get_by_text("The numbers").click()
    expect(page.get_by_role("region", name="The numbers").get_by_role("row")).to_have_count(34)
    before = page.locator("line.current").get_attribute("x1")
    with page.expect_request("**/prediction"):
        page.get_by_role("form", name="Input").get_by_label("Age").fill("60")
    expect(page.locator("line.current")).not_to_have_attribute("x1", before)
    expect(page.locator("figcaption")).to_have_text("33 predictions. ")
    ok("the plot follows the form")
    expect(controls.get_by_role("button", name="Draw")).to_be_visible()
    held: list = []
    visit.context.route("**/prediction", lambda route: held.append(route))
    controls.get_by_role("button", name="Draw").click()
    expect(page.locator("figcaption")).to_contain_text("0 of 33")
    controls.get_by_role("button", name="Stop").click()
    expect(controls.get_by_role("button", name="Draw")).to_be_visible()
    check("a plot asks for few predictions at the same time", 1 <= len(held) <= 4, len(held))
    for route in held:
        route.abort()
    ok("a plot can be stopped")


def classes(visit: Visit) -> None:
    page = visit.open_model("iris_model")
    controls = page.get_by_role("form", name="What if")
    controls.get_by_label("Field").select_option("Petal Width")
    controls.get_by_role("button", name="Draw").click()
    expect(page.locator("figcaption")).to_have_text("33 predictions. ")
    expect(page.locator("svg.plot text.tick", has_text="Iris")).to_have_count(3)
    check("bounds that are excluded are not asked for", page.locator("circle.point").count() == 33)
    ok("classes are drawn as steps")


def starting(visit: Visit) -> None:
    """A start takes milliseconds, so what the service says during one is put in its place here."""
    page = visit.page
    context = visit.context
    loaded = []
    everything = json.load(urllib.request.urlopen(f"{visit.base}/api/models"))["models"]
    context.route("**/api/health/startup", lambda route: route.fulfill(status=503, json={"startup_status": "NOT_STARTED"}))
    context.route("**/api/models", lambda route: route.fulfill(json={"models": loaded}))
    visit.open("/docs")
    expect(page.locator("#notices")).to_contain_text("models appear here as they are loaded")
    expect(page.get_by_role("list", name="Health")).to_contain_text("Startup not started")
    loaded.append(everything[1])
    expect(page.get_by_role("heading", level=2, name="Insurance Charges Model")).to_be_visible()
    ok("a model appears while others load")
    context.unroute("**/api/health/startup")
    context.unroute("**/api/models")
    expect(page.get_by_role("navigation", name="Models").get_by_role("link")).to_have_count(2)
    expect(page.locator("#notices")).to_be_empty()
    expect(page.get_by_role("heading", level=2, name="Iris Model")).to_be_visible()
    ok("and the others when the service has started")


def many(visit: Visit) -> None:
    """More models than a test wants to load."""
    page = visit.page
    one = json.load(urllib.request.urlopen(f"{visit.base}/api/models"))["models"][0]
    models = [{**one, "qualified_name": f"model_{number}", "display_name": f"Model {number}"} for number in range(40)]
    visit.context.route("**/api/models", lambda route: route.fulfill(json={"models": [one, *models]}))
    visit.open("/docs")
    page.get_by_role("searchbox", name="Filter the models").fill("model 3")
    expect(page.get_by_role("navigation", name="Models").get_by_role("listitem")).to_have_count(11)
    ok("a long list has a filter")


if __name__ == "__main__":
    base = sys.argv[1]
    with chromium() as browser:
        visit = Visit(browser, base)
        for part in (service, model, prediction, mistakes, what_if):
            part(visit)
        visit.finish("form")
        for part in (classes, starting, many):
            visit = Visit(browser, base)
            part(visit)
            visit.finish(part.__name__)
