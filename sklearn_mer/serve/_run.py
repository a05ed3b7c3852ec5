"""The service from its start to its end."""

import asyncio
import os
import socket
import sys
import tempfile

from .._files import why_not
from .._optional import import_optional


class ServeError(ValueError):
    """The service cannot begin; the text says why."""


def run_service(command, limits, *, host, port, names=(), n_workers=1):
    """Serve until Ctrl-C or SIGTERM.

    Parameters
    ----------
    command : callable
        Takes the folder of the uploads, and returns what starts a worker, a list of str, see
        `run_worker`.
    limits : Limits
        What clients may take.
    host : str
        Name or address to listen at.
    port : int
        0 for a free one.
    names : iterable of str, default=()
        How clients may call the service, beside `host`, ``localhost`` and the name of this machine.
    n_workers : int, default=1
        Number of worker processes.

    Raises
    ------
    ImportError
        If the extra is not installed.
    ServeError
        If it cannot listen there, or no worker can be started.
    """
    for package in ("starlette", "uvicorn", "python_multipart"):
        import_optional(package, "sklearn-mer serve", "serve")
    sockets = _bind(host, port)
    try:
        with _folder() as folder:
            asyncio.run(_serve(command(folder), folder, limits, sockets, {host, *names}, n_workers))
    except KeyboardInterrupt:  # which is how it ends
        pass
    finally:
        for one in sockets:
            one.close()


def _folder():
    return tempfile.TemporaryDirectory(prefix="sklearn_mer_serve_", ignore_cleanup_errors=True)


def _bind(host, port):
    """Return sockets of all addresses of a name."""
    sockets = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        has_ipv6 = len({family for family, *_ in found}) == 1 or _has_ipv6()
        for family, kind, protocol, _, address in dict.fromkeys(found):
            if family == socket.AF_INET6 and not has_ipv6:
                continue
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            if os.name == "posix":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if port == 0 and len(sockets) > 1:  # the same one for all
                address = (address[0], sockets[0].getsockname()[1], *address[2:])
            one.bind(address)
    except (OSError, UnicodeError) as error:
        for one in sockets:
            one.close()
        reason = why_not(error) if isinstance(error, OSError) else error
        raise ServeError(
            f"cannot listen at --host {host} --port {port}: {reason}. Give others, or --port 0 for "
            "a free one."
        ) from error
    return sockets


def _has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:  # names may have such addresses nevertheless
        return False
    return True


async def _serve(command, folder, limits, sockets, names, n_workers):
    from ._app import make_app
    from ._guard import Guard, is_loopback, own_names
    from ._pool import NoWorker, Pool
    from ._server import make_server

    # Workers share the cores, and import what this process does.
    n_threads = str(max(1, (os.cpu_count() or 1) // n_workers))
    env = {"OMP_NUM_THREADS": n_threads, "OPENBLAS_NUM_THREADS": n_threads} | os.environ
    env["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, sys.path))
    pool = Pool(command, n_workers, limits.song_seconds, env)
    is_private = all(is_loopback(one.getsockname()[0]) for one in sockets)
    try:
        await pool.start()
        app = make_app(pool, folder, limits)
        app = Guard(app, {*names, *own_names()}, any_address=not is_private)
        server = make_server(app, pool, limits, lambda: _tell(sockets, is_private))
        await server.serve(sockets)
    except NoWorker as error:
        raise ServeError(str(error)) from error
    finally:
        await pool.close()


def _tell(sockets, is_private):
    for one in sockets:
        name, port = one.getsockname()[:2]
        print(f"http://{f'[{name}]' if ':' in name else name}:{port}/", flush=True)
    if not is_private:
        print(
            "Open to the network, without a password: whoever reaches it may send songs.",
            file=sys.stderr,
        )
