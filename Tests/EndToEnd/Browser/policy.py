#!/usr/bin/env python3
"""Visits the insurance model behind its policy.

usage: policy.py BASE_URL FOLDER      of configuration/insurance_policy.yaml; screenshots go to the folder
"""

import sys

from browser import check, chromium, expect, ok, send, Visit

DENIAL = "Prediction cannot be made if customer is a smoker over the age of 60."

if __name__ == "__main__":
    base, folder = sys.argv[1:]
    with chromium() as browser:
        visit = Visit(browser, base)
        page = visit.open_model("insurance_charges_model")
        expect(page.get_by_role("navigation", name="Models")).to_be_hidden()
        ok("one model needs no list")
        expect(page.locator(".chain li")).to_have_text(["model", "OPAPolicyDecorator"])
        expect(page.get_by_role("table", name="Output, alternative 2")).to_contain_text("messages")
        ok("the decorator and what it may answer are shown")
        form = page.get_by_role("form", name="Input")
        form.get_by_label("Age").fill("62")
        form.get_by_text("true", exact=True).click()
        send(page)
        expect(page.locator(".answer .status")).to_have_text("200 OK")
        expect(page.locator(".answer .values dd")).to_have_text(DENIAL)
        ok("a denial is an answer")
        page.get_by_role("button", name="Draw").click()
        expect(page.locator("figcaption")).to_contain_text("33 predictions.")
        expect(page.locator("figcaption")).to_contain_text(f"without a value: {DENIAL}")
        expect(page.locator("rect.gap")).to_have_count(1)
        denied = page.locator("figcaption").inner_text().split("predictions. ")[1].split(" ")[0]
        check("what is denied is a gap", page.locator("circle.point").count() == 33 - int(denied) and int(denied) > 0, denied)
        page.screenshot(path=f"{folder}/policy.png", full_page=True)
        visit.finish("policy")
