"""The page that takes a song, in a real browser."""

import os
from pathlib import Path

import numpy as np
import pytest
from chromium import MARKS, chromium

pytestmark = MARKS
HOSTILE = "<img src=x onerror=document.title=1>.wav"


class Hears:
    """Answers with a song of ten windows, as a worker does."""

    workers, about, why = {1}, {}, ""

    async def ask(self, path, name, curve):
        assert curve
        if self.why:
            return {"path": name, "error": self.why}
        shares = {"Q1": 0.1, "Q2": 0.6, "Q3": 0.2, "Q4": 0.1}
        row = {"path": name, "quadrant": "Q2", **shares, "valence": -0.6, "arousal": 0.4}
        row |= {"familiarity": 0.01, "seconds": 165.0, "error": ""}
        windows = [
            {"start": 15.0 * n, "end": 15.0 * n + 30, "valence": np.sin(n), "arousal": np.cos(n)}
            | shares
            for n in range(10)
        ]
        windows[4] |= dict.fromkeys(("valence", "arousal", *shares))  # is silent
        return row | {"curve": windows}

    async def close(self):
        pass


@pytest.fixture(params=[(1280, 800, "light"), (360, 740, "dark")], ids=["desktop", "phone"])
def page(request, start):
    """The page, opened; nothing may go wrong in it."""
    width, height, scheme = request.param
    service = start(pool=Hears())
    with chromium() as browser:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        page, problems, asked = context.new_page(), [], []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.service = service
        page.goto(f"http://127.0.0.1:{service.port}/")
        yield page
        assert [text for text in problems if "422" not in text] == []
        own = (f"http://127.0.0.1:{service.port}/", "blob:")
        assert not [url for url in asked if not url.startswith(own)]
        assert page.title() == "The mood of a song"
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def choose(page, name=HOSTILE, n_bytes=100):
    file = {"name": name, "mimeType": "audio/wav", "buffer": b"RIFF" + bytes(n_bytes - 4)}
    page.set_input_files("#file", file)


def test_a_song_is_shown(page):
    choose(page)
    page.wait_for_selector("#answer:not([hidden])")
    assert page.inner_text("#name") == HOSTILE
    assert page.inner_text("#mood") == "Q2 angry"
    assert page.locator("#shares dd span").all_inner_texts() == ["10 %", "60 %", "20 %", "10 %"]
    minus = "\N{MINUS SIGN}"
    numbers = f"Valence {minus}0.60, arousal +0.40, familiarity 0.01, 2:45 heard"
    assert page.inner_text("#sides") == numbers
    assert page.is_visible("#unfamiliar")
    assert page.locator("#path .window").count() == 9
    assert page.locator("#curve .line").count() == 2
    assert page.is_visible("#curve")
    axe = os.environ.get("SKLEARN_MER_AXE")
    if axe:
        # What a driver runs is no part of the page, and its policy would refuse it.
        found = page.evaluate(f"{Path(axe).read_text()}; axe.run()")
        assert [one["id"] for one in found["violations"]] == []


def test_a_song_that_is_dropped_and_one_that_cannot_be_used(page):
    page.service.pool.why = "is silent"
    page.evaluate(
        "const data = new DataTransfer(); data.items.add(new File(['RIFF'], 'a.wav'));"
        "document.dispatchEvent(new DragEvent('drop', "
        "{dataTransfer: data, bubbles: true, cancelable: true}))"
    )
    page.wait_for_selector("#problem:not(:empty)")
    assert page.inner_text("#problem") == "a.wav: is silent"
    assert page.is_hidden("#answer")


def test_a_song_that_is_too_large_is_not_sent(page):
    choose(page, "big.wav", 1001)
    assert "big.wav: larger than 0.001 MB" in page.inner_text("#problem")
    page.evaluate("fetch('healthz')")
    assert list(page.service.folder.iterdir()) == []
