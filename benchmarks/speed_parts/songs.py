"""Whole songs by the ready models, beside other programs that give emotions or descriptors."""

import importlib.util
import os
import statistics
import tempfile
from pathlib import Path

from sklearn_mer import load_model, predict_songs
from sklearn_mer.embeddings import WeightsNotFoundError

from ._turns import cpu_seconds, ratio, take_turns

N_SONGS = 12


def songs(paths, options):
    """Compare the CPU time of the ready models with that of other programs, file by file."""
    paths = [str(path) for path in paths[:N_SONGS]]
    with tempfile.TemporaryDirectory() as folder:
        sides = {**_models(paths, Path(folder)), **_others(paths)}
        seconds = take_turns(options.rounds, clock=cpu_seconds, **sides)
    for name, of in seconds.items():
        rate = 3600 * len(paths) / statistics.median(of)
        print(f"{name}: {rate:,.0f} songs per hour and core")
    return [
        ratio(
            f"songs_{other}_vs_{model}",
            f"file of 30 s: {other} / ours, model {model}",
            seconds[other],
            seconds[model],
            len(paths),
            unit="CPU s per song",
        )
        for other in seconds
        for model in ("default", "full")
        if model in seconds and other not in ("default", "full")
    ]


def _models(paths, folder):
    sides = {}
    for name in ("default", "full"):
        try:
            model = load_model(name)
        except WeightsNotFoundError as error:
            print(f"The model {name} is left out: {error}")
        else:
            sides[name] = lambda model=model: _predict_anew(model, paths, folder)
    return sides


def _predict_anew(model, paths, folder):
    # What was heard in an earlier round is not read from the cache.
    os.environ["SKLEARN_MER_CACHE"] = tempfile.mkdtemp(dir=folder)
    found = predict_songs(model, paths)
    assert not found["error"].any(), found["error"]


def _others(paths):
    makers = {"vibenet": _vibenet, "opensmile": _opensmile, "essentia": _essentia}
    sides = {}
    for name, make in makers.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name} is left out: it is not installed. Install the extra `peers`.")
        else:
            sides[name] = make(paths)
    return sides


def _vibenet(paths):
    """Valence, energy and five others, of a network."""
    import vibenet

    model = vibenet.load_model()
    return lambda: [model.predict(path) for path in paths]


def _opensmile(paths):
    """The 88 descriptors of eGeMAPS."""
    import opensmile

    smile = opensmile.Smile(
        feature_set=opensmile.FeatureSet.eGeMAPSv02,
        feature_level=opensmile.FeatureLevel.Functionals,
        num_workers=1,
    )
    return lambda: [smile.process_file(path) for path in paths]


def _essentia(paths):
    """The descriptors of the MusicExtractor, means and standard deviations."""
    import essentia
    from essentia import standard

    essentia.log.infoActive = essentia.log.warningActive = False
    groups = ("lowlevelStats", "rhythmStats", "tonalStats")
    extractor = standard.MusicExtractor(**{group: ["mean", "stdev"] for group in groups})
    return lambda: [extractor(path) for path in paths]
