"""The autoencoder's codes, and the row with a forest on them."""

import pickle

import numpy as np
import pandas as pd
import pytest
from cases import MEL, make
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer import AutoencoderEmbedding, MelSpectrogram
from sklearn_mer.embeddings import _autoencoder as _autoencoder_embedding

FOLDS = StratifiedKFold(3)
TINY = {
    "frontend": MelSpectrogram(duration=0.1, n_mels=16),
    "n_filters": (2, 2),
    "n_latent": 3,
    "batch_size": 256,
    "max_epochs": 1,
    "random_state": 0,
}


@parametrize_with_checks([AutoencoderEmbedding(**TINY)])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def embedding(**params):
    settings = {"frontend": MEL, "n_filters": (4, 8), "max_epochs": 2, "random_state": 0}
    return AutoencoderEmbedding(**{**settings, **params})


def test_it_learns_to_reconstruct_clips_it_has_not_seen(clips):
    X, _ = clips
    trained = embedding(max_epochs=40, lr=0.003, n_filters=(8, 16), batch_size=4)
    trained.fit(X[:9])
    losses = [epoch["train_loss"] for epoch in trained.history_]
    assert losses[-1] < 0.4 * losses[0]
    import torch

    unseen = trained.scale_.to_unit(MEL.fit(X).transform(X[9:]))
    with torch.inference_mode():
        made = trained.net_.module_(torch.from_numpy(unseen))[:, 0].numpy()
    error = np.square(made - unseen).mean()
    assert error < 0.5 * np.square(unseen - unseen.mean()).mean()


def test_codes_are_the_same_in_any_form_at_any_time(clips, wav_files, torch_threads):
    X, _ = clips
    torch_threads(1)
    expected = embedding().fit_transform(X)
    assert expected.dtype == np.float32
    torch_threads(2)
    fitted = embedding().fit(wav_files)
    for form in (X, wav_files, pd.DataFrame({"audio": wav_files})):
        np.testing.assert_array_equal(fitted.transform(form), expected)
    np.testing.assert_array_equal(fitted.transform(X[4:5]), expected[4:5])
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(X), expected)
    assert not np.array_equal(embedding(random_state=1).fit_transform(X), expected)


def test_names_and_tables(clips):
    X, _ = clips
    table = embedding(n_latent=4).set_output(transform="pandas").fit_transform(X)
    assert list(table) == [f"autoencoder_{i:02d}" for i in range(4)]
    assert table.to_numpy().std(axis=0).min() > 0


def test_in_a_pipeline(clips):
    X, y = clips
    model = make_pipeline(embedding(n_latent=5), StandardScaler(), SVC()).fit(X, y)
    assert model.predict(X).shape == (12,)


def test_the_row_through_cross_validation_and_grid_search(clips, wav_files):
    X, y = clips
    method = make("autoencoder")
    expected = cross_val_score(method, X, y, cv=FOLDS, error_score="raise")
    found = cross_val_score(method, wav_files, y, cv=FOLDS, error_score="raise")
    np.testing.assert_array_equal(found, expected)
    grid = {"forest__n_estimators": [5, 10], "embedding__n_latent": [None, 4]}
    search = GridSearchCV(method, grid, cv=2, error_score="raise").fit(X, y)
    assert len(search.cv_results_["params"]) == 4


def test_the_row_has_the_seeds_of_its_steps(clips):
    X, y = clips
    method = make("autoencoder")
    first = method.fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(clone(method).fit(X, y).predict_proba(X), first)
    other = clone(method).set_params(embedding__random_state=1).fit(X, y)
    codes = method["embedding"].transform(X)
    assert not np.array_equal(other["embedding"].transform(X), codes)


def test_other_lengths_than_in_fit(clips, wav_files):
    X, _ = clips
    fitted = embedding(max_epochs=1).fit(wav_files)  # a front end of 2.5 s
    assert fitted.transform(X[:, :30000]).shape == fitted.transform(X).shape
    fitted = embedding(frontend=MelSpectrogram(duration=None, n_mels=16), max_epochs=1).fit(
        wav_files
    )
    with pytest.raises(ValueError, match="the same length"):
        fitted.transform(np.tile(X, 2))


def test_the_autoencoder_learns_from_training_clips_alone(clips, monkeypatch):
    X, y = clips
    seen = []
    train_autoencoder = _autoencoder_embedding.train_autoencoder

    def noting(module, params, samples, classes, settings):
        seen.append(samples)
        return train_autoencoder(module, params, samples, classes, settings)

    monkeypatch.setattr(_autoencoder_embedding, "train_autoencoder", noting)
    spectrograms = MEL.fit_transform(X)
    for train, test in FOLDS.split(X, y):
        seen.clear()
        method = make("autoencoder").fit(X[train], y[train])
        method.predict(X[test])
        (samples,) = seen
        scale = method["embedding"].scale_
        np.testing.assert_array_equal(samples, scale.to_unit(spectrograms[train]))
        assert (samples.min(), samples.max()) == (-1, 1)  # the scale is theirs
