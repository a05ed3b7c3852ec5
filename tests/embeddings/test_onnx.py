"""Small networks in the ONNX format, made node by node."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer.embeddings import ONNXEmbedding
from sklearn_mer.embeddings._onnx import ONNXNetwork
from sklearn_mer.models import load_model, save_model
from sklearn_mer.weights import WeightsError, WeightsNotFoundError

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

KERNEL, STRIDE, N_VALUES = 400, 160, 3


def filters():
    return np.random.default_rng(1).normal(0, 0.1, (N_VALUES, 1, KERNEL)).astype(np.float32)


def write(
    path,
    *,
    shape=("batch", "samples"),
    kind=None,
    n_inputs=1,
    as_frames=False,
    both=False,
    external=None,
):
    """Write a convolution and a ReLU, with a vector a window or one a frame as output."""
    helper, kind = onnx.helper, kind or onnx.TensorProto.FLOAT
    floats = onnx.TensorProto.FLOAT
    inputs = [helper.make_tensor_value_info(f"x{i}", kind, shape) for i in range(n_inputs)]
    kernel = onnx.numpy_helper.from_array(filters(), "kernel")
    if external:
        onnx.external_data_helper.set_external_data(kernel, external)
    axes = [onnx.numpy_helper.from_array(np.array([axis]), f"axis{axis}") for axis in (1, 2)]
    channel = "x" if len(shape) == 3 else "channel"
    nodes = [
        helper.make_node("Cast", ["x0"], ["x"], to=floats),
        helper.make_node("Unsqueeze", ["x", "axis1"], ["channel"]),
        helper.make_node("Conv", [channel, "kernel"], ["maps"], strides=[STRIDE]),
        helper.make_node("Relu", ["maps"], ["frames"]),
        helper.make_node("ReduceMean", ["frames", "axis2"], ["vectors"], keepdims=0),
    ]
    names = ["frames", "vectors"] if both else ["frames"] if as_frames else ["vectors"]
    outputs = [helper.make_tensor_value_info(name, floats, None) for name in names]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, [kernel, *axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    if external:
        onnx.external_data_helper.write_external_data_tensors(model, str(path.parent))
    path.write_bytes(model.SerializeToString())
    return path


def frames_of(waveform):
    """Return what the network gives, (n_frames, n_values)."""
    parts = np.lib.stride_tricks.sliding_window_view(waveform, KERNEL)[::STRIDE]
    return np.maximum(parts @ filters()[:, 0].T, 0)


def noise(seconds, n_clips=2):
    values = np.random.default_rng(0).uniform(-0.5, 0.5, (n_clips, round(seconds * 16000)))
    return values.astype(np.float32)


def make(path, **params):
    return ONNXEmbedding(**{"path": path, "duration": None, "cache": False, **params})


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Of any length, with an output a window."""
    return str(write(tmp_path_factory.mktemp("onnx") / "tiny.onnx"))


@parametrize_with_checks([ONNXEmbedding(duration=None, cache=False)])
def test_scikit_learn_checks(estimator, check, path):
    check(estimator.set_params(path=path))


def test_values_are_those_of_the_network(path, tmp_path):
    X = noise(0.8)
    frames = np.array([frames_of(x) for x in X])
    found = make(path).fit_transform(X)
    np.testing.assert_allclose(found, frames.mean(axis=1), rtol=1e-4, atol=1e-6)
    of_frames = write(tmp_path / "frames.onnx", as_frames=True)
    found = make(of_frames, time_axis=2, pooling="mean_std").fit_transform(X)
    expected = np.hstack([frames.mean(axis=1), frames.std(axis=1)])
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    by_time = make(of_frames, pooling="max").fit(X)  # the frames taken for values
    assert by_time.transform(X).shape == (2, frames.shape[1])


def test_windows(path, tmp_path):
    X = noise(2.6, n_clips=1)
    fixed = write(tmp_path / "fixed.onnx", shape=("batch", 16000))
    one = write(tmp_path / "one.onnx", shape=(1, 16000))
    parts = [frames_of(X[0, start : start + 16000]) for start in (0, 16000, 25600)]
    expected = np.concatenate(parts).mean(axis=0, keepdims=True)
    for embedding in (make(path, window=1.0), make(fixed), make(fixed, window=1.0), make(one)):
        np.testing.assert_allclose(embedding.fit_transform(X), expected, rtol=1e-4)
        assert embedding.window_ == 16000
    short = make(fixed).fit_transform(X[:, :7000])
    repeated = np.tile(X[:, :7000], 3)[:, :16000]
    np.testing.assert_array_equal(short, make(fixed).fit_transform(repeated))
    with pytest.raises(ValueError, match=r"window=2.0 s .*whose windows are 1 s long"):
        make(fixed, window=2.0).fit(X)


def test_names_and_pandas_output(path):
    table = make(path, pooling="mean_std").set_output(transform="pandas").fit_transform(noise(0.6))
    assert list(table) == [f"onnx_{i:02d}__{s}" for s in ("mean", "std") for i in range(N_VALUES)]


def test_threads_give_the_same_bits(path):
    X = noise(0.6, n_clips=4)
    one = make(path).fit_transform(X)
    np.testing.assert_array_equal(make(path, n_jobs=4).fit_transform(X), one)


def test_numbers_of_numpy(path):
    of_python = make(path, sample_rate=8000, time_axis=1, window=0.75, offset=0.25, n_jobs=1)
    numbers = {"sample_rate": np.int32(8000), "time_axis": np.int64(1), "n_jobs": np.int64(1)}
    of_numpy = make(path, window=np.float32(0.75), offset=np.float32(0.25), **numbers)
    X = noise(1)
    np.testing.assert_array_equal(of_numpy.fit_transform(X), of_python.fit_transform(X))


def test_values_are_kept_a_file(path, tmp_path, monkeypatch):
    calls = []
    call = ONNXNetwork.__call__
    monkeypatch.setattr(
        ONNXNetwork, "__call__", lambda self, windows: calls.append(1) or call(self, windows)
    )
    X, y = noise(0.6, n_clips=6), np.array([0, 1] * 3)
    model = make_pipeline(make(path, cache=tmp_path / "cache"), SVC())
    grid = {"onnxembedding__pooling": ["mean", "max", "mean_std"]}
    GridSearchCV(model, grid, cv=3).fit(X, y)
    assert len(calls) == 6
    for changes in ({"output": "vectors"}, {"sample_rate": 8000}, {"window": 0.5}):
        n_before = len(calls)
        make(path, cache=tmp_path / "cache", **changes).fit_transform(X)
        assert len(calls) == n_before + 6


def test_arrays_in_another_file_count_too(tmp_path):
    X = noise(0.6)
    path = write(tmp_path / "big.onnx", external="big.weights")
    embedding = make(path, cache=tmp_path / "cache")
    before = embedding.fit_transform(X)
    np.testing.assert_allclose(before[0], frames_of(X[0]).mean(axis=0), rtol=1e-4)
    (tmp_path / "big.weights").write_bytes((2 * filters()).tobytes())
    with pytest.raises(WeightsError, match="another network than the one seen in fit"):
        embedding.transform(X)
    np.testing.assert_allclose(embedding.fit_transform(X), 2 * before, rtol=1e-4)
    (tmp_path / "big.weights").unlink()
    with pytest.raises(WeightsError, match="cannot be read as a network"):
        embedding.fit(X)


def test_clone_pickle_and_files_of_models(path, tmp_path):
    X, y = noise(0.6, n_clips=6), np.array([0, 1] * 3)
    model = make_pipeline(make(path), SVC()).fit(X, y)
    expected = model.decision_function(X)
    content = pickle.dumps(model[0])
    assert len(content) < 2000  # the file is named
    np.testing.assert_array_equal(pickle.loads(content).transform(X), model[0].transform(X))
    assert not [name for name in vars(clone(model[0])) if name.endswith("_")]
    loaded = load_model(save_model(model, tmp_path / "model.mer", include_weights=False))
    np.testing.assert_array_equal(loaded.decision_function(X), expected)


def test_networks_that_cannot_be_used(path, tmp_path):
    X = noise(0.6)
    int64 = onnx.TensorProto.INT64
    for name, changes, message in [
        ("rank", {"shape": ("batch", 1, "samples")}, r"inputs are x0: .*, export it together with"),
        ("type", {"kind": int64}, r"tensor\(int64\).*one input: float32 waveforms"),
        ("two", {"n_inputs": 2}, r"x0: .*, x1: "),
        ("four", {"shape": (4, "samples")}, "takes 4 waveforms at a time; export it for one"),
        ("short", {"shape": ("batch", 300)}, r"does not run on an array of \(1, 300\)"),
    ]:
        with pytest.raises(WeightsError, match=f"(?s){name}.onnx: .*{message}"):
            make(write(tmp_path / f"{name}.onnx", **changes)).fit(X)
    several = write(tmp_path / "several.onnx", both=True)
    with pytest.raises(ValueError, match=r"outputs \['frames', 'vectors'\]: name one by output="):
        make(several).fit(X)
    assert make(several, output="vectors").fit_transform(X).shape == (2, N_VALUES)
    with pytest.raises(ValueError, match=r"output='maps': .* has the outputs \['frames'"):
        make(several, output="maps").fit(X)


def test_files_that_are_none(path, tmp_path):
    whole = Path(path).read_bytes()
    for content in (b"", b"no network", whole[:-40]):
        (tmp_path / "broken.onnx").write_bytes(content)
        with pytest.raises(WeightsError, match=r"broken.onnx"):
            make(tmp_path / "broken.onnx").fit(noise(0.6))
    with pytest.raises(WeightsNotFoundError, match=r"nowhere.onnx' is no file"):
        make("nowhere.onnx").fit(noise(0.6))
