"""Requests that web pages of others make a browser send are refused."""

import ipaddress
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from ._errors import LastWord

# What a page may do that comes from here: ask here.
HEADERS = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class Guard:
    """Application that passes on what is asked for by its own name and from its own page.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    names : iterable of str
        How it may be called, beside addresses.
    any_address : bool
        Whether by any IP address, or by those of this machine alone (loopback).
    """

    def __init__(self, app, names, any_address):
        self.app, self.any_address = app, any_address
        self.names = {"localhost", *(name.lower().rstrip(".") for name in names)}

    async def __call__(self, scope, receive, send):
        """Pass on a request, or refuse it."""
        # With uvicorn, all that comes is HTTP.
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        why = self.why_not(scope["method"], headers)
        if why is None:
            await self.app(scope, receive, send)
        else:
            await LastWord({"error": why}, 403)(scope, receive, send)

    def why_not(self, method, headers):
        """Return why a request is refused, or None."""
        host = headers.get(b"host", "")
        # A page whose name was made to point here afterwards (DNS rebinding) has another name.
        if not self.knows(host):
            return (
                f"this service is not called {host[:100]!r}; if it is, start it with --name, or "
                "ask for its address"
            )
        if method in ("GET", "HEAD"):
            return None
        if b"sec-fetch-site" in headers:  # told by the browser itself, also through a proxy
            is_own = headers[b"sec-fetch-site"] in ("same-origin", "none")
        else:
            is_own = b"origin" not in headers or urlsplit(headers[b"origin"]).netloc == host
        return None if is_own else "a page of another site has asked for this; only its own may"

    def knows(self, host):
        """Say whether the service is called so."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        with suppress(ValueError):
            is_own = ipaddress.ip_address(name).is_loopback
            return self.any_address or is_own
        return name in self.names


def is_loopback(address):
    """Say whether nobody but this machine can reach an address."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def own_names():
    """Return how this machine is called."""
    return {socket.gethostname(), socket.gethostname().partition(".")[0]}
