"""Every type of model, tiny and random. Only this file imports transformers: it takes seconds."""

import os
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer.embeddings import HubEmbedding
from sklearn_mer.embeddings._hub_network import HubNetwork
from sklearn_mer.models import ModelFileError, load_model, save_model
from sklearn_mer.models._checks import check_made
from sklearn_mer.weights import WeightsError, WeightsNotFoundError

from .hub_server import serve
from .tiny_models import NAMES, change_json, in_hub_cache, save_models, with_code

pytest.importorskip("transformers")

COMMIT = "0123456789abcdef" * 2 + "01234567"
RATES = {"clap": 48000, "fused_clap": 48000}
# Of all but these, any length.
WINDOWS = {"ast": 63 * 160 + 400, "clap": 48000, "fused_clap": 48000, "whisper": 16000}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """{name: folder}."""
    return save_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def hub_cache(tmp_path, monkeypatch):
    """An empty cache of the hub, which cannot be reached."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


@pytest.fixture
def code_cache(tmp_path, monkeypatch):
    """A folder of its own for code that comes with models."""
    import transformers.dynamic_module_utils

    monkeypatch.setattr(transformers.dynamic_module_utils, "HF_MODULES_CACHE", str(tmp_path / "m"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in [name for name in sys.modules if name.startswith("transformers_modules")]:
        del sys.modules[name]


@pytest.fixture
def calls(monkeypatch):
    """The windows that any network hears."""
    heard = []
    call = HubNetwork.__call__
    monkeypatch.setattr(
        HubNetwork, "__call__", lambda self, windows: heard.append(windows) or call(self, windows)
    )
    return heard


def noise(seconds, rate=16000, n_clips=2):
    values = np.random.default_rng(0).uniform(-0.5, 0.5, (n_clips, round(seconds * rate)))
    return values.astype(np.float32)


def make(model, **params):
    return HubEmbedding(**{"model": model, "duration": None, "cache": False, **params})


def by_hand(name, folder, waveform):
    """Return the states of one window, with transformers alone."""
    import transformers

    front_end = transformers.AutoFeatureExtractor.from_pretrained(folder)
    inputs = front_end(waveform, sampling_rate=front_end.sampling_rate, return_tensors="pt")
    if "clap" in name:
        network = transformers.ClapAudioModelWithProjection.from_pretrained(folder)
        inputs = {"input_features": inputs["input_features"].float(), "is_longer": [[False]]}
        inputs["is_longer"] = torch.tensor(inputs["is_longer"])
    else:
        network = transformers.AutoModel.from_pretrained(folder)
        network = network.encoder if name == "whisper" else network
    with torch.inference_mode():
        return network.eval()(**inputs, output_hidden_states=True)


@parametrize_with_checks([HubEmbedding(duration=None, cache=False)])
def test_scikit_learn_checks(estimator, check, models):
    check(estimator.set_params(model=models["wav2vec2"]))


@pytest.mark.parametrize("name", NAMES)
def test_states_are_those_of_transformers(name, models):
    X = noise(WINDOWS.get(name, 8000) / RATES.get(name, 16000), RATES.get(name, 16000))
    found = make(models[name], layer="all", pooling="mean_std").fit_transform(X)
    for waveform, row in zip(X, found, strict=True):
        states = by_hand(name, models[name], waveform).hidden_states
        if "clap" in name:
            states = [state.flatten(2).transpose(1, 2) for state in states]
        skipped = 2 if name == "ast" else 0
        frames = [state[0, skipped:].numpy() for state in states]
        parts = [part for one in frames for part in (one.mean(axis=0), one.std(axis=0))]
        np.testing.assert_allclose(row, np.concatenate(parts), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["ast", "clap", "fused_clap"])
def test_the_embedding_is_that_of_transformers(name, models):
    X = noise(WINDOWS[name] / RATES.get(name, 16000), RATES.get(name, 16000), n_clips=1)
    outputs = by_hand(name, models[name], X[0])
    expected = outputs.pooler_output if name == "ast" else outputs.audio_embeds
    found = make(models[name], layer="embedding").fit_transform(X)
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-4, atol=1e-5)


def test_layers(models):
    X = noise(0.6)
    embedding = make(models["hubert"], layer="all").fit(X)
    layers = embedding.transform(X).reshape(2, 3, 16)
    for layer, expected in [
        (0, layers[:, 0]),
        (np.int64(1), layers[:, 1]),
        (-1, layers[:, 2]),
        ("last", layers[:, 2]),
        ([0, -1], layers[:, [0, 2]].mean(axis=1)),
        ("mean", layers.mean(axis=1)),
    ]:
        values = embedding.set_params(layer=layer).transform(X)
        np.testing.assert_allclose(values, expected, rtol=1e-6)
        assert len(embedding.get_feature_names_out()) == values.shape[1] == 16


@pytest.mark.parametrize("layer", [3, -4, [], [0, 7], [0.5], ["last"]])
def test_layers_that_there_are_not(layer, models):
    with pytest.raises(ValueError, match=r"has the layers 0 .* to 2; give one of these"):
        make(models["hubert"], layer=layer).fit(noise(0.6))


def test_layers_that_do_not_go_together(models):
    with pytest.raises(ValueError, match=r"different sizes: .* have \[8, 16, 16\] values"):
        make(models["clap"], layer="mean").fit(noise(0.1))
    with pytest.raises(ValueError, match=r"'embedding' needs CLAP or AST; .*hubert"):
        make(models["hubert"], layer="embedding").fit(noise(0.6))


def test_names_and_pandas_output(models):
    embedding = make(models["clap"], layer="all", pooling="mean_std")
    table = embedding.set_output(transform="pandas").fit_transform(noise(1, 48000))
    assert len(set(table)) == table.shape[1] == 2 * (8 + 16 + 16)
    assert [table.columns[0], table.columns[-1]] == [
        "clap_layer_00_00__mean",
        "clap_layer_02_15__std",
    ]
    for params, first in [
        ({"layer": "embedding", "pooling": "max"}, "clap_embedding_00__max"),
        ({"layer": [1, 2], "pooling": "mean"}, "clap_layer_01_02_00__mean"),
    ]:
        assert embedding.set_params(**params).get_feature_names_out()[0] == first
    assert make(models["ast"], layer="mean").fit([[0.1]]).get_feature_names_out()[0] == (
        "ast_layers_00__mean"
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_network_hears_anything_but_the_clip(name, models, calls):
    rate, window = RATES.get(name, 16000), WINDOWS.get(name, 10 * 16000)
    X = noise(2.6 * window / rate, rate, n_clips=1)
    embedding = make(models[name], layer="all").fit(X)
    whole = embedding.transform(X)
    assert embedding.window_ == window
    assert [heard.shape for heard in calls] == [(3, window)]
    parts = [X[:, :window], X[:, window : 2 * window], X[:, -window:]]
    alone = [clone(embedding).fit_transform(part) for part in parts]
    np.testing.assert_allclose(whole, np.mean(alone, axis=0), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["ast", "clap", "whisper"])
def test_a_short_clip_is_repeated_and_not_followed_by_silence(name, models):
    rate, window = RATES.get(name, 16000), WINDOWS[name]
    X = noise(0.4 * window / rate, rate)
    repeated = np.tile(X, 3)[:, :window]
    found = make(models[name]).fit_transform(X)
    np.testing.assert_array_equal(found, make(models[name]).fit_transform(repeated))


def test_feature_extractors_pad_no_window(models):
    """If a feature extractor padded, its last frames would not depend on the end of the window."""
    import transformers

    for name in ("ast", "clap", "whisper"):
        front_end = transformers.AutoFeatureExtractor.from_pretrained(models[name])
        rate, window = RATES.get(name, 16000), WINDOWS[name]
        waveform = noise(window / rate, rate, n_clips=1)[0]
        quiet_end = waveform.copy()
        quiet_end[-200:] = 0
        values = [
            next(iter(front_end(one, sampling_rate=rate, return_tensors="np").values()))
            for one in (waveform, quiet_end)
        ]
        time = 2 if name == "whisper" else -2
        last = [np.take(value, [-1], axis=time) for value in values]
        assert not np.array_equal(*last), name


def test_windows_of_other_lengths(models):
    X = noise(4)
    assert make(models["wavlm"], window=2.0).fit(X).window_ == 32000
    assert make(models["whisper"], window=1.0).fit(X).window_ == 16000
    with pytest.raises(ValueError, match=r"window=2.0 s .*whisper, whose windows are 1 s long"):
        make(models["whisper"], window=2.0).fit(X)


def test_a_search_over_layers_runs_the_network_once_a_clip(models, calls, tmp_path):
    X, y = noise(0.5, n_clips=6), np.array([0, 1] * 3)
    hub = make(models["wav2vec2"], cache=tmp_path / "cache")
    model = make_pipeline(hub, StandardScaler(), SVC())
    layers = [0, 1, "last", "mean", [0, 1], "all"]
    grid = {"hubembedding__layer": layers, "hubembedding__pooling": ["mean", "mean_std"]}
    search = GridSearchCV(model, grid, cv=3).fit(X, y)
    assert len(search.cv_results_["params"]) == 12
    assert len(calls) == 6


def test_values_are_kept_a_network(models, calls, tmp_path):
    X = noise(0.5)
    folder = tmp_path / "mine"
    shutil.copytree(models["wav2vec2"], folder)
    embedding = make(folder, cache=tmp_path / "cache")
    before = embedding.fit_transform(X)
    weights = load_file(folder / "model.safetensors")
    weights["encoder.layers.1.feed_forward.output_dense.bias"] += 1
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WeightsError, match="another network than the one seen in fit"):
        embedding.transform(X)
    assert (embedding.fit_transform(X) != before).any()
    assert len(calls) == 4
    make(folder, cache=tmp_path / "cache", window=0.5).fit_transform(X)
    assert len(calls) == 6


def test_clone_and_pickle(models, tmp_path):
    X = noise(0.5)
    folder = tmp_path / "mine"
    shutil.copytree(models["wav2vec2"], folder)
    embedding = make(folder)
    expected = embedding.fit_transform(X)
    content = pickle.dumps(embedding)
    assert len(content) < 2000  # the network is named
    np.testing.assert_array_equal(pickle.loads(content).transform(X), expected)
    copy = clone(embedding)
    assert not [name for name in vars(copy) if name.endswith("_")]
    np.testing.assert_array_equal(copy.fit_transform(X), expected)
    shutil.rmtree(folder)
    with pytest.raises(WeightsNotFoundError, match=r"mine' is neither a folder nor"):
        pickle.loads(content).transform(X)


def test_threads_and_generators(models):
    X = noise(0.5, n_clips=4)
    for name in ("clap", "fused_clap", "wav2vec2"):
        state, numpy_state = torch.random.get_rng_state(), np.random.get_state()[1]  # noqa: NPY002
        one = make(models[name], layer="all").fit_transform(X)
        many = make(models[name], layer="all", n_jobs=4).fit_transform(X)
        np.testing.assert_array_equal(many, one)
        assert torch.equal(torch.random.get_rng_state(), state)
        np.testing.assert_array_equal(np.random.get_state()[1], numpy_state)  # noqa: NPY002


def test_numbers_of_numpy(models):
    X = noise(2)
    of_python = make(models["hubert"], layer=1, window=0.75, offset=0.25, duration=1.5, n_jobs=1)
    of_numpy = make(
        models["hubert"],
        layer=np.int32(1),
        window=np.float32(0.75),
        offset=np.float32(0.25),
        duration=np.float32(1.5),
        n_jobs=np.int64(1),
    )
    np.testing.assert_array_equal(of_numpy.fit_transform(X), of_python.fit_transform(X))


def test_a_model_in_the_cache_of_the_hub(models, hub_cache):
    in_hub_cache(models["hubert"], hub_cache, "someone/tiny", COMMIT)
    X = noise(0.5)
    expected = make(models["hubert"]).fit_transform(X)
    for revision in (None, "main", COMMIT):
        embedding = make("someone/tiny", revision=revision)
        np.testing.assert_array_equal(embedding.fit_transform(X), expected)
        assert embedding.revision_ == COMMIT


def test_a_model_that_is_nowhere(models, hub_cache):
    wanted = r"(?s)'someone/tiny' is no folder.*HF_HUB_OFFLINE is set.*run `hf download someone/ti"
    with pytest.raises(WeightsNotFoundError, match=wanted):
        make("someone/tiny").fit(noise(0.5))
    with pytest.raises(WeightsNotFoundError, match=f"hf download someone/tiny --revision {COMMIT}"):
        make("someone/tiny", revision=COMMIT).fit(noise(0.5))
    in_hub_cache(models["hubert"], hub_cache, "someone/half", COMMIT)
    next(hub_cache.rglob("*.safetensors")).unlink()
    with pytest.raises(WeightsNotFoundError, match="not whole in the hub's cache"):
        make("someone/half").fit(noise(0.5))


@pytest.mark.parametrize("model", ["no/such/folder", "/no/folder", "~/folder", "a b", "", "a/b\n"])
def test_what_is_no_name_of_a_model(model, hub_cache):
    with pytest.raises(WeightsNotFoundError, match="is neither a folder nor the name of a model"):
        make(model).fit(noise(0.5))


def test_damaged_models(models, tmp_path):
    def broken(change):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(models["hubert"], folder)
        change(folder)
        return make(folder)

    def lose_an_array(folder):
        weights = load_file(folder / "model.safetensors")
        del weights["encoder.layers.1.final_layer_norm.bias"]
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    def cut(folder):
        content = (folder / "model.safetensors").read_bytes()
        (folder / "model.safetensors").write_bytes(content[:-50])

    def of_text(folder):
        change_json(folder / "config.json", model_type="bert")

    def without(file):
        return lambda folder: (folder / file).unlink()

    for change, error, message in [
        (lose_an_array, WeightsError, r"1 arrays .* drawn at random: encoder.layers.1.final"),
        (cut, WeightsError, "cannot be opened"),
        (of_text, WeightsError, "is of the type 'bert'; allowed are"),
        (without("preprocessor_config.json"), WeightsNotFoundError, "holds no whole model"),
        (without("config.json"), (WeightsNotFoundError, WeightsError), "model="),
        (without("model.safetensors"), WeightsNotFoundError, "holds no whole model"),
    ]:
        with pytest.raises(error, match=message):
            broken(change).fit(noise(0.5))


def test_half_precision_is_read_as_single(models, tmp_path):
    shutil.copytree(models["hubert"], tmp_path / "half")
    weights = load_file(tmp_path / "half" / "model.safetensors")
    halves = {name: array.half() for name, array in weights.items()}
    save_file(halves, tmp_path / "half" / "model.safetensors", metadata={"format": "pt"})
    change_json(tmp_path / "half" / "config.json", dtype="float16")
    found = make(tmp_path / "half").fit_transform(noise(0.5))
    assert found.dtype == np.float32
    expected = make(models["hubert"]).fit_transform(noise(0.5))
    np.testing.assert_allclose(found, expected, atol=0.02)


def test_code_of_a_model_runs_only_where_it_is_trusted(models, tmp_path, code_cache):
    folder = with_code(models["hubert"], tmp_path / "code")
    X = noise(0.5)
    with pytest.raises(ValueError, match="comes with code, which is not run without being asked"):
        make(folder, layer="all").fit(X)
    found = make(folder, layer="all", trust_remote_code=True).fit_transform(X)
    expected = make(models["hubert"], layer="all").fit_transform(X)
    np.testing.assert_array_equal(found, expected)


def test_code_of_a_model_of_the_hub_needs_a_commit(models, hub_cache, tmp_path, code_cache):
    folder = with_code(models["hubert"], tmp_path / "code")
    in_hub_cache(folder, hub_cache, "someone/code", COMMIT)
    for revision in (None, "main", COMMIT[:12]):
        with pytest.raises(ValueError, match="revision= the commit whose code you have read"):
            make("someone/code", trust_remote_code=True, revision=revision).fit(noise(0.5))
    embedding = make("someone/code", trust_remote_code=True, revision=COMMIT).fit(noise(0.5))
    assert embedding.revision_ == COMMIT
    assert embedding.model_type_ == "ours"


def test_code_of_another_repository_is_refused(models, tmp_path):
    folder = with_code(models["hubert"], tmp_path / "code")
    change_json(folder / "preprocessor_config.json", auto_map={"AutoModel": "x/y--code.Model"})
    with pytest.raises(ValueError, match=r"code of another repository \(.*x/y--code"):
        make(folder, trust_remote_code=True).fit(noise(0.5))


def test_files_of_models_name_the_network(models, tmp_path):
    X, y = noise(0.5, n_clips=6), np.array([0, 1] * 3)
    model = make_pipeline(make(models["wav2vec2"], layer=[0, 1]), StandardScaler(), SVC()).fit(X, y)
    for include in (True, False):
        path = save_model(model, tmp_path / "model.mer", include_weights=include)
        loaded = load_model(path)
        np.testing.assert_array_equal(loaded.decision_function(X), model.decision_function(X))
        assert path.stat().st_size < 50_000
    model[0].trust_remote_code = True
    with pytest.raises(TypeError, match=r"runs code that comes with its model.*cannot be saved"):
        save_model(model, tmp_path / "model.mer")


def test_no_file_of_a_model_runs_code():
    forged = HubEmbedding(trust_remote_code=True)
    with pytest.raises(ModelFileError, match="would run code that comes with a model"):
        check_made(forged, "sklearn_mer.embeddings.HubEmbedding")


@pytest.mark.slow
def test_importing_the_library_does_not_import_transformers():
    large = "{'transformers', 'huggingface_hub', 'onnxruntime'}"
    code = f"import sys, sklearn_mer.embeddings; print({large} & {{*sys.modules}})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


DOWNLOAD = """
import pickle, sys
import numpy as np
from sklearn_mer.embeddings import HubEmbedding

X = np.zeros((1, 8000), np.float32)
embedding = HubEmbedding(model="someone/tiny", duration=None, cache=False)
if sys.argv[1] == "fit":
    print(embedding.fit(X).revision_)
else:  # as it was fitted elsewhere
    fitted = {"revision_": "%s", "sample_rate_": 16000, "_own_window_": None, "window_": 160000}
    vars(embedding).update(fitted, n_features_in_=8000)
    embedding.transform(X)
"""


@pytest.mark.slow
def test_fit_downloads_what_is_missing_and_nothing_else_does(models, tmp_path):
    def run(what, address):
        code = [sys.executable, "-c", DOWNLOAD % COMMIT, what]
        hub = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path)}
        return subprocess.run(code, env={**os.environ, **hub}, capture_output=True, text=True)

    with serve(models["hubert"], "someone/tiny", COMMIT) as (address, asked):
        assert "WeightsNotFoundError" in run("transform", address).stderr
        assert not [path for path in asked if "someone" in path]
        assert run("fit", address).stdout.strip() == COMMIT
        of_model = {path for path in asked if "someone" in path}
        assert all(f"/{COMMIT}/" in path or path.endswith("main/config.json") for path in of_model)
        asked.clear()
        assert run("fit", address).stdout.strip() == COMMIT
        assert not [path for path in asked if "someone" in path]


@pytest.mark.slow
@pytest.mark.data
def test_before_a_support_vector_machine_on_real_clips(models, real_data_home):
    from sklearn_mer.datasets import load_4qaed

    data = load_4qaed(data_home=real_data_home)
    chosen = data.target.groupby(data.target).head(10).index
    X, y = data.data.loc[chosen, ["audio"]], data.target[chosen]
    hub = HubEmbedding(model=models["ast"], layer="all", pooling="mean_std")
    scores = cross_val_score(make_pipeline(hub, StandardScaler(), SVC()), X, y, cv=5)
    assert len(scores) == 5
    assert scores.mean() > 0.3  # chance is .25, and a random network hears something
