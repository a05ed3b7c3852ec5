"""A hub on the loopback device that has one repository at one commit."""

import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def serve(folder, name, commit):
    """Serve the files of a folder; yield the address and the paths that were asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            _, _, rest = self.path.partition(f"/{name}/resolve/")
            revision, _, file = rest.partition("/")
            path = Path(folder, file)
            known = revision in ("main", commit)
            if known and file and path.is_file():
                content = path.read_bytes()
                self.answer(200, content, ETag=hashlib.sha256(content).hexdigest())
            else:
                self.answer(
                    404, b"", **{"X-Error-Code": f"{'Entry' if known else 'Revision'}NotFound"}
                )

        def answer(self, status, content, **headers):
            self.send_response(status)
            headers = {**headers, "X-Repo-Commit": commit, "Content-Length": len(content)}
            for key, value in headers.items():
                self.send_header(key, str(value))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
