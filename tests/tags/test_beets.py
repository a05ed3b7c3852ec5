"""The plugin of beets, with a library of its own."""

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from sklearn_mer.songs import Song
from sklearn_mer.tags import read_fields

from .files import FIELDS

pytest.importorskip("beets")

from beets import config, plugins
from beets.library import Item, Library

NUMBERS = {name.lower(): float(text) for name, text in FIELDS.items() if name != "MOOD"}


@pytest.fixture(scope="module")
def plugin(tmp_path_factory):
    """The plugin as beets finds it: once, since its fields are added for good."""
    with pytest.MonkeyPatch.context() as patch:
        # No configuration of the user's.
        patch.setenv("BEETSDIR", str(tmp_path_factory.mktemp("beets")))
        config["plugins"] = ["sklearn_mer"]
        plugins.load_plugins()
        (plugin,) = plugins.find_plugins()
        yield plugin


@pytest.fixture
def heard(monkeypatch):
    """Songs that the model was asked for, and what more is told of each."""

    def hear(model, paths, *, n_jobs):
        for path in paths:
            asked.append((os.path.basename(path), n_jobs))
            yield Song(path, "Q1", np.array([0.7, 0.1, 0.05, 0.15]), 30.0, **more)

    asked, more = [], {}
    monkeypatch.setattr("sklearn_mer.songs.iter_songs", hear)
    model = SimpleNamespace(classes_=np.array(["Q1", "Q2", "Q3", "Q4"]))
    monkeypatch.setattr("sklearn_mer.models.load_model", lambda name: model)
    return SimpleNamespace(asked=asked, more=more)


@pytest.fixture(scope="module")
def whole_library(plugin, tmp_path_factory):
    """A library, which takes beets a second to make."""
    folder = tmp_path_factory.mktemp("library")
    library = Library(str(folder / "library.db"), str(folder))
    yield library
    library._close()


@pytest.fixture
def library(whole_library):
    """An empty library."""
    for item in whole_library.items():
        item.remove()
    return whole_library


@pytest.fixture
def mood(plugin, library, heard):
    """Run ``beet mood``; return the first song."""

    def run(*words):
        (command,) = plugin.commands()
        command.func(library, *command.parse_args(list(words)))
        return library.items()[0]

    return run


def put(library, path, **values):
    item = Item.from_path(os.fsencode(path))
    item.update(values)
    library.add(item)
    return item


@pytest.mark.parametrize("kind", ["v23-mp3", "aiff", "flac", "opus", "m4a", "wma"])
def test_the_fields_are_those_of_the_command(kind, song, library, mood):
    item = put(library, song(kind))
    assert not item.get("mood")
    item = mood()
    assert item["mood"] == "Happy"
    assert {name: item[name] for name in NUMBERS} == pytest.approx(NUMBERS)
    assert read_fields(os.fsdecode(item.path)) == FIELDS
    assert len(library.items("mood_happy:0.6..0.8")) == 1
    again = Item.from_path(item.path)
    assert (again["mood"], again["arousal"]) == ("Happy", 0.6)


def test_songs_that_have_the_fields_are_heard_again_by_force_only(song, library, mood, heard):
    put(library, song(), mood="Chill")
    item = mood("-t", "3")
    assert heard.asked == [("song.mp3", 3)]
    assert item["mood"] == "Chill"  # what was there stays
    assert item["mood_happy"] == 0.7
    mood()
    assert len(heard.asked) == 1
    assert mood("title:nothing")["mood"] == "Chill"
    assert mood("--force")["mood"] == "Happy"
    assert heard.asked[1:] == [("song.mp3", 1)]


def test_songs_that_cannot_be_heard_or_are_unfamiliar(song, library, mood, heard, plugin):
    put(library, song())
    heard.more["error"] = "is silent"
    assert not mood().get("mood")
    heard.more.update(error="", familiarity=0.01)
    assert not mood().get("mood")
    plugin.config["unfamiliar"] = True
    assert mood()["mood"] == "Happy"
    plugin.config["unfamiliar"] = False


def test_new_songs(song, library, heard, plugin):
    item = put(library, song())
    (stage,) = plugin.import_stages
    stage(None, SimpleNamespace(imported_items=lambda: [item]))
    assert library.items()[0]["mood"] == "Happy"
    assert read_fields(song()) == {}  # beets itself writes the file, if it may


def test_a_model_that_is_not_there(song, library, plugin, monkeypatch):
    from beets.ui import UserError

    put(library, song())
    monkeypatch.setattr(plugin, "_model", None)
    plugin.config["model"] = "lost.mer"
    (command,) = plugin.commands()
    with pytest.raises(UserError, match=r"lost\.mer"):
        command.func(library, *command.parse_args([]))
    plugin.config["model"] = "default"


CONFIG = """directory: {root}/library
library: {root}/library.db
plugins: sklearn_mer
import: {{write: yes, copy: yes}}
sklearn_mer: {{unfamiliar: yes}}
"""


@pytest.mark.slow  # beets itself, and the ready model
def test_import_by_beets(song, tmp_path):
    (tmp_path / "config.yaml").write_text(CONFIG.format(root=tmp_path))
    folder = os.path.dirname(song("flac"))
    environment = os.environ | {"BEETSDIR": str(tmp_path)}
    for words in (["import", "-qA", folder], ["write", "-f"]):
        subprocess.run([sys.executable, "-m", "beets", *words], check=True, env=environment)
    (path,) = (tmp_path / "library").rglob("*.flac")
    assert read_fields(path).keys() == FIELDS.keys()
