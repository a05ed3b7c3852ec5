"""What several commands are tested with."""

import pytest
import soundfile

from sklearn_mer.commands import main


@pytest.fixture(scope="session")
def music(clips, tmp_path_factory):
    """A folder with three clips of each quadrant, of a quarter of a second, and their table."""
    music = tmp_path_factory.mktemp("music")
    rows = ["path,label,group,artist"]
    for clip, label in zip(*clips, strict=True):
        (music / "songs" / label).mkdir(parents=True, exist_ok=True)
        number = len(list((music / "songs" / label).iterdir()))
        name = f"songs/{label}/{number}.wav"
        soundfile.write(music / name, clip[:4000], 16000, subtype="FLOAT")
        rows.append(f"{name},{label},{label} {number},{label} {number > 0}")
    (music / "songs.csv").write_text("\n".join(rows))
    return music


@pytest.fixture
def call(capsys):
    """Run a command; return status, output and errors."""

    def call(*words):
        try:
            status = main(words)
        except SystemExit as stop:
            status = stop.code
        return status, *capsys.readouterr()

    return call


@pytest.fixture
def command(music, monkeypatch, call):
    """Run a command in the folder of the music, as `call` does."""
    monkeypatch.chdir(music)
    return call
