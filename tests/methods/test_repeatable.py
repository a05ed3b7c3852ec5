"""The same seed gives the same result, to the last bit, wherever it is computed."""

import pickle
import random
import subprocess
import sys
import threading
from functools import cache

import joblib
import numpy as np
import pytest
import torch
from cases import KEYS, NETWORKS, all_weights, make, scores
from sklearn.base import clone

from sklearn_mer import CNNBaseline
from sklearn_mer.training import _net


@pytest.fixture(scope="module")
def fitted(clips):
    """Return the method of a key, fitted on `clips`; for tests that leave it as it is."""
    return cache(lambda key: make(key).fit(*clips))


def assert_same_weights(one, other):
    one, other = all_weights(one), all_weights(other)
    assert one
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


@pytest.mark.parametrize("key", NETWORKS)
def test_same_seed_same_result_whatever_the_threads(key, clips, fitted, torch_threads):
    X, y = clips
    expected = fitted(key)
    for n_threads, n_jobs in [(1, 2), (3, None)]:
        torch_threads(n_threads)
        again = make(key, n_jobs=n_jobs).fit(X, y)
        assert_same_weights(again, expected)
        np.testing.assert_array_equal(scores(again, X), scores(expected, X))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_same_seed_same_result_in_each_precision(precision, clips, torch_threads):
    methods = []
    for n_threads in (1, 2):
        torch_threads(n_threads)
        methods.append(make("cnn", precision=precision).fit(*clips))
    assert_same_weights(*methods)


def test_same_seed_same_result_in_other_processes(clips, fitted):
    # There, torch has one thread; here, as many as there are cores.
    X, y = clips
    there = joblib.Parallel(n_jobs=2)(
        joblib.delayed(lambda method: scores(method.fit(X, y), X))(make(key)) for key in KEYS
    )
    for key, result in zip(KEYS, there, strict=True):
        np.testing.assert_array_equal(result, scores(fitted(key), X), err_msg=key)


@pytest.mark.parametrize("key", NETWORKS)
def test_another_seed_gives_another_result(key, clips, fitted):
    X, y = clips
    other = scores(make(key, random_state=1).fit(X, y), X)
    assert np.abs(other - scores(fitted(key), X)).max() > 1e-4


def test_each_source_of_chance_has_the_seed_of_its_stage(clips, monkeypatch):
    seeds = {"weights": [], "order": [], "dropout": []}

    def noting(source, function):
        def wrapper(*args, **kwargs):
            seeds[source].append(kwargs["seed"] if "seed" in kwargs else args[0])
            return function(*args, **kwargs)

        return wrapper

    batches = staticmethod(noting("order", _net.Batches))
    monkeypatch.setattr(_net.EmotionNet, "batch_class", batches)
    monkeypatch.setattr(_net, "MicroBatchEngine", noting("dropout", _net.MicroBatchEngine))
    monkeypatch.setattr(torch, "manual_seed", noting("weights", torch.manual_seed))
    for random_state in (0, 1):
        make("hybrid", max_epochs=1, random_state=random_state).fit(*clips)
    # Three networks a fit, all different, and the same seed for the three sources of a network.
    assert len(set(seeds["weights"])) == 6
    assert seeds["order"] == seeds["dropout"] == seeds["weights"]


@pytest.mark.parametrize("key", ["cnn", "short_chunk", "hybrid"])
def test_a_random_state_object_is_drawn_from(key, clips):
    X, y = clips
    state = np.random.RandomState(0)
    first, second = (scores(make(key, random_state=state).fit(X, y), X) for _ in range(2))
    assert not np.array_equal(first, second)
    fresh = scores(make(key, random_state=np.random.RandomState(0)).fit(X, y), X)
    np.testing.assert_array_equal(fresh, first)


def global_state():
    in_a_new_thread = []
    thread = threading.Thread(target=lambda: in_a_new_thread.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    return {
        "python": random.getstate(),
        "numpy": pickle.dumps(np.random.get_state()),  # noqa: NPY002 (it is the one looked at)
        "torch": torch.get_rng_state().tolist(),
        "threads": (torch.get_num_threads(), *in_a_new_thread),
        "gradients": torch.is_grad_enabled(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
    }


@pytest.mark.parametrize("key", KEYS)
def test_global_settings_are_left_as_found(key, clips, torch_threads):
    X, y = clips
    torch_threads(2)
    before = global_state()
    method = make(key).fit(X, y)
    assert global_state() == before
    method.predict(X)
    assert global_state() == before


@pytest.mark.parametrize("key", KEYS)
def test_global_generators_have_no_influence(key, clips):
    X, y = clips
    results = []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002 (it is the one tried)
        torch.manual_seed(seed)
        results.append(scores(make(key).fit(X, y), X))
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("key", KEYS)
def test_pickled_and_loaded(key, clips, fitted):
    X, method = clips[0], fitted(key)
    loaded = pickle.loads(pickle.dumps(method))
    np.testing.assert_array_equal(scores(loaded, X), scores(method, X))
    np.testing.assert_array_equal(loaded.classes_, method.classes_)


_LOAD = """
import sys, joblib, numpy as np
methods, X = joblib.load(sys.argv[1])
joblib.dump([
    m.predict_proba(X) if hasattr(m, "predict_proba") else m.decision_function(X) for m in methods
], sys.argv[2])
"""


@pytest.mark.slow
def test_dumped_and_loaded_in_a_fresh_process(clips, fitted, tmp_path):
    X = clips[0]
    methods = [fitted(key) for key in KEYS]
    joblib.dump((methods, X), tmp_path / "methods")
    subprocess.run(
        [sys.executable, "-c", _LOAD, str(tmp_path / "methods"), str(tmp_path / "scores")],
        check=True,
    )
    for method, there in zip(methods, joblib.load(tmp_path / "scores"), strict=True):
        np.testing.assert_array_equal(there, scores(method, X))


def test_pickled_with_its_progress_bar(clips):
    X, y = clips
    cnn = make("cnn", verbose=1).fit(X, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(cnn)).predict(X), cnn.predict(X))


class _TensorsOutside(pickle._Pickler):
    """Counts the tensors that are pickled outside of what skorch moves between devices."""

    n_tensors = 0

    def persistent_id(self, obj):
        self.n_tensors += isinstance(obj, torch.Tensor)


@pytest.mark.parametrize("schedule", ["constant", "onecycle"])
def test_a_net_trained_on_one_device_can_be_loaded_on_another(schedule, clips, tmp_path):
    net = make("cnn", schedule=schedule).fit(*clips).net_
    with open(tmp_path / "net", "wb") as file:
        pickler = _TensorsOutside(file)
        pickler.dump(net)
    assert pickler.n_tensors == 0


def test_a_pickle_holds_no_clips(clips):
    X, y = make_noise(12), clips[1]
    few = pickle.dumps(CNNBaseline(max_epochs=1, random_state=0).fit(X, y))
    many = pickle.dumps(
        CNNBaseline(max_epochs=1, random_state=0).fit(np.tile(X, (2, 1)), np.tile(y, 2))
    )
    assert abs(len(many) - len(few)) < 5000


def make_noise(n_clips):
    return np.random.default_rng(0).uniform(-1, 1, (n_clips, 40000)).astype(np.float32)


@pytest.mark.parametrize("key", KEYS)
def test_a_clone_of_a_fitted_method_knows_nothing(key, clips):
    X, y = clips
    method = make(key).fit(X, y)
    copy = clone(method)
    assert not [name for name in vars(copy) if name.endswith("_")]
    assert repr(copy) == repr(method)
    np.testing.assert_array_equal(scores(copy.fit(X, y), X), scores(method, X))


@pytest.mark.parametrize("key", KEYS)
def test_parameters_are_not_touched(key, clips):
    X, y = clips
    method = make(key)
    before = {name: id(value) for name, value in method.get_params(deep=False).items()}
    described = repr(method)
    method.fit(X, y).predict(X)
    assert {name: id(value) for name, value in method.get_params(deep=False).items()} == before
    assert repr(method) == described
