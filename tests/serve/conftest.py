"""The service in a thread, with workers that are none."""

import asyncio
import contextlib
import http.client
import json
import threading
from dataclasses import replace

import pytest

from sklearn_mer.serve import Limits


class Answers:
    """Stands for the pool: answers at once with what was sent, but for what a test sets."""

    about = {"kind": "none"}

    def __init__(self):
        self.reset()

    def reset(self):
        self.workers, self.files, self.error, self.begin = {1}, [], None, None

    async def ask(self, path, name, curve):
        with open(path, "rb") as file:
            content = file.read()
        self.files.append(path)
        if self.begin is not None:
            await self.begin.wait()
        if isinstance(self.error, Exception):
            raise self.error
        row = {"path": name, "quadrant": "Q1", "error": self.error or "", "n": len(content)}
        return row | {"text": content[:40].decode("latin-1"), "curve": [] if curve else None}

    async def close(self):
        pass


class Service:
    """A running service and how to talk to it."""

    def __init__(self, port, pool, folder, loop):
        self.port, self.pool, self.folder, self.loop = port, pool, folder, loop

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method, path, body=None, headers=()):
        """Return status, headers and answer."""
        with contextlib.closing(self.connect()) as connection:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            content = response.read()
        is_json = response.headers["content-type"] == "application/json"
        return response.status, response.headers, json.loads(content) if is_json else content

    def post(self, body, path="/predict", **headers):
        status, _, answer = self.ask(
            "POST", path, body, {name.replace("_", "-"): text for name, text in headers.items()}
        )
        return status, answer

    def form(self, *files):
        """Return a form of (field, file name or None, content), and its type."""
        parts = []
        for field, name, content in files:
            file = "" if name is None else f'; filename="{name}"'
            head = f'--b0\r\nContent-Disposition: form-data; name="{field}"{file}\r\n\r\n'
            parts += [head.encode(), content, b"\r\n"]
        return b"".join([*parts, b"--b0--\r\n"]), "multipart/form-data; boundary=b0"


@contextlib.contextmanager
def running(folder, pool=None, **limits):
    """Run a service of small limits in a thread."""
    from sklearn_mer.serve._app import make_app
    from sklearn_mer.serve._guard import Guard
    from sklearn_mer.serve._run import _bind
    from sklearn_mer.serve._server import make_server

    limits = replace(Limits(max_bytes=1000), **limits)
    pool, (one,), loop = pool or Answers(), _bind("127.0.0.1", 0), asyncio.new_event_loop()
    app = Guard(make_app(pool, str(folder), limits), {"mer.example"}, False)
    server = make_server(app, pool, limits, lambda: None)
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve([one]),))
    port = one.getsockname()[1]
    one.listen()
    thread.start()
    try:
        yield Service(port, pool, folder, loop)
    finally:
        server.should_exit = True
        thread.join()
        loop.close()


@pytest.fixture
def start(tmp_path):
    """Start a service with limits, or another pool; it ends with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda **limits: stack.enter_context(running(tmp_path, **limits))


@pytest.fixture(scope="session")
def one_service(tmp_path_factory):
    """The service of all tests that need no limits of their own."""
    with running(tmp_path_factory.mktemp("uploads")) as service:
        yield service


@pytest.fixture
def service(one_service):
    """A service of small limits, which has answered nothing."""
    one_service.pool.reset()
    return one_service
