"""Whole songs by the ready models, beside other programs that give emotions or descriptors."""

import importlib.util
import os
import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context

from sklearn_mer import load_model, predict_songs
from sklearn_mer.embeddings import WeightsNotFoundError

from ._turns import cpu_seconds, ratio, take_turns

N_SONGS = 12
MODELS = ("default", "full")


def songs(paths, options):
    """Compare the CPU time of the ready models with that of other programs, file by file.

    Each program has a process of its own, as its users would run it: how one handles threads and
    memory would change the time of the others.
    """
    paths = [str(path) for path in paths[:N_SONGS]]
    with ExitStack() as stack:
        programs = {
            name: stack.enter_context(
                ProcessPoolExecutor(
                    1, mp_context=get_context("spawn"), initializer=_start, initargs=(make, paths)
                )
            )
            for name, make in {**_models(), **_others()}.items()
        }
        spent = 0.0

        def hear(program):
            nonlocal spent
            spent += program.submit(_timed).result()

        sides = {name: partial(hear, program) for name, program in programs.items()}
        seconds = take_turns(options.rounds, clock=lambda: spent, **sides)
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
        for model in MODELS
        if model in seconds and other not in MODELS
    ]


def _start(make, paths):
    global _hear
    _hear = make(paths)


def _timed():
    """Return the CPU time of hearing all songs once, in all threads of this process."""
    start = cpu_seconds()
    _hear()
    return cpu_seconds() - start


def _models():
    makers = {}
    for name in MODELS:
        try:
            load_model(name)
        except WeightsNotFoundError as error:
            print(f"The model {name} is left out: {error}")
        else:
            makers[name] = partial(_ours, name)
    return makers


def _ours(name, paths):
    model = load_model(name)

    def hear():
        # What was heard in an earlier round is not read from the cache.
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SKLEARN_MER_CACHE"] = folder
            found = predict_songs(model, paths)
        assert not found["error"].any(), found["error"]

    return hear


def _others():
    makers = {"vibenet": _vibenet, "opensmile": _opensmile, "essentia": _essentia}
    for name in list(makers):
        if importlib.util.find_spec(name) is None:
            print(f"{name} is left out: it is not installed. Install the extra `peers`.")
            del makers[name]
    return makers


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
