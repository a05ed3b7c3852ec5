"""Make the files in ``data``, which later versions must load: run once a format."""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer import AutoencoderEmbedding, SVMBaseline
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.features import SummaryFeatures
from sklearn_mer.models import save_model
from sklearn_mer.spectrogram import MelSpectrogram

DATA = Path(__file__).parent / "data"


def tried(shape):
    """Return what the models predict of: the same numbers everywhere."""
    numbers = np.arange(2 * np.prod(shape)).reshape(2, *shape)
    return np.sin(numbers**1.3 / 7).astype(np.float32)


def main():
    """Write models with what they predict."""
    clips, labels = make_quadrant_clips(16, duration=2.5, random_state=0, return_X_y=True)
    described = SummaryFeatures(duration=2.5).fit_transform(clips)[:, :8]
    _write("svm", SVMBaseline(features="columns"), described / 100, labels)
    front = MelSpectrogram(n_mels=16, duration=2.5)
    settings = {"n_filters": (2, 4), "n_latent": 3, "max_epochs": 3, "random_state": 0}
    network = AutoencoderEmbedding(frontend=front, **settings)
    model = make_pipeline(network, StandardScaler(), LogisticRegression())
    _write("autoencoder", model, clips, labels)


def _write(name, estimator, X, labels):
    estimator.fit(X, labels)
    card = {"note": "16 synthesised clips"}
    save_model(estimator, DATA / f"{name}.mer", card=card, training_data=(X, labels))
    X = tried(X.shape[1:])
    recorded = {
        "shape": X.shape[1:],
        "proba": estimator.predict_proba(X).tolist(),
        "labels": estimator.predict(X).tolist(),
        "card": card,
    }
    (DATA / f"{name}.json").write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    main()
