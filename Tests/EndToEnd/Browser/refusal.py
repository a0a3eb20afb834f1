#!/usr/bin/env python3
"""Sends what a model written in Swift refuses by itself.

usage: refusal.py BASE_URL      of Examples/BodyMassIndex/rounded.yaml
"""

import sys

from browser import chromium, expect, ok, send, Visit

if __name__ == "__main__":
    with chromium() as browser:
        visit = Visit(browser, sys.argv[1])
        page = visit.open_model("body_mass_index_model")
        expect(page.locator("dl.facts")).to_contain_text("in the executable")
        expect(page.locator(".chain li")).to_have_text(["model", "RoundingDecorator", "PredictionIDDecorator"])
        form = page.get_by_role("form", name="Input")
        expect(form.get_by_label("Mass", exact=True)).to_have_value("")
        expect(page.get_by_role("button", name="Use the sample")).to_have_count(0)
        ok("a model without a sample has an empty form")
        form.get_by_label("Mass", exact=True).fill("80")
        form.get_by_label("Height", exact=True).fill("2")
        form.get_by_label("Prediction Id", exact=True).fill("mine")
        send(page)
        problems = page.locator("form.form .problems")
        expect(problems).to_contain_text("prediction_id must be a UUID")
        expect(problems).to_be_focused()
        expect(page.locator(".field.wrong")).to_have_count(0)
        ok("what fits no field is said above the form")
        form.get_by_label("Prediction Id: sent or not").select_option("left out")
        send(page)
        expect(page.locator(".answer .values dd").first).to_have_text("20.0")
        expect(problems).to_be_empty()
        ok("and goes when the model takes the input")
        visit.finish("refusal")
