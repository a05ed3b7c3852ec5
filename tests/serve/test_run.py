"""Where the service listens."""

import asyncio
import signal
import socket

import pytest

from sklearn_mer.serve import Limits, ServeError, run_service
from sklearn_mer.serve._run import _bind


def test_the_default_is_reached_by_this_machine_alone():
    for host in ("127.0.0.1", "localhost"):
        sockets = _bind(host, 0)
        assert {one.getsockname()[0] for one in sockets} <= {"127.0.0.1", "::1"}
        assert len({one.getsockname()[1] for one in sockets}) == 1
        for one in sockets:
            one.close()


def test_a_port_that_is_taken_and_a_host_that_is_none():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"--port {port}: .* in use. Give others, or --port 0"):
            run_service(None, Limits(), host="127.0.0.1", port=port)
    with pytest.raises(ServeError, match=r"cannot listen at --host 256\.1\.1\.1 "):
        run_service(None, Limits(), host="256.1.1.1", port=0)


def test_signals_are_heard_before_the_address_is_told():
    pytest.importorskip("uvicorn")
    from sklearn_mer.serve._server import make_server

    class NoWorkers:
        async def close(self):
            pass

    heard = []

    def tell():
        heard.extend(map(signal.getsignal, (signal.SIGINT, signal.SIGTERM)))
        server.should_exit = True

    server = make_server(None, NoWorkers(), Limits(), tell)
    with socket.create_server(("127.0.0.1", 0)) as one:
        asyncio.run(server.serve([one]))
    assert heard == [server.handle_exit] * 2
