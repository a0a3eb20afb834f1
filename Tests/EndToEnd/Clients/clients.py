#!/usr/bin/env python3
"""Calls a running martlet with the HTTP clients that Python people use, and prints a line for each call that went well.

usage: clients.py BASE_URL
"""

import asyncio
import sys

import aiohttp
import httpx
import requests

BODY = {"sepal_length": 6.0, "sepal_width": 3.0, "petal_length": 4.5, "petal_width": 1.5}
ANSWER = {"species": "Iris versicolor"}
CONCURRENT = 200


def check(name: str, holds: bool) -> None:
    if not holds:
        sys.exit(f"{name}: wrong answer")
    print(f"{name}: ok")


def with_requests(base: str) -> None:
    with requests.Session() as session:
        prediction = session.post(f"{base}/api/models/iris_model/prediction", json=BODY)
        check("requests, prediction", prediction.status_code == 200 and prediction.json() == ANSWER)
        # A generator has no length, so requests sends it in chunks.
        chunks = (bytes([byte]) for byte in requests.models.complexjson.dumps(BODY).encode())
        chunked = session.post(f"{base}/api/models/iris_model/prediction", data=chunks,
                               headers={"Content-Type": "application/json"})
        check("requests, chunked body", chunked.json() == ANSWER)
        check("requests, redirect", session.get(f"{base}/").url == f"{base}/docs")
        check("requests, HEAD", session.head(f"{base}/api/health").content == b"")
        missing = session.post(f"{base}/api/models/iris_model/prediction", json={})
        check("requests, four missing fields", missing.status_code == 400 and len(missing.json()["messages"]) == 4)


def with_httpx(base: str) -> None:
    with httpx.Client(base_url=base) as client:
        for _ in range(3):
            prediction = client.post("/api/models/iris_model/prediction", json=BODY)
        check("httpx, three on one connection", prediction.json() == ANSWER)
        contract = client.get("/openapi.json").json()
        check("httpx, contract", "/api/models/iris_model/prediction" in contract["paths"])
        large = client.post("/api/models/iris_model/prediction", content=b"x" * (2 << 20),
                            headers={"Content-Type": "application/json"})
        check("httpx, body beyond the limit", large.status_code == 413)
        check("httpx, right after it", client.post("/api/models/iris_model/prediction", json=BODY).json() == ANSWER)


async def with_aiohttp(base: str) -> None:
    async with aiohttp.ClientSession(base) as session:
        async def predict() -> bool:
            async with session.post("/api/models/iris_model/prediction", json=BODY) as response:
                return await response.json() == ANSWER
        answers = await asyncio.gather(*(predict() for _ in range(CONCURRENT)))
        check(f"aiohttp, {CONCURRENT} at once", all(answers))
        headers = {"Expect": "100-continue"}
        async with session.post("/api/models/iris_model/prediction", json=BODY, headers=headers,
                                expect100=True) as response:
            check("aiohttp, Expect: 100-continue", await response.json() == ANSWER)


if __name__ == "__main__":
    with_requests(sys.argv[1])
    with_httpx(sys.argv[1])
    asyncio.run(with_aiohttp(sys.argv[1]))
