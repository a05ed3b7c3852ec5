"""A web server on loopback, whose connections break where a test says so."""

import contextlib
import http.server
import threading


@contextlib.contextmanager
def serve():
    """Run a server of `files`, {path: bytes}; it lists paths and ranges asked for in `seen`.

    Sets of paths say what is odd: `cut` connections end after half of what is asked for,
    `cut_once` the next one only, `unsized` have no length, `whole` ignore ranges.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path, asked = self.path, self.headers.get("Range")
            running.seen.append((path, asked) if asked else path)
            content = running.files.get(path)
            if content is None:
                self.send_error(404)
                return
            start = int(asked[6:-1]) if asked and path not in running.whole else 0
            if start >= len(content) > 0:
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            if start:
                about = f"bytes {start}-{len(content) - 1}/{len(content)}"
                self.send_header("Content-Range", about)
            content = content[start:]
            if path not in running.unsized:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if path in running.cut | running.cut_once:
                running.cut_once.discard(path)
                content = content[: len(content) // 2]
            with contextlib.suppress(ConnectionError):  # the client has enough
                self.wfile.write(content)

        def log_message(self, *args):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.files, running.seen = {}, []
    running.cut, running.cut_once, running.unsized, running.whole = set(), set(), set(), set()
    running.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
