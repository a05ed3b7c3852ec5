"""OpenL3: the embedding and its weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from random_weights import openl3_front_end

from sklearn_mer.embeddings import (
    OpenL3Embedding,
    WeightsError,
    WeightsNotFoundError,
    available_weights,
)
from sklearn_mer.nets import OpenL3Net

from .openl3_definition import by_definition, noise

CLIP = np.zeros((1, 100), dtype=np.float32)


def test_the_mels_of_a_file_are_used(nets, files, tmp_path):
    arrays = torch.load(files["openl3"], weights_only=True)
    arrays["speclayer.mel_basis"] = arrays["speclayer.mel_basis"].flip(0)
    torch.save(arrays, tmp_path / "other.pth")
    clip = noise(1, 4800)
    given = {"duration": None, "cache": False}
    flipped = OpenL3Embedding(weights=tmp_path / "other.pth", **given).fit_transform(clip)
    torch.save(nets["openl3"].state_dict(), tmp_path / "none.pth")
    own = OpenL3Embedding(weights=tmp_path / "none.pth", **given).fit_transform(clip)
    file = OpenL3Embedding(weights=files["openl3"], **given).fit_transform(clip)
    np.testing.assert_array_equal(own, file)
    assert not np.allclose(flipped, file, rtol=1e-3)


def test_embedding_is_mean_and_deviation_over_windows(files, nets):
    clip = noise(1, 72000)
    padded = np.pad(clip[0], (24000, 48000))
    starts = range(0, 48000 + 1, 4800)  # 1.5 s and half a second before: ten hops
    spectrograms = [by_definition(padded[s : s + 48000], "mel256") for s in starts]
    with torch.inference_mode():
        values = nets["openl3"](torch.tensor(np.array(spectrograms), dtype=torch.float32))
    given = {"weights": files["openl3"], "duration": None, "cache": False}
    both = OpenL3Embedding(**given).fit_transform(clip)[0]
    expected = torch.cat([values.mean(0), values.std(0, correction=0)])
    np.testing.assert_allclose(both, expected, rtol=1e-3, atol=1e-3)
    mean = OpenL3Embedding(statistics="mean", **given).fit_transform(clip)[0]
    np.testing.assert_array_equal(mean, both[: len(mean)])


def test_names(files):
    embedding = OpenL3Embedding(weights=files["openl3"], cache=False, embedding_size=6144)
    names = embedding.fit(CLIP).get_feature_names_out()
    assert len(names) == 2 * 12 * 4
    assert (names[0], names[-1]) == ("openl3_00__mean", "openl3_47__std")
    embedding.set_params(statistics="mean")
    assert len(embedding.get_feature_names_out()) == 12 * 4


def test_values_are_kept_a_clip_size_and_hop(files, tmp_path, monkeypatch):
    calls = []
    hidden = OpenL3Net.hidden
    monkeypatch.setattr(OpenL3Net, "hidden", lambda *args: calls.append(1) or hidden(*args))
    embedding = OpenL3Embedding(weights=files["openl3"], duration=0.4, cache=tmp_path)
    both = embedding.fit_transform(noise(2, 19200))
    assert len(calls) == 2
    embedding.set_params(statistics="mean").fit_transform(noise(2, 19200))
    np.testing.assert_array_equal(
        embedding.set_params(statistics="mean_std").fit_transform(noise(2, 19200)), both
    )
    assert len(calls) == 2
    for changed in ({"embedding_size": 6144}, {"hop_size": 0.2}):
        before = len(calls)
        embedding.set_params(**changed).fit_transform(noise(2, 19200))
        assert len(calls) > before


@pytest.mark.parametrize("given", ["mel128", "linear"])
def test_a_file_of_another_input_repr(given, files, nets, tmp_path):
    with pytest.raises(WeightsError, match=rf"input_repr='{given}' are .*another input_repr"):
        OpenL3Embedding(weights=files["openl3"], input_repr=given).fit(CLIP)
    path = tmp_path / "right.pth"
    torch.save({**openl3_front_end(given), **nets["openl3"].state_dict()}, path)
    embedding = OpenL3Embedding(weights=path, input_repr=given, duration=0.1, cache=False)
    assert np.isfinite(embedding.fit_transform(noise(1, 4800))).all()


def test_a_missing_file_says_what_where_and_how(tmp_path):
    with pytest.raises(WeightsNotFoundError) as caught:
        OpenL3Embedding(data_home=tmp_path, input_repr="mel128", content_type="env").fit(CLIP)
    for part in (
        "torchopenl3_mel128_env_512.pth.tar",
        str(tmp_path / "weights"),
        "Nothing was downloaded",
        "https://github.com/torchopenl3/torchopenl3-models",
        "CC BY 4.0",
        "`sklearn-mer weights fetch openl3_mel128_env --data-home ",
    ):
        assert part in str(caught.value)
    assert "None" not in str(caught.value)


@pytest.fixture
def home(files, tmp_path):
    """A data home in which the small file lies where the published one would."""
    path = tmp_path / "weights" / available_weights()["openl3_mel256_music"].file
    path.parent.mkdir()
    path.write_bytes(Path(files["openl3"]).read_bytes())
    return tmp_path


def test_a_file_without_a_known_sum_is_found_and_its_layout_checked(home):
    embedding = OpenL3Embedding(data_home=home, cache=False, duration=0.1)
    assert embedding.fit(CLIP).get_feature_names_out()[0] == "openl3_mel256_music_00__mean"
    assert len(embedding.weights_sha256_) == 64
    (path,) = (home / "weights").iterdir()
    arrays = torch.load(path, weights_only=True)
    del arrays["conv2d_2.bias"]
    torch.save(arrays, path)
    with pytest.raises(WeightsError, match=r"Missing: conv2d_2\.bias"):
        embedding.fit(CLIP)
    path.write_bytes(b"half")
    with pytest.raises(WeightsError, match="cannot be read as weights"):
        embedding.fit(CLIP)


def test_a_name_goes_with_the_other_parameters(home):
    given = {"data_home": home, "weights": "openl3_mel256_music", "cache": False}
    OpenL3Embedding(**given).fit(CLIP)
    for other in ({"input_repr": "linear"}, {"content_type": "env"}):
        with pytest.raises(ValueError, match="does not go with input_repr"):
            OpenL3Embedding(**given, **other).fit(CLIP)
    with pytest.raises(ValueError, match="is a file for another embedding"):
        OpenL3Embedding(weights="mtat_crnn").fit(CLIP)


@pytest.mark.parametrize(
    "wrong",
    [{"input_repr": "mel96"}, {"content_type": "speech"}, {"embedding_size": 256}, {"hop_size": 0}],
)
def test_parameters_that_are_not_allowed(wrong, files):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"'{name}' parameter of OpenL3Embedding"):
        OpenL3Embedding(weights=files["openl3"], **wrong).fit(CLIP)
