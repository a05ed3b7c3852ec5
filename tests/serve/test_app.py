"""What the addresses answer, over HTTP, without a process."""

import asyncio
import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sklearn_mer.serve._pool import Died, NoWorker, TooSlow


def test_a_body_and_a_form_give_the_row(service):
    told = {"path": "upload", "quadrant": "Q1", "error": "", "n": 5, "text": "sound", "curve": None}
    assert service.post(b"sound", content_type="audio/mpeg") == (200, told)
    named = told | {"path": "a b.mp3"}
    assert service.post(b"sound", "/predict?name=dir%2Fa%20b.mp3") == (200, named)
    body, kind = service.form(("x", None, b"1"), ("song", "a b.mp3", b"sound"))
    assert service.post(body, "/predict?curve=1", content_type=kind) == (200, named | {"curve": []})
    assert [path[-4:] for path in service.pool.files[1:]] == [".mp3", ".mp3"]
    assert list(service.folder.iterdir()) == []


def test_bodies_that_come_in_pieces(service):
    body, kind = service.form(("song", "größe.ogg", b"\r\n--b" * 50))
    pieces = (body[i : i + 7] for i in range(0, len(body), 7))
    status, row = service.post(pieces, content_type=kind)
    assert (status, row["path"], row["n"]) == (200, "größe.ogg", 250)


@pytest.mark.parametrize(
    ("body", "kind", "status", "message"),
    [
        (b"", "audio/mpeg", 422, "the file is empty (0 bytes)"),
        (b"a=b", "application/x-www-form-urlencoded", 415, "send audio/* or a form"),
        (b"x" * 1001, "audio/mpeg", 413, "larger than 0.001 MB"),
        (iter([b"x" * 600, b"x" * 600]), "audio/mpeg", 413, "larger than 0.001 MB"),
        (b"x", "multipart/form-data", 400, "no boundary"),
        (b"x" * 99, "multipart/form-data; boundary=b0", 400, "no form can be read"),
        ([("song", None, b"x")], "", 400, "0 files; send one"),
        ([("a", "a.mp3", b"x"), ("b", "b.mp3", b"x")], "", 400, "2 files; send one"),
        ([("a", "a.mp3", b"x" * 1001)], "", 413, "larger than"),
        ([("a", "a.mp3", b"")], "", 422, "is empty"),
    ],
)
def test_refused_uploads_leave_nothing(body, kind, status, message, service):
    if isinstance(body, list):
        body, kind = service.form(*body)
    found, answer = service.post(body, content_type=kind)
    assert (found, list(answer)) == (status, ["error"])
    assert message in answer["error"]
    assert list(service.folder.iterdir()) == []
    assert service.pool.files == []


def test_a_form_without_its_end_is_refused(service):
    body, kind = service.form(("song", "a.mp3", b"sound"))
    status, answer = service.post(body[:-12], content_type=kind)
    assert (status, answer["error"]) == (400, "the form is not complete")


def test_forms_that_would_keep_the_service_busy_are_refused(start):
    service = start(max_bytes=10**6)
    body, kind = service.form(*[("a", None, b"")] * 101)
    assert "more than 100 parts" in service.post(body, content_type=kind)[1]["error"]
    body, kind = service.form(("a" * 5000, None, b""))
    status, answer = service.post(body, content_type=kind)
    assert (status, list(answer)) == (400, ["error"])


def test_too_much_is_refused_before_it_is_sent(service):
    with socket.create_connection(("127.0.0.1", service.port), 30) as client:
        head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000000\r\n"
        client.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert client.recv(99).startswith(b"HTTP/1.1 413 ")


def test_clients_that_are_slow_are_cut_off(start):
    service = start(pause_seconds=0.1, upload_seconds=0.3)
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
    for sent in (b"", head[:30], head + b"x"):
        with socket.create_connection(("127.0.0.1", service.port), 30) as client:
            client.sendall(sent)
            answer = client.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 408 ") == (len(sent) > 30)

    with socket.create_connection(("127.0.0.1", service.port), 30) as client:
        client.sendall(head)
        while not select.select([client], [], [], 0.02)[0]:  # never pauses, and never ends
            client.sendall(b"x")
        assert client.recv(99).startswith(b"HTTP/1.1 408 ")
    assert list(service.folder.iterdir()) == []


def test_a_client_that_goes_leaves_nothing(service):
    service.pool.begin = asyncio.Event()
    for sent in (b"so", b"sound"):  # while it sends, and while it waits
        with socket.create_connection(("127.0.0.1", service.port), 30) as client:
            head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"
            client.sendall(head + sent)
            _until(lambda: list(service.folder.iterdir()))
        _until(lambda: not list(service.folder.iterdir()))
    _until(lambda: service.ask("GET", "/healthz")[2]["requests"] == 0)


def _until(holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_many_at_once_and_too_many(start):
    service = start(n_requests=20)
    with ThreadPoolExecutor(20) as threads:
        names = [f"{number}.mp3" for number in range(60)]
        rows = list(threads.map(lambda n: service.post(n.encode(), f"/predict?name={n}"), names))
        assert [(status, row["path"], row["text"]) for status, row in rows] == [
            (200, name, name) for name in names
        ]
        service.pool.begin = asyncio.Event()
        waiting = [threads.submit(service.post, b"sound") for _ in range(20)]
        _until(lambda: service.ask("GET", "/healthz")[2]["requests"] == 20)
        status, headers, answer = service.ask("POST", "/predict", b"sound")
        assert (status, headers["Retry-After"]) == (503, "10")
        assert answer == {"error": "20 songs are waiting already; try again"}
        service.loop.call_soon_threadsafe(service.pool.begin.set)
        assert {future.result()[0] for future in waiting} == {200}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("cannot be decoded", 422),
        (TooSlow("takes longer than 9 s"), 504),
        (Died("was killed"), 500),
        (NoWorker("none"), 503),
        (RuntimeError("at /home/someone"), 500),
    ],
)
def test_songs_without_an_answer(error, status, service, capsys):
    service.pool.error = error
    found, answer = service.post(b"sound")
    assert found == status
    if isinstance(error, RuntimeError):
        assert answer == {"error": "the service has a fault; its log tells more"}
    else:
        assert answer["error"] == str(error)
    assert list(service.folder.iterdir()) == []


def test_a_full_disk_is_told(service, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sklearn_mer.serve._uploads._Raw.end", full)
    answer = {"error": "the upload cannot be kept: No space left on device"}
    assert service.post(b"sound") == (507, answer)
    assert list(service.folder.iterdir()) == []


def test_health_model_and_other_addresses(service):
    assert service.ask("GET", "/healthz")[2] == {"status": "ok", "workers": 1, "requests": 0}
    assert service.ask("GET", "/model")[2] == {"kind": "none"}
    service.pool.workers = set()
    assert service.ask("GET", "/healthz")[0] == 503
    status, _, answer = service.ask("GET", "/nothing")
    assert (status, "POST /predict" in answer["error"]) == (404, True)
    status, headers, answer = service.ask("GET", "/predict")
    assert (status, headers["Allow"], "error" in answer) == (405, "POST", True)


def test_the_page_loads_nothing_from_elsewhere(service):
    status, headers, page = service.ask("GET", "/")
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert b'data-max-bytes="1000"' in page
    assert b"<script>" not in page
    for name in ("/page.css", "/page.js"):
        assert name[1:].encode() in page
        text = service.ask("GET", name)[2]
        assert b"http" not in text.replace(b"http://www.w3.org/2000/svg", b"")
