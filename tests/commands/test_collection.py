"""Collections of any size: batches, parts, workers that die, and what a rerun computes."""

import os
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sklearn_mer import SummaryFeatures, save_model
from sklearn_mer._clusters import WorkerDiedError
from sklearn_mer.commands import _collection, _parts, main
from sklearn_mer.commands._collection import Names
from sklearn_mer.commands._rows import COLUMNS

RATE = 16000


@pytest.fixture(scope="module")
def model(clips, tmp_path_factory):
    pipeline = make_pipeline(SummaryFeatures(duration=1.0), LogisticRegression(max_iter=1000))
    return save_model(pipeline.fit(*clips), tmp_path_factory.mktemp("model") / "my.mer")


@pytest.fixture
def music(clips, tmp_path, monkeypatch):
    """A folder, which is the working one, with ten songs of a second and a broken one."""
    monkeypatch.chdir(tmp_path)
    for number in range(10):
        path = tmp_path / "music" / f"{number // 4}" / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, clips[0][number, :RATE], RATE)
    (tmp_path / "music" / "broken.mp3").write_bytes(b"")
    return tmp_path / "music"


@pytest.fixture
def predict(music, model, call):
    """Run the command on the folder; return status and errors."""

    def predict(*words, songs=("music",)):
        how = ("--model", model, "--parquet", "moods", "--batch", "4")
        status, _, errors = call("predict", *songs, *how, *words)
        return status, errors

    return predict


@pytest.fixture
def cluster(monkeypatch):
    """A cluster in this process, whose workers die of songs and fail for other reasons."""
    cluster = FakeCluster()
    monkeypatch.setattr(_collection, "_cluster_of", lambda options: cluster)
    return cluster


class FakeCluster(_collection._ThisMachine):
    n_threads, n_tries = 2, 2

    def __init__(self):
        self.deadly, self.errors, self.begun, self.n_running = set(), deque(), [], 0

    def submit(self, function, *arguments):
        self.n_running += 1
        assert self.n_running <= self.n_threads
        self.begun.append([Path(path).name for path in arguments[1]])
        return super().submit(function, *arguments)

    def result(self, call):
        self.n_running -= 1
        if self.errors and (error := self.errors.popleft()):
            raise error
        if self.deadly & set(self.begun_of(call)):
            raise WorkerDiedError("killed")
        return super().result(call)

    @staticmethod
    def begun_of(call):
        return [Path(path).name for path in call.args[1]]


def rows_of(folder="moods"):
    table = pd.read_parquet(folder).sort_values("path", ignore_index=True)
    assert table.columns.tolist() == list(COLUMNS)
    return table


def parts(folder="moods"):
    return {path.name: path.stat().st_mtime_ns for path in Path(folder).glob("*.parquet")}


def test_the_rows_are_those_of_the_table(predict, model):
    status, errors = predict()
    assert status == 1
    assert "1 of 11 songs could not be used" in errors
    assert main(["predict", "music", "--model", str(model), "--csv", "moods.csv"]) == 1
    expected = pd.read_csv("moods.csv").sort_values("path", ignore_index=True)
    expected["error"] = expected["error"].fillna("")
    pd.testing.assert_frame_equal(rows_of(), expected, check_dtype=False)
    assert len(parts()) == 3


def test_a_rerun_computes_what_is_missing_also_of_a_list_that_grew(predict, music, clips):
    predict()
    before, table = parts(), rows_of()
    assert predict("--batch", "3", "--resume")[0] == 1
    assert parts() == before
    (Path("moods") / sorted(before)[0]).unlink()
    predict("--batch", "3")
    pd.testing.assert_frame_equal(rows_of(), table)
    before = parts()
    soundfile.write(music / "0" / "00.wav", clips[0][5, :RATE], RATE)
    assert "1 of 12 songs" in predict()[1]
    assert before.items() < parts().items()
    assert len(parts()) == len(before) + 1
    assert rows_of()["path"].is_unique


def test_a_list_is_a_stream_and_each_song_is_predicted_once(predict, music, cluster):
    (music / "list.m3u").write_text("0/1.wav\n0/2.wav\n0/1.wav\n2/9.wav\nlost.wav\n0/0.wav\n" * 2)
    assert predict(songs=["music/list.m3u"])[0] == 1
    assert cluster.begun == [["1.wav", "2.wav", "9.wav", "lost.wav"], ["0.wav"]]
    assert predict(songs=["music/0"])[0] == 1  # of another list
    assert cluster.begun[2:] == [["3.wav"]]


@pytest.mark.parametrize("n_tries", [1, 2])
def test_a_song_that_kills_workers_is_an_error_and_costs_no_other(n_tries, predict, cluster):
    cluster.deadly, cluster.n_tries = {"6.wav"}, n_tries
    status, errors = predict("--batch", "11")
    assert status == 1
    assert "2 of 11 songs" in errors
    table = rows_of()
    assert (
        table["error"].tolist()[6] == "workers died while they had this song, most likely for "
        "want of memory"
    )
    assert table["quadrant"].notna().sum() == 9
    assert sum("6.wav" in names for names in cluster.begun) == 3 * n_tries  # 11, 2, 1 songs
    begun = len(cluster.begun)
    predict("--batch", "11")
    assert len(cluster.begun) == begun


def test_a_worker_that_died_after_its_part_was_written(predict, cluster, monkeypatch):
    def written(call):
        call()
        raise WorkerDiedError

    monkeypatch.setattr(cluster, "result", written)
    cluster.n_threads = 9
    assert "1 of 11 songs" in predict()[1]
    assert rows_of()["path"].is_unique


def test_failures_are_tried_again_and_then_stop_the_run(predict, cluster):
    cluster.errors = deque([ValueError("one"), None, ValueError("two")])
    assert predict()[0] == 1
    assert len(rows_of()) == 11
    for part in parts():
        (Path("moods") / part).unlink()
    cluster.errors, cluster.n_running = deque([None] + [OSError("host7: disk full")] * 6), 0
    status, errors = predict()
    assert status == 2
    assert "could not be done 3 times. The last time: host7: disk full" in errors
    assert len(parts()) == 1


def test_workers_that_die_of_all_songs_stop_the_run(predict, cluster, monkeypatch):
    monkeypatch.setattr(_collection, "_MANY_DEATHS", 2)
    cluster.deadly = {f"{number}.wav" for number in range(10)}
    status, errors = predict()
    assert status == 2
    assert "Workers died 7 times and no batch was done between" in errors


def test_a_worker_names_itself_in_an_error(predict, monkeypatch):
    monkeypatch.setattr(_parts, "__version__", "0.0.1")
    status, errors = predict()
    assert status == 2
    assert "ImportError: here is sklearn_mer 0.0.1" in errors


def test_a_folder_that_workers_and_driver_do_not_share(predict, cluster, monkeypatch):
    monkeypatch.setattr(_parts, "_LATE", 0.0)
    monkeypatch.setattr(cluster, "result", lambda call: None)
    status, errors = predict()
    assert status == 2
    assert "is not seen here" in errors


def test_folders_that_cannot_be_read_are_told_when_all_others_are_done(predict, music):
    (music / "empty").mkdir()
    status, errors = predict("--batch", "9", songs=("music/empty", "lost", "music/0"))
    assert status == 2
    assert "lost: no such folder." in errors
    assert "empty contains no songs" in errors
    assert len(rows_of()) == 4


def test_parts_of_others(predict, music):
    predict()
    status, errors = predict("--hop", "0.7")
    assert status == 2
    assert "another model, --window or --hop" in errors
    part = Path("moods") / sorted(parts())[0]
    part.write_bytes(part.read_bytes()[:-9])
    assert "is damaged" in predict()[1]
    pd.DataFrame({"path": ["a"]}).to_parquet(part)
    assert "was not written by sklearn-mer predict of this version" in predict()[1]
    Path("file").write_text("")
    status, errors = predict("--parquet", "file")
    assert status == 2
    assert "file cannot be written" in errors


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--backend", "dask"], "needs --scheduler ADDRESS, such as"),
        (["--scheduler", "tcp://a:1"], "needs --backend dask or ray"),
        (["--backend", "ray", "--jobs", "2"], "on a cluster its workers count"),
        (["--csv", "a.csv"], "not allowed with"),
        (["--backend", "dask", "--scheduler", "nonsense"], "No Dask scheduler answers at nonsense"),
    ],
)
def test_wrong_uses(words, message, predict):
    if words[-1] == "nonsense":
        pytest.importorskip("distributed", reason="needs the extra dask")
    status, errors = predict(*words)
    assert status == 2
    assert message in errors
    assert not Path("moods").exists()


@pytest.mark.parametrize("name", ["backend", "batch"])
def test_without_parquet(name, capsys):
    words = {"backend": "ray", "batch": "9"}
    with pytest.raises(SystemExit, match="2"):
        main(["predict", "music", f"--{name}", words[name]])
    assert "needs --parquet FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("package", "extra", "words"),
    [
        ("pyarrow", "parquet", []),
        ("distributed", "dask", ["--backend", "dask", "--scheduler", "tcp://a:1"]),
        ("ray", "ray", ["--backend", "ray"]),
    ],
)
def test_extras_that_are_not_installed(package, extra, words, predict, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    status, errors = predict(*words)
    assert status == 2
    assert f'pip install "sklearn-mer[{extra}]"' in errors


def test_names_that_are_known(monkeypatch):
    monkeypatch.setattr(Names, "_MANY", 10)
    names = Names()
    assert all(names.add(f"{i}") for i in range(35))
    assert not any(names.add(f"{i}") for i in range(35))
    assert len(names._sorted) == 30


@pytest.fixture
def on_workers(monkeypatch):
    """Let worker processes find the package and `deadly_songs`."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))


@pytest.fixture
def dask(on_workers):
    """The address of a scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    how = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(processes=True, **how) as cluster:
        cluster.scheduler.allowed_failures = 0
        yield cluster.scheduler_address


@pytest.fixture
def ray(on_workers, monkeypatch):
    """The address of a Ray cluster with two workers."""
    pytest.importorskip("ray", reason="needs the extra ray")
    from ray.cluster_utils import Cluster

    # On a busy machine Ray's agent takes longer than its 15 s, and the cluster does not start.
    monkeypatch.setenv("RAY_agent_register_timeout_ms", "120000")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    yield cluster.address
    cluster.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["dask", "ray"])
def test_workers_die_and_the_rows_are_those_of_one_process(backend, predict, request, monkeypatch):
    address = request.getfixturevalue(backend)
    from deadly_songs import predict_or_die

    predict("--parquet", "here")
    Path("music/0/2.wav.deadly").write_text("1")
    Path("music/1/6.wav.deadly").write_text("1000000")
    monkeypatch.setattr(_collection, "predict_batch", predict_or_die)
    status, errors = predict("--backend", backend, "--scheduler", address)
    assert status == 1
    assert "2 of 11 songs could not be used" in errors
    assert Path("music/0/2.wav.deadly").read_text() == "0"
    found, expected = rows_of(), rows_of("here")
    killed = found["path"] == "music/1/6.wav"
    assert found.loc[killed, "error"].str.startswith("workers died").all()
    pd.testing.assert_frame_equal(found[~killed], expected[~killed])
    before = parts()
    assert predict("--backend", backend, "--scheduler", address)[0] == 1
    assert parts() == before


@pytest.mark.slow
def test_a_killed_driver_and_a_rerun(dask, predict, clips, model):
    """A batch takes a second or more; the driver is killed after the first."""
    song = clips[0].ravel()
    for number in range(6):
        soundfile.write(f"music/long{number}.wav", np.roll(song, 999 * number), RATE)
    words = ["--backend", "dask", "--scheduler", dask, "--batch", "1"]
    command = "import sys; from sklearn_mer.commands import main; main(sys.argv[1:])"
    argv = [sys.executable, "-c", command, "predict", "music", "--model", str(model)]
    driver = subprocess.Popen([*argv, "--parquet", "moods", *words])
    while not parts():
        time.sleep(0.05)
    driver.kill()
    driver.wait()
    before = parts()
    assert 1 <= len(before) < 17
    assert predict(*words)[0] == 1
    assert before.items() <= parts().items()
    predict("--parquet", "here")
    pd.testing.assert_frame_equal(rows_of(), rows_of("here"))
