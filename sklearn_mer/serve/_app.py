"""The addresses of the service, and what they answer."""

import asyncio
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ._errors import Refusal, as_json
from ._pool import Died, NoWorker, TooSlow
from ._uploads import uploaded

_PAGE = {"": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
_STATUS = {TooSlow: 504, Died: 500, NoWorker: 503}
_WAIT = {"Retry-After": "10"}


def make_app(pool, folder, limits):
    """Return the ASGI application.

    Parameters
    ----------
    pool : Pool
        Who answers; it is started.
    folder : str
        Where uploads are meanwhile.
    limits : Limits
        What clients may take.

    Returns
    -------
    Starlette
        The application.
    """
    service = _Service(pool, folder, limits)
    routes = [
        Route("/predict", service.predict, methods=["POST"]),
        Route("/healthz", service.health),
        Route("/model", service.model),
        *(Route(f"/{name}", _page(name, kind, limits)) for name, kind in _PAGE.items()),
    ]
    handlers = {HTTPException: as_json, ClientDisconnect: _nobody, Exception: _fault}
    return Starlette(routes=routes, exception_handlers=handlers)


class _Service:
    def __init__(self, pool, folder, limits):
        self.pool, self.folder, self.limits, self.n_requests = pool, folder, limits, 0

    async def predict(self, request):
        if self.n_requests >= self.limits.n_requests:
            raise Refusal(503, f"{self.n_requests} songs are waiting already; try again", _WAIT)
        self.n_requests += 1
        try:
            async with uploaded(request, self.folder, self.limits) as (path, name):
                curve = request.query_params.get("curve", "0") not in ("", "0", "false")
                ask = self.pool.ask(path=path, name=name, curve=curve)
                row = await _unless_gone(request, ask)
        except tuple(_STATUS) as error:
            status = _STATUS[type(error)]
            headers = _WAIT if status == 503 else None
            return JSONResponse({"error": str(error)}, status, headers)
        finally:
            self.n_requests -= 1
        return JSONResponse(row, 422 if row["error"] else 200)

    async def health(self, _):
        n_workers = len(self.pool.workers)
        told = {"status": "ok" if n_workers else "no worker"}
        told |= {"workers": n_workers, "requests": self.n_requests}
        return JSONResponse(told, 200 if n_workers else 503)

    async def model(self, _):
        return JSONResponse(self.pool.about)


async def _unless_gone(request, ask):
    """Return an answer; a client that has gone needs none."""
    answer, gone = asyncio.ensure_future(ask), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientDisconnect
        return answer.result()
    finally:
        answer.cancel()
        gone.cancel()


async def _gone(request):
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _page(name, kind, limits):
    text = (files(__package__) / "page" / (name or "page.html")).read_text(encoding="utf-8")
    text = text.replace("{{ max_bytes }}", str(limits.max_bytes))

    async def answer(_):
        return Response(text, media_type=kind)

    return answer


def _nobody(*_):
    return Response(status_code=400)  # nobody reads it


def _fault(*_):
    return JSONResponse({"error": "the service has a fault; its log tells more"}, 500)
