"""``sklearn-mer page``: what the file holds; `test_page_in_a_browser.py` drives it."""

import base64
import csv
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import unquote_to_bytes, urlsplit

import numpy as np
import pandas as pd
import pytest
from song_rows import ROW, rows_of

from sklearn_mer.commands import _predict
from sklearn_mer.commands._page import file_of, write_page
from sklearn_mer.commands._rows import name_of
from sklearn_mer.songs import Song
from sklearn_mer.songs._hearing import Windows

HOSTILE = [
    "</script><script>alert(1)<!--.mp3",  # the folder is <
    "<\u017fcript>.mp3",
    "<img src=x onerror=alert(1)>.mp3",
    "\"'`&amp;&lt;.mp3",
    "{{ 7*7 }}{% raw %}.mp3",
    "${alert(1)}\\u003c.mp3",
    "a\u2028b\u2029c\u202egpj.mp3",
    "line\nbreak\r.mp3",
    "=1+1.mp3",
    "%41#hash?.mp3",
    "ends with a space.mp3 ",
    os.fsdecode(b"caf\xe9.mp3"),
    "日本 e\u0301 \N{GRINNING FACE}.mp3",
]


class Page(HTMLParser):
    """Elements of a page, and the text of scripts and styles."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.texts, self.policy, self.said = [], [], "", ""
        self.feed(path.read_text(encoding="utf-8"))
        self.data = json.loads(self.texts[1])

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        attributes = dict(attributes)
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        assert not any(name.startswith("on") or name == "style" for name in attributes)

    def handle_data(self, text):
        if self.tags and self.tags[-1] in ("script", "style") and self.cdata_elem:
            self.texts.append(text)
        else:
            self.said += text


@pytest.fixture
def run(tmp_path, monkeypatch, call):
    """Run a command in an empty folder, as `call` does."""
    monkeypatch.chdir(tmp_path)
    return call


def write_table(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, ROW)
        table.writeheader()
        table.writerows(rows)


def test_a_page_of_a_table(run, tmp_path):
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "a.mp3").touch()
    rows = [ROW | {"path": "album/a.mp3", "familiarity": 0.01}]
    rows += [ROW | {"path": "/nowhere/b.mp3"}, ROW | {"path": "c.mp3", "error": "no such file"}]
    write_table("songs.csv", rows)
    status, output, errors = run("page", "songs.csv")
    assert (status, output) == (0, "")
    assert errors.startswith("1 of 2 songs are not where the table says")
    assert errors.endswith("\nsongs.html shows 2 songs; open it in a browser.\n")
    page = Page(tmp_path / "songs.html")
    one, two = page.data["songs"]
    assert one["name"] == "a.mp3"
    assert one["folder"] == "album"
    assert one["url"] == "./album/a.mp3"
    assert one["entry"] == str(tmp_path / "album" / "a.mp3")
    assert one["shares"] == [0.7, 0.1, 0.05, 0.15]
    assert (one["familiarity"], two["familiarity"]) == (0.01, None)
    assert two["url"] == "file:///nowhere/b.mp3"
    assert "c.mp3: no such file" in page.said
    assert "the expected side of the plane, not a rating" in " ".join(page.said.split())
    assert run("page", "songs.csv", "--out", "other/page.html")[0] == 0
    assert Page(tmp_path / "other" / "page.html").data["songs"][0]["url"].startswith("file:///")


def test_nothing_but_the_script_of_the_page_can_run(tmp_path):
    path = tmp_path / "songs.html"
    write_page(path, [])
    page = Page(path)
    style, _, script = page.texts
    for kind, text in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in page.policy
    text = path.read_text()
    assert not re.search("https?:|@import|url\\(|innerHTML|insertAdjacent|eval|fetch", text)


def test_names_of_files_are_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "<").mkdir()
    for name in HOSTILE:
        open(name, "w").close()
    harmless, hostile = tmp_path / "harmless.html", tmp_path / "hostile.html"
    rows = [ROW | {"path": name_of(name)} for name in HOSTILE]
    write_page(harmless, len(rows) * [ROW, ROW | {"error": "is silent"}])
    write_page(hostile, rows + [row | {"error": f"</ul>{row['path']}"} for row in rows])
    page = Page(hostile)
    assert page.tags == Page(harmless).tags
    assert not set("<>&\u2028").intersection(page.texts[1])
    folder = os.fsencode(tmp_path)
    for song, name in zip(page.data["songs"], HOSTILE, strict=True):
        assert unquote_to_bytes(song["url"]) == b"./" + os.fsencode(name)
        assert not urlsplit(song["url"]).query
        if song["entry"].startswith("file://"):
            assert song["entry"].isascii()
            found = unquote_to_bytes(song["entry"].removeprefix("file://"))
        else:
            found = song["entry"].encode()
            assert len(song["entry"].splitlines()) == 1
        assert found == os.path.join(folder, os.fsencode(name))
        shown = " ".join(os.path.basename(name_of(name)).split())
        assert song["name"] == shown.replace("\u202e", "\ufffd")
    others = [song["name"] for song in page.data["songs"] if song["entry"].startswith("file://")]
    assert len(others) == 4


def test_a_backslash_of_a_name_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a\\xe9.mp3").touch()
    assert file_of("a\\xe9.mp3") == str(tmp_path / "a\\xe9.mp3")
    assert file_of("lost\\xe9.mp3") == str(tmp_path / "lost\\xe9.mp3")


def test_curves(tmp_path):
    start = np.arange(450.0)
    columns = {"start": start, "end": start + 2, "valence": start / 450, "arousal": -start / 450}
    curve = pd.DataFrame(columns | {"familiarity": np.nan})
    curve.loc[3, ["valence", "arousal"]] = np.nan
    rows = rows_of(3)
    curves = dict(zip([row["path"] for row in rows], [curve, curve[:1], None], strict=True))
    write_page(tmp_path / "songs.html", rows, curves)
    one, *others = Page(tmp_path / "songs.html").data["songs"]
    assert one["curve"]["times"][:3] == [1, 5, 8]
    assert one["curve"]["arousals"][:2] == [0, -0.009]
    assert len(one["curve"]["valences"]) == 150
    assert not any("curve" in song for song in others)


def test_predict_writes_a_page_with_curves(run, tmp_path, monkeypatch):
    def hear(model, paths, **how):
        assert how["curves"]
        for path in paths:
            curve = pd.DataFrame({"start": [0, 1], "end": [2, 3], "valence": 0.5, "arousal": 0.5})
            yield Song(path, "Q1", np.array([0.8, 0.2]), 3.0, curve=curve)

    model = SimpleNamespace(classes_=np.array(["Q1", "Q3"]))
    monkeypatch.setattr(_predict, "open_model", lambda name: model)
    monkeypatch.setattr(_predict, "digest_of_run", lambda *args: "123")
    monkeypatch.setattr(_predict, "check_window", lambda *args: Windows(30.0, 15.0, True))
    monkeypatch.setattr(_predict, "iter_songs", hear)
    words = ["predict", "a.mp3", "--page", "a/songs.html"]
    assert run(*words)[0] == 0
    page = Page(tmp_path / "a" / "songs.html")
    assert page.data["songs"][0]["curve"]["times"] == [1, 2]
    assert run(*words, "--csv", "songs.csv")[0] == 0
    assert run("predict", "b.mp3", *words[1:], "--csv", "songs.csv", "--resume")[0] == 0
    one, two = Page(tmp_path / "a" / "songs.html").data["songs"]
    assert (one["name"], "curve" in one) == ("a.mp3", False)
    assert (two["name"], "curve" in two) == ("b.mp3", True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["page", "songs.csv", "--out", "a.mp3"], "must be named .html, got 'a.mp3'"),
        (["page", "lost.csv"], "lost.csv: No such file"),
        (["page", "labels.csv"], "labels.csv is no table of sklearn-mer predict: it has no column"),
        (["page", "number.csv"], "a.mp3: valence is 'high', no number."),
        (["page", "quadrant.csv"], "a.mp3: the quadrant is 'Q5', not Q1 to Q4."),
        (
            ["predict", "a.mp3", "--page", "a.html", "--parquet", "b"],
            "--page goes without --parquet",
        ),
        (["predict", "a.mp3", "--page", "folder.html"], "folder.html: Is a directory"),
        (["predict", "a.mp3", "--page", "labels.csv/a.html"], "is a file or a link to nothing"),
    ],
)
def test_wrong_uses(words, message, run, tmp_path, monkeypatch):
    monkeypatch.setattr(_predict, "open_model", lambda name: None)
    monkeypatch.setattr(_predict, "digest_of_run", lambda *args: "123")
    monkeypatch.setattr(_predict, "check_window", lambda *args: Windows(30.0, 15.0, True))
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "labels.csv").write_text("path,label\n")
    write_table("number.csv", [ROW | {"valence": "high"}])
    write_table("quadrant.csv", [ROW | {"quadrant": "Q5"}])
    status, output, errors = run(*words)
    assert status == 2
    assert message in errors
    assert output == ""
