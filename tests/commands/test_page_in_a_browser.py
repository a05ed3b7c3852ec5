"""The page of songs in a real browser."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from chromium import MARKS, chromium
from song_rows import rows_of

from sklearn_mer.commands._page import write_page
from sklearn_mer.commands._rows import name_of
from sklearn_mer.datasets import load_songs

pytestmark = MARKS
HOSTILE = "<img src=x onerror=document.title=1>\u202e.wav"
MINUS = "\N{MINUS SIGN}"
BYTES = os.fsdecode(b"caf\xe9.wav")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A page of 60 songs: the last two can be heard and have odd names, the others are lost."""
    place = tmp_path_factory.mktemp("place")
    rows = rows_of(60)
    for name, row in zip((HOSTILE, BYTES), rows[-2:], strict=True):
        soundfile.write(place / "song.wav", np.full(16000, 0.1), 16000)
        os.rename(place / "song.wav", place / name)
        row["path"] = name_of(str(place / name))
    rows.append(rows[0] | {"path": f"{HOSTILE}.mp3", "error": f"{HOSTILE} is silent"})
    times = np.arange(10.0)
    columns = {"start": 15 * times, "end": 15 * times + 30, "valence": np.sin(times)}
    curve = pd.DataFrame(columns | {"arousal": np.cos(times)})
    write_page(place / "songs.html", rows, {rows[1]["path"]: curve})
    return place


@pytest.fixture(params=[(1280, 800, "light"), (360, 740, "dark")], ids=["desktop", "phone"])
def page(request, browser, place):
    """The page, opened; nothing may go wrong in it but songs that are not there."""
    width, height, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=width < 500
    )
    page, problems, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((place / "songs.html").as_uri())
    yield page
    assert [text for text in problems if "ERR_FILE_NOT_FOUND" not in text] == []
    assert not [url for url in asked if not url.startswith(("file:", "blob:"))]
    assert page.title() == "Songs on Russell's plane"
    width_of = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(width_of) <= 0
    context.close()


def count(page):
    return int(page.inner_text("#count").split()[0])


def names(page):
    return page.locator("#body th button").all_inner_texts()


def column(page, number):
    return page.locator(f"#body td:nth-child({number})").all_inner_texts()


def spot(page, valence, arousal):
    """Where a point of the plane is on the screen."""
    page.locator("#plane").scroll_into_view_if_needed()
    box = page.locator("#plane").bounding_box()
    x, y = page.evaluate(f"placeOf({valence}, {arousal})")
    return box["x"] + x, box["y"] + y


def wait_for(page, what):
    """Wait until something is so; the policy of the page forbids playwright's own way."""
    for _ in range(300):
        if page.evaluate(what):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"after 15 s: {what}")


def song(page, number):
    return page.evaluate(f"songs[{number}]")


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_filters(page):
    assert count(page) == 60
    page.uncheck("[value=Q1]")
    page.uncheck("[value=Q3]")
    assert set(column(page, 2)) == {"Q2", "Q4"}
    page.check("[value=Q1]")
    page.check("[value=Q3]")
    page.uncheck("#foreign")
    assert count(page) == 52
    page.fill("#text", "ALBUM  Söng 42")
    assert names(page) == ["song 42.mp3"]
    page.fill("#text", "nowhere")
    assert count(page) == 0
    assert page.is_disabled("#save")


def test_each_column_sorts(page):
    heads = page.locator("#head button")
    assert heads.all_inner_texts()[:6] == [
        *("Song", "Quadrant", "Valence", "Arousal", "Familiarity", "Length")
    ]
    heads.nth(0).click()
    assert names(page)[1:5] == ["caf\\xe9.wav", "song 0.mp3", "song 1.mp3", "song 2.mp3"]
    for number in range(2, 11):
        for direction in ("ascending", "descending"):
            heads.nth(number - 1).press("Enter")
            cell = page.locator(f"#head th:nth-child({number})")
            assert cell.get_attribute("aria-sort") == direction
            assert page.locator("[aria-sort]").count() == 1
            texts = [text.replace(MINUS, "-").rstrip(" %") for text in column(page, number)]
            if number == 6:
                texts = [60 * int(text.split(":")[0]) + int(text.split(":")[1]) for text in texts]
            if number > 2:
                texts = [float(text) for text in texts]
            assert texts == sorted(texts, reverse=direction == "descending")


def test_a_region_is_dragged_and_saved(page, place, tmp_path):
    if page.is_visible("#draw"):
        page.click("#draw")
    drag(page, spot(page, 0.1, 0.98), spot(page, 0.98, 0.1))
    left, right, bottom, top = (float(page.input_value(f"#{name}")) for name in
                                ("left", "right", "bottom", "top"))  # fmt: skip
    assert (left, bottom) == (pytest.approx(0.1, abs=0.03), pytest.approx(0.1, abs=0.03))
    inside = [
        song["entry"]
        for song in page.evaluate("songs")
        if left <= song["valence"] <= right and bottom <= song["arousal"] <= top
    ]
    assert 0 < count(page) == len(inside) < 60
    page.click("#zoom")
    assert page.get_attribute("#zoom", "aria-pressed") == "true"
    page.locator("#head button").nth(5).click()
    page.locator("#head button").nth(5).click()
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename == "songs.m3u8"
    download.value.save_as(tmp_path / "songs.m3u8")
    assert load_songs(tmp_path / "songs.m3u8")["audio"].tolist() == inside[::-1]
    page.focus("#plane")
    page.keyboard.press("Escape")
    assert count(page) == 60
    assert page.is_hidden("#region")


def test_a_region_of_numbers(page):
    page.fill("#left", "0.5")
    assert min(float(text.replace(MINUS, "-")) for text in column(page, 3)) >= 0.5
    page.fill("#left", "5")  # no such value: no limit
    assert count(page) == 60
    page.click("#drop")
    assert page.input_value("#left") == ""


def test_all_songs_can_be_saved(page, place, tmp_path):
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(tmp_path / "songs.m3u8")
    lines = (tmp_path / "songs.m3u8").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#EXTM3U"
    assert len(lines) == 121
    assert lines[1:3] == ["#EXTINF:100,song 0.mp3", os.path.abspath("album 0/song 0.mp3")]
    assert lines[-3] == str(place / HOSTILE)
    assert lines[-1] == Path(str(place / BYTES)).as_uri()


def test_a_click_names_and_plays(page):
    for number in (58, 59):
        one = song(page, number)
        page.mouse.move(*spot(page, one["valence"], one["arousal"]))
        assert one["name"] in page.inner_text("#tip")
        page.mouse.down()
        page.mouse.up()
        assert one["name"] in page.inner_text("#song")
        wait_for(page, "player.currentTime > 0")
        assert page.inner_text("#problem") == ""
    page.click("#body th button >> nth=0")
    wait_for(page, "get('problem').textContent")
    assert "song 0.mp3 cannot be played. The file is not where it was" in page.inner_text(
        "#problem"
    )


def test_keys_reach_songs_and_curves(page):
    page.focus("#plane")
    page.keyboard.press("ArrowRight")
    first = page.inner_text("#song b")
    for key in ("ArrowLeft", "ArrowUp", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert page.inner_text("#song b") != first
    assert page.is_hidden("#curve")
    page.locator("#body th button").nth(1).press("Enter")
    assert page.is_visible("#curve")
    assert f"valence is from {MINUS}0.96 to +0.99" in page.get_attribute("#curve", "aria-label")
    assert page.locator("[aria-current]").count() == 1


def test_a_tap_names(page):
    if page.is_hidden("#draw"):
        pytest.skip("no touch screen")
    one = song(page, 59)
    page.touchscreen.tap(*spot(page, one["valence"], one["arousal"]))
    assert one["name"] in page.inner_text("#song b")
    assert page.is_hidden("#player")
    page.tap("#song button")
    wait_for(page, "player.currentTime > 0")


def test_files_with_errors_are_listed(page):
    assert f"{HOSTILE} is silent".replace("\u202e", "\ufffd") in page.inner_text("#failed")
    assert page.locator("img").count() == 0


@pytest.mark.skipif("SKLEARN_MER_AXE" not in os.environ, reason="no path of axe.min.js is given")
def test_accessibility(page):
    page.locator("#body th button").nth(1).click()
    page.fill("#left", "0.2")
    # An evaluated text is not held back by the policy of the page.
    page.evaluate(Path(os.environ["SKLEARN_MER_AXE"]).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
