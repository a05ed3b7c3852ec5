"""uvicorn, with what it does not limit."""

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ._guard import HEADERS

_END_SECONDS = 3


def make_server(app, pool, limits, tell):
    """Return the server.

    Parameters
    ----------
    app : ASGI application
        What answers.
    pool : Pool
        Its workers are ended first when the server is to end.
    limits : Limits
        What clients may take.
    tell : callable
        Called once the server listens and hears signals: who is told may end it at once.

    Returns
    -------
    uvicorn.Server
        The server.
    """

    class Protocol(H11Protocol):
        """A connection that must send a request soon, and has one only."""

        def connection_made(self, transport):
            super().connection_made(transport)
            if len(self.connections) > limits.n_connections:
                transport.abort()
            self.loop.call_later(limits.pause_seconds, self._end_if_silent)

        def _end_if_silent(self):
            if self.cycle is None and not self.transport.is_closing():
                self.transport.abort()

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            tell()

        async def shutdown(self, sockets=None):
            await pool.close()  # requests have an answer then: that there is none
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        headers=[("Connection", "close"), *HEADERS],
        timeout_graceful_shutdown=_END_SECONDS,
    )
    return Server(config)
