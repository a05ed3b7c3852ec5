"""Files that pre-training writes."""

import os

import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import TaggerEmbedding, WeightsError, _save, load_network
from sklearn_mer.embeddings._frontend import tagger_arrays
from sklearn_mer.embeddings._save import TAGS_KEY, save_weights, take_tags

CLIP = np.zeros((1, 100), dtype=np.float32)
NAMES = ("soft rock", "naïve", "ünïcode ♪", '"quoted"', "")


def test_what_is_saved_is_loaded(nets, tmp_path):
    path = save_weights(
        tmp_path / "mine.pth", nets["crnn"].state_dict(), extras=tagger_arrays(), tags=NAMES
    )
    assert path == tmp_path / "mine.pth"
    assert list(tmp_path.iterdir()) == [path]
    net, extras = load_network(path, "crnn")
    for name, value in nets["crnn"].state_dict().items():
        assert torch.equal(net.state_dict()[name], value)
    assert set(extras) == {*tagger_arrays(), TAGS_KEY}
    assert take_tags(extras, path) == NAMES
    assert set(extras) == set(tagger_arrays())


def test_the_names_are_those_of_the_columns(nets, tmp_path):
    path = save_weights(tmp_path / "mine.pth", nets["crnn"].state_dict(), tags=NAMES)
    embedding = TaggerEmbedding(weights=path, output="tags", duration=1.6, cache=False).fit(CLIP)
    names = embedding.get_feature_names_out()
    assert list(names[:2]) == ["tagger_tag_soft_rock", "tagger_tag_naïve"]
    plain = save_weights(tmp_path / "plain.pth", nets["crnn"].state_dict())
    embedding.set_params(weights=plain).fit(CLIP)
    assert embedding.get_feature_names_out()[0] == "tagger_tag_00"


def test_the_same_weights_make_the_same_bytes(nets, tmp_path):
    a, b = (save_weights(tmp_path / name, nets["artist"].state_dict()) for name in "ab")
    assert a.read_bytes() == b.read_bytes()


def test_a_file_is_replaced_whole_or_not_at_all(nets, tmp_path, monkeypatch):
    path = save_weights(tmp_path / "mine.pth", nets["artist"].state_dict())
    before = path.read_bytes()

    def breaks(arrays, file):
        file.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(_save.torch, "save", breaks)
    with pytest.raises(OSError, match="no space"):
        save_weights(path, nets["artist"].state_dict())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    monkeypatch.undo()
    changed = {name: value + 1 for name, value in nets["artist"].state_dict().items()}
    save_weights(path, changed)
    assert path.read_bytes() != before


@pytest.mark.skipif(os.name != "posix", reason="permissions as on Unix")
def test_others_may_read_it_as_any_new_file(nets, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"")
    path = save_weights(tmp_path / "mine.pth", nets["artist"].state_dict())
    assert path.stat().st_mode == other.stat().st_mode


def test_where_nothing_can_be_saved(nets, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere to save mine\.pth in"):
        save_weights(tmp_path / "nowhere" / "mine.pth", nets["artist"].state_dict())
    with pytest.raises(ValueError, match=r"ends in \.npz.*use \.pth"):
        save_weights(tmp_path / "mine.npz", nets["artist"].state_dict())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[", "no JSON list"),
        (b"[" * 100_000, "no JSON list"),
        (b"\xff\xfe", "no JSON list"),
        (b'{"a": 1}', "not a list of names"),
        (b"[1, 2, 3, 4, 5]", "not a list of names"),
        (b'["a", "b"]', "names 2 tags, but its network has 5"),
    ],
)
def test_other_names_are_refused(nets, tmp_path, content, message):
    path = tmp_path / "mine.pth"
    names = torch.tensor(list(content), dtype=torch.uint8)
    torch.save({**nets["crnn"].state_dict(), TAGS_KEY: names}, path)
    embedding = TaggerEmbedding(weights=path, duration=1.6, cache=False)
    with pytest.raises(WeightsError, match=message) as caught:
        embedding.fit(CLIP)
    assert "mine.pth" in str(caught.value)


def test_only_taggers_have_tags(nets, tmp_path):
    path = save_weights(tmp_path / "mine.pth", nets["artist"].state_dict(), tags=["a"])
    with pytest.raises(WeightsError, match=r"Unexpected: tags\.json"):
        load_network(path, "artist")
