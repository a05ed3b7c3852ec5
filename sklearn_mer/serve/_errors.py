"""What clients are told when there is no answer."""

import asyncio
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

# How long, and how much, is read of a body that is refused.
_SECONDS, _BYTES = 2.0, 4_000_000


class Refusal(HTTPException):
    """A request that gets no answer; `detail` says why."""

    def __init__(self, status, why, headers=None):
        super().__init__(status, why, headers)


def as_json(_, error):
    """Return the response of an HTTPException."""
    why = error.detail
    if error.status_code in (404, 405):  # by Starlette
        why = "songs go to POST /predict; others are GET /, /healthz and /model"
    kind = JSONResponse if error.status_code == 408 else LastWord
    return kind({"error": why}, error.status_code, error.headers)


class LastWord(JSONResponse):
    """A response to a client that may still be sending.

    Were the connection closed at once, the system would tell the client of that and not of the
    response. So some of what it sends is read, and thrown away.
    """

    async def __call__(self, scope, receive, send):
        """Send it."""
        start = {"type": "http.response.start", "status": self.status_code}
        await send(start | {"headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        names = {name for name, _ in scope["headers"]}
        # A client that asked first sends nothing.
        if {b"content-length", b"transfer-encoding"} & names and b"expect" not in names:
            with suppress(TimeoutError):
                await asyncio.wait_for(_drain(receive), _SECONDS)
        await send({"type": "http.response.body", "body": b""})


async def _drain(receive):
    n_bytes, more = 0, True
    while more and n_bytes < _BYTES:
        message = await receive()
        more = message.get("more_body", False)
        n_bytes += len(message.get("body", b""))
