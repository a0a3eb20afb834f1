"""Bare ASGI, msgspec and ONNX Runtime: the fastest Python service that was found."""

from typing import Annotated, Literal

import msgspec

from scoring import charges


class Input(msgspec.Struct):
    age: Annotated[int, msgspec.Meta(ge=18, le=65)]
    sex: Literal["male", "female"]
    bmi: Annotated[float, msgspec.Meta(ge=15, le=50)]
    children: Annotated[int, msgspec.Meta(ge=0, le=5)]
    smoker: bool
    region: Literal["southwest", "southeast", "northwest", "northeast"]


class Output(msgspec.Struct):
    charges: float


decoder = msgspec.json.Decoder(Input)
encoder = msgspec.json.Encoder()


async def app(scope, receive, send) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    try:
        status, answer = 200, encoder.encode(Output(charges(decoder.decode(body))))
    except msgspec.DecodeError as error:
        status, answer = 400, encoder.encode({"type": "ValidationError", "messages": [str(error)]})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
