"""Files of weights that are missing, damaged, foreign or dangerous."""

import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    TaggerEmbedding,
    WeightsError,
    WeightsNotFoundError,
    load_network,
)
from sklearn_mer.weights import _register, available_weights

from .broken_files import broken

CLIP = np.zeros((1, 100), dtype=np.float32)


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


def test_the_estimator_takes_it_from_the_data_home(registered, monkeypatch):
    embedding = TaggerEmbedding(duration=1.6, cache=False, data_home=registered)
    assert embedding.fit(CLIP).get_feature_names_out()[0] == "mtat_crnn_state_00"
    monkeypatch.setenv("SKLEARN_MER_DATA", str(registered))
    embedding = TaggerEmbedding(duration=1.6, cache=False, output="tags")
    assert embedding.fit(CLIP).get_feature_names_out()[1] == "mtat_crnn_tag_b_b"


def test_names_that_do_not_fit():
    with pytest.raises(ValueError, match=r"'MSD_musicnn' is a file for another.*mtat_crnn"):
        TaggerEmbedding(weights="MSD_musicnn").fit(CLIP)
    with pytest.raises(WeightsNotFoundError, match=r"'no\.pth' is neither a file nor a name"):
        TaggerEmbedding(weights="no.pth").fit(CLIP)


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


def test_things_that_are_not_arrays_by_name(tmp_path):
    path = tmp_path / "list.pth"
    torch.save([torch.zeros(2)], path)
    with pytest.raises(WeightsError, match=r"a list of other things.*state_dict"):
        ArtistEmbedding(weights=path).fit(CLIP)


def flipped(files, network, tmp_path):
    """Return a copy of a file with one byte changed, in the middle of its arrays."""
    content = bytearray(Path(files[network]).read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / f"flipped{Path(files[network]).suffix}"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("network", ["crnn", "musicnn", "artist", "openl3"])
def test_a_flipped_byte_is_found(network, files, tmp_path):
    path = flipped(files, network, tmp_path)
    with pytest.raises(WeightsError, match=r"flipped.*(checksum of .* is wrong|Bad CRC)") as caught:
        load_network(path, network)
    assert "Copy or save it again" in str(caught.value)


@pytest.mark.parametrize("network", ["crnn", "artist"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file_is_found(network, share, files, tmp_path):
    content = Path(files[network]).read_bytes()
    path = tmp_path / f"cut{Path(files[network]).suffix}"
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(WeightsError, match=r"cut\.\w+ cannot be read as weights"):
        load_network(path, network)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39])
@pytest.mark.parametrize(
    ("network", "name"), [("fcn", "dense.weight"), ("artist", "conv1d_2.kernel")]
)
def test_values_that_are_not_finite_are_refused(network, name, value, files, tmp_path):
    def set_one(arrays):
        arrays[name] = arrays[name].astype(float) if network == "artist" else arrays[name].double()
        arrays[name][0] = value

    path = broken(files, network, set_one, tmp_path)
    message = rf"broken\.\w+: \d+ of \d+ values of {name} are NaN or infinite.*diverged"
    with pytest.raises(WeightsError, match=message):
        load_network(path, network)


def test_an_array_without_values(files, tmp_path):
    def empty(arrays):
        arrays["layer4.conv.weight"] = arrays["layer4.conv.weight"][:0]

    path = broken(files, "crnn", empty, tmp_path)
    with pytest.raises(WeightsError, match=r"broken\.pth: layer4\.conv\.weight is empty"):
        load_network(path, "crnn")


def test_a_variance_is_not_negative(files, tmp_path):
    def negate(arrays):
        arrays["spec_bn.running_var"] *= -1

    path = broken(files, "crnn", negate, tmp_path)
    with pytest.raises(WeightsError, match=r"spec_bn\.running_var are .* negative"):
        load_network(path, "crnn")


def test_other_bytes_under_a_registered_name_are_told(files, tmp_path):
    path = tmp_path / "mtat_crnn.pth"
    path.write_bytes(Path(files["crnn"]).read_bytes())
    with pytest.warns(UserWarning, match=r"mtat_crnn\.pth has the name .* another sha256"):
        TaggerEmbedding(weights=path, duration=1.6).fit(CLIP)
    path.write_bytes(b"PK")
    message = "github.com/minzwon"
    with pytest.warns(UserWarning), pytest.raises(WeightsError, match=message):  # noqa: PT030
        TaggerEmbedding(weights=path).fit(CLIP)


@pytest.mark.parametrize("weights", ["x" * 5000, "~nobody-of-this-name/a.pth", "a\0b", ""])
def test_texts_that_are_no_paths(weights):
    with pytest.raises(WeightsNotFoundError, match="is neither a file nor a name"):
        ArtistEmbedding(weights=weights).fit(CLIP)


@pytest.mark.skipif(os.name != "posix", reason="permissions as on Unix")
def test_a_file_that_may_not_be_read(files, public_folder, without_privileges):
    path = public_folder / "secret.pth"
    path.write_bytes(Path(files["wide_artist"]).read_bytes())
    path.chmod(0)
    with (
        without_privileges(),
        pytest.raises(WeightsError, match=r"secret\.pth cannot be read: Perm"),
    ):
        ArtistEmbedding(weights=path).fit(CLIP)


@pytest.mark.parametrize("kind", ["sparse", "complex"])
def test_other_kinds_of_tensors(kind, nets, tmp_path):
    state = nets["artist"].state_dict()
    change = {
        "sparse": lambda tensor: tensor.to_sparse(),
        "complex": lambda tensor: tensor.to(torch.complex64),
    }[kind]
    path = tmp_path / "odd.pth"
    torch.save({**state, "blocks.0.norm.bias": change(state["blocks.0.norm.bias"])}, path)
    with pytest.raises(WeightsError, match="must be plain ones of real numbers"):
        load_network(path, "artist")
