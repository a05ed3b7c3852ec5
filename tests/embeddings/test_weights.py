"""The register, and files that are missing, damaged, foreign or dangerous."""

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
    WeightsError,
    WeightsNotFoundError,
    _register,
    _weights,
    available_weights,
    find_weights,
    load_network,
)

CLIP = np.zeros((1, 100), dtype=np.float32)


def test_the_register_says_everything():
    register = available_weights()
    assert len(register) == 15
    for name, info in register.items():
        assert info.name == name
        assert info.url.startswith("https://")
        assert info.licence in {"MIT", "ISC", "CC BY 4.0"}
        assert info.citation
        assert len(set(info.tags)) == (0 if info.network in {"artist", "openl3"} else 50)
    assert len({info.file for info in register.values()}) == 15
    summed = [info for info in register.values() if info.network != "openl3"]
    assert len({info.sha256 for info in summed}) == 9
    for info in summed:
        assert Path(info.file).stem == info.name
        assert len(info.sha256) == 64
        assert info.n_bytes > 1_000_000


def test_what_is_not_known_of_openl3_is_not_made_up():
    openl3 = [info for info in available_weights().values() if info.network == "openl3"]
    assert len(openl3) == 6
    for info in openl3:
        assert (info.sha256, info.n_bytes, info.licence) == (None, None, "CC BY 4.0")
        assert info.file == f"torch{info.name}_512.pth.tar"


def test_a_missing_file_says_what_where_and_how(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        find_weights("msd_fcn", data_home=tmp_path)
    assert isinstance(caught.value, WeightsNotFoundError)
    for part in (
        "msd_fcn.pth",
        str(tmp_path / "weights"),
        "Nothing was downloaded",
        "SKLEARN_MER_DATA",
        "data_home=",
        "github.com/minzwon",
        "MIT",
        available_weights()["msd_fcn"].sha256,
    ):
        assert part in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_says_both_sums(tmp_path):
    path = tmp_path / "weights" / "msd_fcn.pth"
    path.parent.mkdir()
    path.write_bytes(b"half")
    with pytest.raises(WeightsError, match="damaged") as caught:
        find_weights("msd_fcn", data_home=tmp_path)
    message = str(caught.value)
    assert hashlib.sha256(b"half").hexdigest() in message
    assert available_weights()["msd_fcn"].sha256 in message
    assert str(path.parent) in message
    assert "weights=" in message


@pytest.fixture
def registered(files, tmp_path, monkeypatch):
    """A data home in which the small file passes for the register's."""
    path = tmp_path / "weights" / "mtat_crnn.pth"
    path.parent.mkdir()
    content = Path(files["crnn"]).read_bytes()
    path.write_bytes(content)
    info = available_weights()["mtat_crnn"]
    replaced = {
        **info.__dict__,
        "sha256": hashlib.sha256(content).hexdigest(),
        "tags": ("a", "b b", "c", "d", "e"),
    }
    entry = type(info)(**replaced)
    monkeypatch.setattr(_register, "_ALL", (entry, *_register._ALL[1:]))
    return tmp_path


def test_a_whole_file_is_found_and_summed_once(registered, monkeypatch):
    assert find_weights("mtat_crnn", registered) == registered / "weights" / "mtat_crnn.pth"
    monkeypatch.setattr(_weights.hashlib, "file_digest", None)
    find_weights("mtat_crnn", registered)
    monkeypatch.undo()


def test_a_file_that_changes_is_summed_again(registered):
    path = find_weights("mtat_crnn", registered)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(WeightsError, match="damaged"):
        find_weights("mtat_crnn", registered)


def test_the_estimator_takes_it_from_the_data_home(registered, monkeypatch):
    embedding = TaggerEmbedding(duration=1.6, cache=False, data_home=registered)
    assert embedding.fit(CLIP).get_feature_names_out()[0] == "mtat_crnn_state_00"
    monkeypatch.setenv("SKLEARN_MER_DATA", str(registered))
    embedding = TaggerEmbedding(duration=1.6, cache=False, output="tags")
    assert embedding.fit(CLIP).get_feature_names_out()[1] == "mtat_crnn_tag_b_b"


def test_names_that_do_not_fit():
    with pytest.raises(ValueError, match=r"No weights 'mtat'; the register has mtat_crnn, "):
        find_weights("mtat")
    with pytest.raises(ValueError, match=r"'MSD_musicnn' is a file for another.*mtat_crnn"):
        TaggerEmbedding(weights="MSD_musicnn").fit(CLIP)
    with pytest.raises(WeightsNotFoundError, match=r"'no\.pth' is neither a file nor a name"):
        TaggerEmbedding(weights="no.pth").fit(CLIP)


@pytest.mark.parametrize("network", ["crnn", "fcn", "musicnn", "artist", "openl3"])
def test_both_layouts_give_the_same_network(network, nets, files, tmp_path):
    own = tmp_path / "own.pth"
    torch.save(nets[network].state_dict(), own)
    expected = nets[network].state_dict()
    for path in (Path(files[network]), own):
        net, _ = load_network(path, network)
        assert not net.training
        assert not any(parameter.requires_grad for parameter in net.parameters())
        state = net.state_dict()
        assert state.keys() == expected.keys()
        for name in state:
            if not name.endswith("num_batches_tracked"):
                assert torch.equal(state[name], expected[name]), name


def broken(files, network, change, tmp_path):
    source = Path(files[network])
    path = tmp_path / f"broken{source.suffix}"
    if source.suffix == ".npz":
        arrays = dict(np.load(source))
        change(arrays)
        np.savez(path, **arrays)
    else:
        arrays = torch.load(source, weights_only=True)
        change(arrays)
        torch.save(arrays, path)
    return path


@pytest.mark.parametrize(
    ("cls", "network", "name"),
    [
        (TaggerEmbedding, "crnn", "layer2.conv.bias"),
        (TaggerEmbedding, "fcn", "dense.weight"),
        (MusiCNNEmbedding, "musicnn", "conv2d_5.kernel"),
        (ArtistEmbedding, "artist", "batch_normalization_3.gamma"),
        (OpenL3Embedding, "openl3", "conv2d_4.weight"),
    ],
)
class TestBrokenFiles:
    def test_missing_and_unexpected_arrays(self, cls, network, name, files, tmp_path):
        def rename(arrays):
            arrays["other"] = arrays.pop(name)

        path = broken(files, network, rename, tmp_path)
        with pytest.raises(WeightsError, match=rf"Missing: {name}\. Unexpected: other\."):
            cls(weights=path).fit(CLIP)

    def test_shapes(self, cls, network, name, files, tmp_path):
        def cut(arrays):
            arrays[name] = arrays[name][:1]

        path = broken(files, network, cut, tmp_path)
        with pytest.raises(WeightsError, match="shape"):
            cls(weights=path).fit(CLIP)

    def test_axes(self, cls, network, name, files, tmp_path):
        def flatten(arrays):
            arrays[name] = arrays[name].reshape(-1)[0]

        path = broken(files, network, flatten, tmp_path)
        with pytest.raises(WeightsError, match=r"axes|shape"):
            cls(weights=path).fit(CLIP)


def test_a_front_end_of_another_size(files, tmp_path):
    def halve(arrays):
        arrays["spec.spectrogram.window"] = arrays["spec.spectrogram.window"][::2]

    path = broken(files, "crnn", halve, tmp_path)
    with pytest.raises(WeightsError, match=r"front end's arrays.*\(512,\)"):
        TaggerEmbedding(weights=path).fit(CLIP)


class Dangerous:
    def __reduce__(self):
        return (Path.touch, (Path(self.path),))


@pytest.mark.parametrize("suffix", [".pth", ".npz"])
def test_no_code_of_a_file_is_run(suffix, tmp_path):
    thing = Dangerous()
    thing.path = str(tmp_path / "touched")
    path = tmp_path / f"weights{suffix}"
    if suffix == ".npz":
        np.savez(path, thing=np.array([thing], dtype=object))
    else:
        torch.save({"thing": thing}, path)
    with pytest.raises(WeightsError, match="cannot be read as weights"):
        TaggerEmbedding(weights=path).fit(CLIP)
    assert not (tmp_path / "touched").exists()
    pickle.loads(pickle.dumps(thing))  # it would have been
    assert (tmp_path / "touched").exists()


@pytest.mark.parametrize("suffix", [".pth", ".npz", ".txt"])
@pytest.mark.parametrize("content", [b"", b"no weights at all", b"PK\x03\x04 broken"])
def test_files_that_are_no_weights(suffix, content, tmp_path):
    path = tmp_path / f"file{suffix}"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=rf"file\{suffix} cannot be read"):
        ArtistEmbedding(weights=path).fit(CLIP)


def test_an_unknown_network(files):
    with pytest.raises(ValueError, match=r"No network 'vgg'; there are crnn, fcn, musicnn"):
        load_network(files["crnn"], "vgg")


def test_things_that_are_not_arrays_by_name(tmp_path):
    path = tmp_path / "list.pth"
    torch.save([torch.zeros(2)], path)
    with pytest.raises(WeightsError, match=r"a list of other things.*state_dict"):
        ArtistEmbedding(weights=path).fit(CLIP)
