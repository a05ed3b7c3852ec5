"""``sklearn-mer weights``: what is listed, what is fetched, and the exit statuses."""

import hashlib
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from sklearn_mer.methods import available_methods
from sklearn_mer.models import make_ready
from sklearn_mer.weights import _register, available_weights

CONTENT = b"PK\x03\x04 a file of torch"


@pytest.fixture
def run(server, monkeypatch, call, tmp_path):
    """Run the command; taggers are small files, which the server has, and all others are not."""
    entries = []
    for info in available_weights().values():
        if info.network in ("crnn", "fcn"):
            known = {"sha256": hashlib.sha256(CONTENT).hexdigest(), "n_bytes": len(CONTENT)}
            original = replace(info.originals[0], **known)
            server.files[urlsplit(original.url).path] = CONTENT
            info = replace(info, originals=(original,), **known)
        entries.append(info)
    monkeypatch.setattr(_register, "_ALL", tuple(entries))
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))

    def run(*words):
        return call("weights", *(str(word).replace("SERVER", server.url) for word in words))

    return run


def test_the_list(run, tmp_path):
    run("fetch", "msd_fcn", "--from", "SERVER")
    (tmp_path / "weights" / "mtat_crnn.pth").write_bytes(b"?")
    status, output, _ = run()
    assert status == 0
    lines = {line.split()[0]: line for line in output.splitlines() if line}
    assert lines.keys() >= available_weights().keys()
    assert lines["msd_fcn"].split(None, 4)[2:] == [
        "MIT",
        "yes",
        "TaggerEmbedding, rows fusion_audio fusion, model full",
    ]
    assert lines["mtat_crnn"].split()[3] == "damaged"
    assert lines["MTT_musicnn"].split()[1:] == ["3.2", "ISC", "no", "MusiCNNEmbedding"]
    assert lines["openl3_mel256_music"].split()[1] == "?"
    assert str(tmp_path / "weights") in output
    assert run("--data-home", tmp_path / "other")[1].count(" yes ") == 0


def test_what_is_fetched(run, tmp_path):
    def files():
        return sorted(path.stem for path in (tmp_path / "weights").iterdir())

    assert run("fetch", "msd_crnn", "--from", "SERVER")[0] == 0
    assert files() == ["msd_crnn"]
    assert run("fetch", "--model", "full", "--from", "SERVER")[0] == 0
    assert files() == ["jamendo_fcn", "msd_crnn", "msd_fcn", "mtat_fcn"]
    status, output, errors = run("fetch", "--table1", "--from", "SERVER")
    assert status == 1  # of two there is no file
    assert "mtat_crnn" in files()
    assert "2 of 6 were not fetched: artist_siamese_10000, openl3_mel256_music" in errors
    assert "artist_siamese_10000/" not in output
    assert "404" in errors
    other = tmp_path / "other"
    assert run("fetch", "msd_crnn", "--from", "SERVER", "--data-home", other)[0] == 0
    assert (other / "weights" / "msd_crnn.pth").read_bytes() == CONTENT
    assert run("--data-home", other, "fetch", "msd_crnn", "--from", "SERVER")[0] == 0


def test_force(run, tmp_path):
    run("fetch", "msd_crnn", "--from", "SERVER")
    path = tmp_path / "weights" / "msd_crnn.pth"
    path.write_bytes(b"?")
    status, _, errors = run("fetch", "msd_crnn", "--from", "SERVER")
    assert status == 1
    assert "--force` replaces it" in errors
    assert run("fetch", "msd_crnn", "--from", "SERVER", "--force")[0] == 0
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fetch"], "by their names, by --table1 or by --model full"),
        (["fetch", "mtat_cnn"], "'mtat_cnn' is no name of weights. Did you mean 'mtat_crnn'?"),
        (["fetch", "mtat_crnn", "--from", "nowhere"], "neither a file or folder"),
        (["fetch", "--from", ""], "is empty"),
        (["get"], "invalid choice"),
        (["fetch", "--model", "default"], "invalid choice"),
    ],
)
def test_wrong_uses(words, message, run, tmp_path):
    status, _, errors = run(*words)
    assert status == 2
    assert message in errors
    assert not (tmp_path / "weights").exists()


def test_who_uses_what():
    """The register is read without the rows; it must say the same."""
    used = {name: set() for name in available_weights()}
    for key, row in available_methods().items():
        names = [row.weights] if isinstance(row.weights, str) else row.weights or ()
        for name in names:
            used[name].add(key)
    assert used == {name: set(info.rows) for name, info in available_weights().items()}
    taggers = {name for name, info in available_weights().items() if "full" in info.models}
    assert taggers == set(make_ready("full").taggers)
    assert make_ready("default").taggers == ()
