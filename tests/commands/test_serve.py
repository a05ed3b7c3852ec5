"""What the workers of the service answer, and the command itself."""

import contextlib
import glob
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile

from sklearn_mer import load_model, predict_over_time, save_model
from sklearn_mer.commands import main
from sklearn_mer.commands._serve import prepare

RATE = 16000


@pytest.fixture(scope="module")
def place(clips, knowing, tmp_path_factory):
    """A model, and a song of three windows, one of which is silent."""
    place = tmp_path_factory.mktemp("place")
    save_model(knowing, place / "my.mer")
    song = np.hstack([clips[0][0, :4000], np.zeros(4000), clips[0][3, :4000]])
    soundfile.write(place / "song.wav", song, RATE, subtype="FLOAT")
    (place / "broken.mp3").write_bytes(b"no sound at all")
    return place


@pytest.fixture
def rows(place, monkeypatch, capsys):
    """Rows of ``predict --json``."""

    def rows(*songs):
        monkeypatch.chdir(place)
        main(["predict", *map(str, songs), "--model", "my.mer", "--hop", "0.25", "--json"])
        return json.loads(capsys.readouterr().out)

    return rows


def test_a_worker_answers_with_the_row_of_predict(place, rows):
    about, answer = prepare(str(place / "my.mer"), None, 0.25, str(place))
    assert (about["window"], about["hop"], about["estimator"]) == (0.25, 0.25, "SVMBaseline")
    (row,) = rows("song.wav")
    assert about["model"] == row["model"]
    path = str(place / "song.wav")
    assert answer(path, "my song.wav", False) == row | {"path": "my song.wav"}
    told = answer(path, "song.wav", True)
    curve = predict_over_time(load_model(place / "my.mer"), path, hop=0.25)
    first, silent, _ = told.pop("curve")
    assert told == row
    assert first == curve.round(6).iloc[0].to_dict()
    assert silent == dict.fromkeys(curve, None) | {"start": 0.25, "end": 0.5}


def test_a_file_that_cannot_be_used_names_no_place(place, rows, monkeypatch):
    _, answer = prepare(str(place / "my.mer"), None, 0.25, str(place))
    (row,) = rows("broken.mp3")
    path = str(place / "broken.mp3")
    assert answer(path, "b.mp3", True) == row | {"path": "b.mp3", "curve": None}

    def full(*_, **__):
        raise OSError(28, "No space left on device", os.path.join(tempfile.gettempdir(), "x.wav"))

    monkeypatch.setattr(soundfile, "write", full)
    error = answer(str(place / "song.wav"), "a.wav", False)["error"]
    assert "No space left" in error
    assert tempfile.gettempdir() not in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "70000"], "from 0 to 65535"),
        (["--max-mb", "0"], "above 0"),
        (["--jobs", "0"], "from 1 on"),
        (["--host", ""], "is empty"),
        (["--host", "256.1.1.1"], "cannot listen at --host 256.1.1.1"),
    ],
)
def test_wrong_uses(words, message, call):
    status, _, errors = call("serve", *words)
    assert status == 2
    assert message in errors


class Served:
    """The command as a process of its own."""

    def __init__(self, place, *words):
        code = "from sklearn_mer.commands import main; raise SystemExit(main())"
        words = ["serve", "--model", str(place / "my.mer"), "--hop", "0.25", "--port", "0", *words]
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(place)},
        )
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.split(":")[-1].strip("/")) if self.url else None

    def post(self, body, name="a.wav"):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request("POST", f"/predict?curve=0&name={name}", body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def n_workers(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request("GET", "/healthz")
            return json.loads(connection.getresponse().read())["workers"]

    def end(self, how=signal.SIGTERM):
        """Return status and errors."""
        self.process.send_signal(how)
        errors = self.process.communicate(timeout=60)[1]
        return self.process.returncode, errors


def until(holds):
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def serve(place):
    running = []

    def serve(*words):
        running.append(Served(place, *words))
        return running[-1]

    yield serve
    for one in running:
        one.process.kill()
        one.process.wait()


@pytest.mark.slow
def test_a_hundred_at_once_deaths_floods_and_the_end(serve, place, clips, rows, tmp_path):
    psutil = pytest.importorskip("psutil")
    service = serve("--jobs", "2", "--timeout", "60", "--max-mb", "20")
    assert service.url.startswith("http://127.0.0.1:")
    songs = [tmp_path / f"{number}.wav" for number in range(100)]
    for number, song in enumerate(songs):
        clip = clips[0][number % 12, number * 100 :][: 4000 + 100 * number]
        soundfile.write(song, clip, RATE, subtype="FLOAT")
    with ThreadPoolExecutor(100) as threads:
        done = list(threads.map(lambda song: service.post(song.read_bytes(), song.name), songs))
    assert {status for status, _ in done} == {200}
    expected = [row | {"path": song.name} for row, song in zip(rows(*songs), songs, strict=True)]
    for (_, row), other in zip(done, expected, strict=True):
        # Workers have other numbers of threads, which round the last digit that is told.
        near = {
            key: value if isinstance(value, str) else pytest.approx(value, abs=2e-6)
            for key, value in other.items()
        }
        assert row == near

    # Killed where they wait, both are replaced; killed while it hears, one costs its song.
    parent = psutil.Process(service.process.pid)
    until(lambda: service.n_workers() == 2)
    for worker in parent.children():
        worker.kill()
    until(lambda: service.n_workers() == 0)
    assert service.post(songs[0].read_bytes(), "0.wav") == (200, expected[0])
    until(lambda: service.n_workers() == 2)
    long = tmp_path / "long.wav"
    soundfile.write(long, np.tile(clips[0][0], 120), RATE)
    killer = threading.Timer(0.5, lambda: [worker.kill() for worker in parent.children()])
    killer.start()
    status, answer = service.post(long.read_bytes())
    killer.join()
    assert (status, answer) == (
        500,
        {"error": "the process that heard the song was killed by SIGKILL"},
    )
    assert service.post(songs[0].read_bytes(), "0.wav") == (200, expected[0])

    # Ten gigabytes, with their length and without.
    for length in ("Content-Length: 10000000000", "Transfer-Encoding: chunked"):
        piece = b"10000\r\n" + bytes(65536) + b"\r\n"
        head = f"POST /predict HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", service.port), 30) as client:
            client.sendall(head.encode())
            n_sent = 0
            with contextlib.suppress(ConnectionError):
                while n_sent < 10**10:
                    client.sendall(piece)
                    n_sent += len(piece)
            assert client.recv(99).startswith(b"HTTP/1.1 413 ")
            assert n_sent < 10**8

    (folder,) = glob.glob(f"{place}/sklearn_mer_serve_*")
    assert os.listdir(folder) == []
    status, errors = service.end()
    assert status == 0
    assert errors.count("is replaced") == 4
    assert "Traceback" not in errors
    assert not os.path.exists(folder)


@pytest.mark.slow
def test_other_machines_reach_it_only_if_that_is_asked_for(serve):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this machine has no network")
        own = one.getsockname()[0]
    service = serve()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((own, service.port), 10)
    assert service.end(signal.SIGINT) == (0, "")
    service = serve("--host", "0.0.0.0")
    with contextlib.closing(http.client.HTTPConnection(own, service.port)) as connection:
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
    status, errors = service.end(signal.SIGINT)
    assert status == 0
    assert errors.startswith("Open to the network, without a password")
    assert errors.count("\n") == 1


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_told(serve, place):
    service = serve("--model", str(place / "broken.mp3"))
    assert service.process.wait(60) == 2
    assert "broken.mp3 cannot be loaded" in service.process.stderr.read()
