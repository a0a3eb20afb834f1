"""Reads a page of metrics with Python's own client, as text and as OpenMetrics, and compares the two.

    parse.py URL
"""

import sys
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text

FORMATS = {"text/plain": text, "application/openmetrics-text": openmetrics}


def families(url, media_type):
    request = urllib.request.Request(url, headers={"Accept": media_type})
    with urllib.request.urlopen(request) as response:
        assert response.headers["Content-Type"].startswith(media_type), response.headers["Content-Type"]
        found = list(FORMATS[media_type](response.read().decode()))
    names = [family.name for family in found]
    assert len(names) == len(set(names)), "a family is there twice"
    for family in found:
        assert family.documentation and family.type != "unknown", family
    return {family.name: family for family in found}


def series(found):
    # The scrape before counts in the next one's handlers.
    return {
        (sample.name, *sorted(sample.labels.items()))
        for family in found.values()
        for sample in family.samples
        if sample.labels.get("handler") != "/metrics"
    }


pages = [families(sys.argv[1], media_type) for media_type in FORMATS]
assert pages[0].keys() == pages[1].keys(), pages[0].keys() ^ pages[1].keys()
assert series(pages[0]) == series(pages[1]), series(pages[0]) ^ series(pages[1])
for media_type, page in zip(FORMATS, pages):
    predictions = {
        sample.labels["status"]: sample.value
        for sample in page["http_requests"].samples
        if sample.labels["handler"] == "/api/models/iris_model/prediction"
    }
    assert predictions == {"2xx": 2, "4xx": 1}, predictions
    print(f"{media_type}: {len(page)} metrics")
