"""Wrong uses of every sub-package: each is an error that says what was given and what to do.

A row has a name, the use, the type of the error, what it says of what was given, and what it says
of what is allowed or to be done. No use may begin the work: nothing is trained here.
"""

import contextlib
import io
import re
import traceback
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import soundfile
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import sklearn_mer
from sklearn_mer import (
    CNNGRU,
    CRNN,
    ArtistCNN,
    AudioLoader,
    CNNBaseline,
    EmotionFeatures,
    HybridMER,
    MelSpectrogram,
    PretrainedCRNN,
    SampleCNN,
    ShortChunkCNN,
    SummaryFeatures,
    SVMBaseline,
)
from sklearn_mer.audio import AudioError, ClipCache
from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    DeepSMOTE,
    Gain,
    PitchShift,
    PowerShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
)
from sklearn_mer.datasets import (
    DatasetError,
    DatasetNotFoundError,
    fetch_4qaed,
    fetch_merge,
    get_data_home,
    load_4qaed,
    load_folder,
    load_magnatagatune,
    load_merge,
    make_quadrant_clips,
)
from sklearn_mer.embeddings import (
    ArtistEmbedding,
    AutoencoderEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
    WeightsError,
    WeightsNotFoundError,
    find_weights,
    load_network,
)
from sklearn_mer.embeddings.pretraining import ArtistClassifier, CRNNTagger
from sklearn_mer.features import describe_columns
from sklearn_mer.methods import available_methods, make_method
from sklearn_mer.model_selection import (
    BayesSearchCV,
    LabelledGroupKFold,
    RepeatedStratifiedGroupKFold,
    bayesian_correlated_t_test,
    compare_rows,
    corrected_interval,
    corrected_t_test,
    equal_runs,
    holm_correction,
)
from sklearn_mer.plotting import (
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
    ValenceArousalDisplay,
)
from sklearn_mer.study import (
    CellResults,
    Protocol,
    StudyData,
    main,
    open_dataset,
    plan_cells,
    run_cells,
    select_methods,
)

X = np.random.default_rng(0).uniform(-1, 1, (4, 4000))
Y = ["Q1", "Q1", "Q2", "Q2"]
PATHS = ["none.wav"] * 4  # nothing gets as far as to miss them
TABLE = pd.DataFrame({"tempo": [90.0, 91, 92, 93], "mode": [0, 1, 0, 1]})
CUBE = np.zeros((4, 64, 80))
GROUPS = np.arange(4)
SCORES = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 1, 2]})
TOY = StudyData("toy", PATHS, ["a", "b", "a", "b"])


class Returns(BaseEstimator):
    """A transformer that returns the wrong thing."""

    def __init__(self, values):
        self.values = values

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.asarray(self.values)


class NoEstimator:
    fit = transform = Returns.fit


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with two songs and with files that are none."""
    folder = tmp_path_factory.mktemp("place")
    soundfile.write(folder / "song.wav", X[0], 16000)
    soundfile.write(folder / "short.wav", X[0, :2500], 16000)
    (folder / "notes.txt").write_text("no music")
    (folder / "empty.wav").write_bytes(b"")
    return folder


def cli(*argv):
    """Run the command; raise what it prints if it fails."""
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = main(list(argv))
        except SystemExit as stop:
            code = stop.code
    if code:
        raise SystemExit(errors.getvalue().rpartition("error: ")[2])


def split(make, groups=None, X=TABLE):
    return list(make().split(X, Y, groups))


def svm(table, **params):
    return SVMBaseline(**params).fit(table, Y)


def search(space, **params):
    return BayesSearchCV(SVC(), space, **params).fit(X[:, :3], [0, 1, 0, 1])


def fit(cls, **params):
    """Return a row's use: fit with this parameter."""
    return lambda place: cls(**params).fit(PATHS, Y)


def resample(sampler):
    return lambda place: sampler.fit_resample(PATHS, Y)


def by_parameter(cls, name, value, allowed, use=fit):
    """Return a row of a parameter that scikit-learn's constraints refuse."""
    given = rf"'{name}' parameter of {cls.__name__} must be .*Got {re.escape(repr(value))} instead"
    make = resample if use is resample else fit
    call = make(cls(**{name: value})) if use is resample else fit(cls, **{name: value})
    return (f"{cls.__name__} {name}", call, ValueError, given, allowed)


INT, FLOAT = r"an int in the range \[\d+, ", r"a float in the range [\[(]\d"
CLIPS = "Clips are one of: a list or 1-D array of paths"

FORMS = [
    ("a path alone", lambda p: AudioLoader().fit("a.wav"), ValueError, "one path", "into a list"),
    ("None as X", lambda p: AudioLoader().fit(None), ValueError, "X is None", CLIPS),
    ("a number as X", lambda p: AudioLoader().fit(7), ValueError, r"X is 7 \(int\)", CLIPS),
    ("a set", lambda p: AudioLoader().fit({"a"}), ValueError, r"\(set\)", "pass a list"),
    ("a generator", lambda p: AudioLoader().fit(x for x in "ab"), ValueError, "generator", CLIPS),
    ("a dict", lambda p: AudioLoader().fit({"audio": PATHS}), ValueError, "a dict", "DataFrame"),
    ("an empty list", lambda p: CNNBaseline().fit([], []), ValueError, "an empty list", CLIPS),
    (
        "a number among paths",
        lambda p: AudioLoader().fit(["a", 3]),
        ValueError,
        "Clip 1 is 3",
        CLIPS,
    ),
    ("bytes", lambda p: AudioLoader().fit([b"a.wav"]), ValueError, "list of bytes", "os.fsdecode"),
    (
        "a column of paths",
        lambda p: AudioLoader().fit(np.array([["a.wav"]])),
        ValueError,
        "2-D array of strings",
        r"X\[:, 0\]",
    ),
    (
        "one waveform",
        lambda p: CNNBaseline().fit(X[0], Y),
        ValueError,
        "one waveform of 4000",
        r"\[X\]",
    ),
    (
        "what librosa loads",
        lambda p: CNNBaseline().fit([(X[0], 16000)] * 4, Y),
        ValueError,
        r"Clip 0 is \(array.*\(tuple\)",
        "without its sample rate",
    ),
    (
        "paths with their classes",
        lambda p: CNNBaseline().fit(list(zip(PATHS, Y, strict=True)), Y),
        ValueError,
        r"Clip 0 is \('none.wav', 'Q1'\)",
        "pass the paths alone",
    ),
    (
        "open files",
        lambda p: AudioLoader().fit([io.BytesIO(b"a")]),
        ValueError,
        r"Clip 0 is .*\(BytesIO\)",
        "a clip is a path or the samples",
    ),
    (
        "masked samples",
        lambda p: AudioLoader().fit(np.ma.masked_array(X, X > 0)),
        ValueError,
        "masked array",
        r"X\.filled\(0\)",
    ),
    (
        "unequal waveforms",
        lambda p: SVMBaseline().fit([X[0], X[1, :99]] * 2, Y),
        ValueError,
        "unequal length .99 to 4000",
        "Cut or pad",
    ),
    (
        "a clip in stereo",
        lambda p: MelSpectrogram().fit(np.zeros((9000, 2))),
        ValueError,
        "9000 clips of 2 samples",
        r"X\.mean\(axis=1\)",
    ),
    (
        "clips in stereo",
        lambda p: CNNBaseline().fit(CUBE, Y),
        ValueError,
        "dim 3",
        "Mix .*passthrough",
    ),
    ("NaN", lambda p: SVMBaseline().fit(X * np.nan, Y), ValueError, "NaN .*4 of 4", "Leave .* out"),
    ("complex", lambda p: AudioLoader().fit(X * 1j), ValueError, "[Cc]omplex", CLIPS),
    (
        "path in place of audio",
        lambda p: CNNBaseline().fit(pd.DataFrame({"path": PATHS}), Y),
        ValueError,
        r"no column 'audio' .*\['path'\]",
        r"rename\(columns=\{'path': 'audio'\}\)",
    ),
    (
        "path in place of audio, beside features",
        lambda p: svm(TABLE.assign(file=PATHS)),
        ValueError,
        r"\['file'\] of X are not numeric",
        "'file': 'audio'",
    ),
    (
        "features alone",
        lambda p: CNNBaseline().fit(TABLE, Y),
        ValueError,
        "no column 'audio'",
        "assign",
    ),
    (
        "features alone for a transformer",
        lambda p: EmotionFeatures().fit(TABLE),
        ValueError,
        "EmotionFeatures hears audio.*tempo",
        r"X\.assign\(audio=paths\)",
    ),
    (
        "columns for HybridMER, and no audio",
        lambda p: HybridMER(features="columns").fit(TABLE, Y),
        ValueError,
        "no column 'audio' of paths, and HybridMER hears audio",
        r"X\.assign\(audio=paths\)",
    ),
    (
        "columns of paths alone",
        lambda p: SVMBaseline(features="columns").fit(PATHS, Y),
        ValueError,
        "X is paths alone",
        r"features=EmotionFeatures\(\)",
    ),
    (
        "words beside the audio",
        lambda p: svm(TABLE.assign(audio=PATHS, artist="A")),
        ValueError,
        r"columns \['artist'\] of X are not numeric",
        "drop or encode",
    ),
    (
        "columns of one name",
        lambda p: svm(TABLE.set_axis(["f", "f"], axis=1)),
        ValueError,
        r"several columns with the names \['f'\]",
        "drop or rename",
    ),
    (
        "features missing in predict",
        lambda p: svm(TABLE.assign(audio=PATHS)).predict(PATHS),
        ValueError,
        "lacks 2 of the 2 feature columns seen in fit",
        r"fit on X\[\['audio'\]\], or with features=EmotionFeatures\(\)",
    ),
    (
        "an array of features after a table with audio",
        lambda p: svm(TABLE.assign(audio=PATHS)).predict(TABLE.to_numpy()),
        ValueError,
        "lacks 2 of the 2 feature columns",
        "Give a table with these columns",
    ),
    (
        "other features in predict",
        lambda p: svm(TABLE).predict(TABLE[["mode"]]),
        ValueError,
        "names should match.*tempo",
        "same columns in fit and predict",
    ),
    (
        "words as features",
        lambda p: SVMBaseline(features="columns").fit([["a"]] * 4, Y),
        ValueError,
        "convert string to float: 'a'",
        r"Features are finite numbers: an array of shape \(n_clips, n_features\)",
    ),
    (
        "NaN as features",
        lambda p: svm(TABLE.assign(audio=PATHS, tempo=np.nan)),
        ValueError,
        "NaN or infinity: the descriptors of 4 clips",
        "Impute or leave out",
    ),
    (
        "waveforms of another length",
        lambda p: AudioLoader().fit(X).transform(X[:, 1:]),
        ValueError,
        "3999 features.*expecting 4000",
        "cut or pad them",
    ),
]

LABELS = [
    ("y of None", lambda p: CNNBaseline().fit(X, None), ValueError, "y is None", "y to be passed"),
    (
        "None in y",
        lambda p: SVMBaseline().fit(X, [None, "a", "b", "b"]),
        ValueError,
        "1 clips have no label, the first in row 0",
        "Leave those clips out",
    ),
    (
        "valence as y",
        lambda p: CNNBaseline().fit(X, [0.1, 0.2, 0.3, 0.4]),
        ValueError,
        "contin",
        "classes",
    ),
    (
        "one class",
        lambda p: CNNBaseline().fit(X, ["a"] * 4),
        ValueError,
        "one class: 'a'",
        "two classes",
    ),
    (
        "labels too few",
        lambda p: CNNBaseline().fit(X, Y[:3]),
        ValueError,
        r"\[4, 3\]",
        "one label per",
    ),
    (
        "a text as y",
        lambda p: CNNBaseline().fit(X, "Q1Q1"),
        ValueError,
        r"shape \(\)",
        "one class label",
    ),
    (
        "tags of zeros",
        lambda p: CRNNTagger().fit(X, np.zeros((4, 3), int)),
        ValueError,
        r"shape \(4, 3\) and is 0 throughout",
        "Give 1 where",
    ),
    (
        "tags of twos",
        lambda p: CRNNTagger().fit(X, np.full((4, 3), 2)),
        ValueError,
        "contains 2 besides 0 and 1",
        "one column of 0 and 1 per tag",
    ),
    (
        "weights of no class",
        lambda p: CNNBaseline(class_weight={"Q9": 2}).fit(X, Y),
        ValueError,
        r"weights of \['Q9'\]",
        r"the classes are \['Q1', 'Q2'\]",
    ),
    (
        "negative weights",
        lambda p: svm(TABLE, class_weight={"Q1": -1, "Q2": 1}),
        ValueError,
        r"class_weight .*\{'Q1': -1\}",
        "numbers above 0",
    ),
    (
        "resample without y",
        lambda p: Gain().fit_resample(X, None),
        ValueError,
        "got None",
        "one class label per clip",
    ),
    (
        "resample with None in y",
        lambda p: Gain().fit_resample(X, [None, "a", "b", "b"]),
        ValueError,
        r"got \[None",
        "one class label per clip, without None",
    ),
    (
        "resample one class",
        lambda p: Gain().fit_resample(X, [1] * 4),
        ValueError,
        r"got \[1\]",
        "copies",
    ),
    (
        "resample, too few",
        lambda p: Gain().fit_resample(X, Y[:3]),
        ValueError,
        r"\[4, 3\]",
        "one label",
    ),
]

AUDIO = [
    by_parameter(AudioLoader, "sample_rate", "16k", INT),
    by_parameter(AudioLoader, "sample_rate", 16000.5, INT),
    by_parameter(AudioLoader, "sample_rate", 10, INT),
    by_parameter(AudioLoader, "sample_rate", 10**9, INT),
    by_parameter(AudioLoader, "offset", -1, FLOAT),
    by_parameter(AudioLoader, "duration", 0, FLOAT),
    by_parameter(AudioLoader, "duration", 1e12, FLOAT),
    by_parameter(AudioLoader, "normalize", "peak", "bool"),
    by_parameter(AudioLoader, "n_jobs", "two", INT),
    by_parameter(AudioLoader, "n_jobs", 0, INT),
    (
        "missing file",
        lambda p: AudioLoader().fit(["no.wav"]),
        AudioError,
        "no.wav: no such",
        "Replace",
    ),
    (
        "folder as file",
        lambda p: AudioLoader().fit([p]),
        AudioError,
        "place.*: not a file",
        "Replace",
    ),
    (
        "empty file",
        lambda p: AudioLoader().fit([p / "empty.wav"]),
        AudioError,
        "empty.wav.*0 bytes",
        "Re",
    ),
    (
        "text as file",
        lambda p: AudioLoader().fit([p / "notes.txt"]),
        AudioError,
        "notes.txt: cannot",
        "Re",
    ),
    (
        "an address",
        lambda p: AudioLoader().fit(["http://x/a.mp3"]),
        AudioError,
        "http://x/a.mp3",
        "Repl",
    ),
    (
        "offset past the end",
        lambda p: AudioLoader(offset=9).fit([p / "song.wav"]),
        AudioError,
        "lasts 0.25 s",
        "offset=9",
    ),
    (
        "cache in no folder",
        lambda p: ClipCache(3).info(),
        TypeError,
        "location=3",
        "give one, or None",
    ),
    (
        "clips of two lengths",
        lambda p: AudioLoader(duration=None).fit_transform([p / "song.wav", p / "short.wav"]),
        ValueError,
        "2500 to 4000",
        "set `duration`",
    ),
    (
        "clips of another length than in fit",
        lambda p: AudioLoader(duration=None).fit([p / "song.wav"]).transform([p / "short.wav"]),
        ValueError,
        "2500 samples, those seen in fit had 4000",
        "set `duration`",
    ),
    (
        "check of one path",
        lambda p: AudioLoader().check("a.wav"),
        TypeError,
        "'a.wav'",
        "a list of paths",
    ),
    ("check of numbers", lambda p: AudioLoader().check([1]), ValueError, "Clip 0 is 1", CLIPS),
    (
        "not fitted",
        lambda p: AudioLoader().transform(X),
        NotFittedError,
        "AudioLoader",
        "Call 'fit'",
    ),
]

FEATURES = [
    (
        "unknown dimension",
        fit(EmotionFeatures, dimensions=["rythm"]),
        ValueError,
        r"Unknown dimensions \['rythm'\]",
        "choose from .*rhythm",
    ),
    (
        "dimension as text",
        fit(EmotionFeatures, dimensions="rhythm"),
        ValueError,
        "dimensions='rhythm' is a string",
        "put it into a list",
    ),
    (
        "unknown column",
        fit(EmotionFeatures, columns=["dynamics__rsm"]),
        ValueError,
        r"Unknown columns \['dynamics__rsm'\]",
        r"Similar .*dynamics__rms",
    ),
    (
        "column of another dimension",
        fit(EmotionFeatures, columns=["dynamics__rms"], dimensions=["form"]),
        ValueError,
        r"Unknown columns \['dynamics__rms'\]",
        r"of the dimensions \['form'\]",
    ),
    ("no columns", fit(EmotionFeatures, columns=[]), ValueError, "columns is empty", "give names"),
    (
        "columns of lists",
        fit(EmotionFeatures, columns=[["a"]]),
        ValueError,
        r"\[\['a'\]\]",
        "list of names",
    ),
    (
        "columns of None",
        fit(EmotionFeatures, columns=[None]),
        ValueError,
        r"\[None\]",
        "list of names",
    ),
    (
        "a number described",
        lambda p: describe_columns(3),
        ValueError,
        "dimensions=3",
        "list of names",
    ),
    by_parameter(EmotionFeatures, "sample_rate", 4000, r"\[5000, 768000\]"),
    by_parameter(SummaryFeatures, "duration", -1, FLOAT),
    by_parameter(SummaryFeatures, "cache", 3, "ClipCache"),
]

SPECTROGRAM = [
    by_parameter(MelSpectrogram, "n_fft", 0, INT),
    by_parameter(MelSpectrogram, "n_fft", 512.0, INT),
    by_parameter(MelSpectrogram, "n_fft", 2**30, INT),
    by_parameter(MelSpectrogram, "hop_length", 0, INT),
    by_parameter(MelSpectrogram, "n_mels", 10**7, INT),
    by_parameter(MelSpectrogram, "top_db", -1, FLOAT),
    by_parameter(MelSpectrogram, "flatten", "yes", "bool"),
    (
        "fmax above Nyquist",
        fit(MelSpectrogram, fmax=9000),
        ValueError,
        "fmax=9000 Hz is above",
        "Lower fmax",
    ),
    (
        "fmin above fmax",
        fit(MelSpectrogram, fmin=300, fmax=200),
        ValueError,
        "fmin=300",
        "lower fmin",
    ),
    (
        "copies by no sampler",
        lambda p: MelSpectrogram().fit(X).transform_copies(X, StandardScaler()),
        TypeError,
        r"sampler=StandardScaler\(\)",
        "give a sampler of sklearn_mer.augmentation",
    ),
    (
        "copies without a seed",
        lambda p: MelSpectrogram().fit(X).transform_copies(X, Gain()),
        ValueError,
        "random_state=None",
        "set an int",
    ),
    (
        "a class as front end",
        fit(CNNBaseline, frontend=MelSpectrogram),
        TypeError,
        "frontend=MelSpectrogram is a class",
        r"give an instance, MelSpectrogram\(\)",
    ),
    (
        "a front end that is no estimator",
        fit(CNNBaseline, frontend=NoEstimator()),
        TypeError,
        "frontend=.*NoEstimator.* has no get_params",
        "BaseEstimator",
    ),
    (
        "a front end of too few spectrograms",
        fit(CNNBaseline, frontend=Returns(CUBE[:2])),
        ValueError,
        "returned 2 .* for 4 clips",
        "one per clip",
    ),
    (
        "a front end of rows",
        fit(CNNBaseline, frontend=Returns(X)),
        ValueError,
        r"shape \(4, 4000\)",
        r"MelSpectrogram\(flatten=False\)",
    ),
]

AUGMENTATION = [
    by_parameter(Gain, "decibels", 5, "array-like", resample),
    by_parameter(Gain, "n_copies", 0, INT, resample),
    by_parameter(Gain, "random_state", "seed", "RandomState", resample),
    by_parameter(TimeShift, "max_shift", -1, FLOAT, resample),
    by_parameter(TimeMask, "fade", -1, FLOAT, resample),
    (
        "Gain of three",
        resample(Gain(decibels=(1, 2, 3))),
        ValueError,
        r"\(1, 2, 3\)",
        "two finite numbers",
    ),
    ("Gain downwards", resample(Gain(decibels=(3, 1))), ValueError, r"\(3, 1\)", "ascending order"),
    ("Gain too large", resample(Gain(decibels=(0, 1e9))), ValueError, "1000000000", "-120 to 120"),
    (
        "PowerShift of none",
        resample(PowerShift(decibels=[])),
        ValueError,
        r"decibels=\[\]",
        "non-empty",
    ),
    ("TimeStretch", resample(TimeStretch(rates=[1e-9])), ValueError, "rates=.1e-09", "0.05 to 20"),
    (
        "PitchShift",
        resample(PitchShift(semitones=[99])),
        ValueError,
        r"semitones=\[99\]",
        "-48 to 48",
    ),
    ("TimeMask", resample(TimeMask(fraction=(0, 2))), ValueError, r"fraction=\(0, 2\)", "0 to 1"),
    (
        "BandStop center",
        resample(BandStop(center=(1, 9000))),
        ValueError,
        "9000",
        "half the sample rate",
    ),
    (
        "BandStop slope",
        resample(BandStop(slope=(9, 24))),
        ValueError,
        r"slope=\(9, 24\)",
        "multiples of 6",
    ),
    (
        "SevenBandEQ rate",
        resample(SevenBandEQ(sample_rate=8000)),
        ValueError,
        "8000",
        "at least 8432",
    ),
    (
        "Compose of none",
        resample(Compose(steps=[])),
        ValueError,
        r"steps=\[\] is empty",
        "at least one",
    ),
    (
        "Compose of SMOTE",
        resample(Compose(steps=[("a", SMOTE())])),
        ValueError,
        "SMOTE",
        "sampler of wav",
    ),
    (
        "Compose of one name",
        resample(Compose(steps=[("a", Gain()), ("a", Gain())])),
        ValueError,
        r"not unique: \['a', 'a'\]",
        "a name of its own",
    ),
    (
        "Compose of two rates",
        resample(Compose(steps=[("a", Gain(sample_rate=8000))])),
        ValueError,
        "sample_rate=8000, but Compose has 16000",
        "must be equal",
    ),
    (
        "no folder for copies",
        resample(Gain(cache=False)),
        ValueError,
        "cache=False",
        "Pass cache=True",
    ),
    (
        "copies of two",
        lambda p: Gain().copies(X),
        ValueError,
        r"shape \(4, 4000\)",
        r"one waveform \(1-D\)",
    ),
    ("signature", lambda p: Gain().signature(), ValueError, "random_state=None", "set an int"),
    (
        "DeepSMOTE of files",
        resample(DeepSMOTE()),
        ValueError,
        "X holds files",
        r"augment=DeepSMOTE\(\)",
    ),
    (
        "DeepSMOTE of single clips",
        lambda p: DeepSMOTE().fit_resample(CUBE, ["a", "b", "b", "b"]),
        ValueError,
        r"\['a'\] have one sample",
        "at least two",
    ),
    (
        "DeepSMOTE filters",
        lambda p: DeepSMOTE(n_filters=[0]).fit_resample(CUBE, Y),
        ValueError,
        r"n_filters=\[0\]",
        "positive integers",
    ),
    (
        "a sampler of rows",
        fit(CNNBaseline, augment=RandomOverSampler()),
        ValueError,
        r"RandomOverSampler\(\)",
        "sampler of sklearn_mer.augmentation.*Pipeline",
    ),
    (
        "no sampler",
        fit(CNNBaseline, augment=[3]),
        ValueError,
        "got 3",
        "sampler of sklearn_mer.augment",
    ),
    (
        "a class",
        fit(CNNBaseline, augment=TimeShift),
        ValueError,
        "TimeShift is a class",
        "an instance",
    ),
]

EMBEDDINGS = [
    by_parameter(TaggerEmbedding, "output", "hidden", "'state'"),
    by_parameter(MusiCNNEmbedding, "statistics", "max", "'mean'"),
    by_parameter(OpenL3Embedding, "embedding_size", 100, "512"),
    by_parameter(OpenL3Embedding, "hop_size", 0, FLOAT),
    by_parameter(ArtistEmbedding, "weights", None, "PathLike"),
    by_parameter(AutoencoderEmbedding, "n_latent", 0, INT),
    by_parameter(CRNNTagger, "dropout", 1, FLOAT),
    (
        "unknown weights",
        fit(TaggerEmbedding, weights="nope"),
        WeightsNotFoundError,
        "weights='nope'",
        "mtat_crnn",
    ),
    (
        "weights of another embedding",
        fit(TaggerEmbedding, weights="MSD_musicnn"),
        ValueError,
        "'MSD_musicnn' is a file for another embedding",
        "allowed are mtat_crnn",
    ),
    (
        "weights that are missing",
        lambda p: ArtistEmbedding(data_home=p).fit(PATHS),
        WeightsNotFoundError,
        "No file artist_siamese",
        "weights fetch artist_siamese_10000",
    ),
    (
        "weights that are none",
        lambda p: TaggerEmbedding(weights=p / "notes.txt").fit(PATHS),
        WeightsError,
        "notes.txt cannot be read as weights",
        "Allowed are",
    ),
    ("find", lambda p: find_weights("nope"), ValueError, "No weights 'nope'", "mtat_crnn"),
    (
        "network",
        lambda p: load_network(p, "resnet"),
        ValueError,
        "No network 'resnet'",
        "there are crnn",
    ),
    (
        "no file to load",
        lambda p: load_network(p / "no.pth", "crnn"),
        WeightsNotFoundError,
        "no file .*no.pth",
        "find_weights",
    ),
    (
        "filters",
        fit(AutoencoderEmbedding, n_filters=()),
        ValueError,
        r"n_filters=\(\)",
        "positive integers",
    ),
    (
        "five filters",
        fit(ArtistClassifier, n_filters=(1,)),
        ValueError,
        r"got \(1,\)",
        "5 positive integers",
    ),
    ("too short", fit(CRNNTagger, duration=0.01), ValueError, "duration=0.01", "at least 1.5"),
    (
        "tagger not fitted",
        lambda p: CRNNTagger().save(p / "x"),
        NotFittedError,
        "CRNNTagger",
        "Call 'fit'",
    ),
]

METHODS = [
    by_parameter(SVMBaseline, "features", "all", "'columns'"),
    by_parameter(SVMBaseline, "kernel", "cosine", "'rbf'"),
    by_parameter(SVMBaseline, "C", 0, FLOAT),
    by_parameter(SVMBaseline, "n_jobs", 0, INT),
    by_parameter(CNNBaseline, "n_jobs", "two", INT),
    by_parameter(CNNBaseline, "frontend", "mel", "'passthrough'"),
    by_parameter(HybridMER, "augment", "all", "'default'"),
    by_parameter(HybridMER, "features", ["tempo"], "'columns'"),
    by_parameter(HybridMER, "head", "svc", "'network'"),
    by_parameter(CNNGRU, "n_units", 0, INT),
    by_parameter(CRNN, "width", 1.5, INT),
    by_parameter(ShortChunkCNN, "segment_length", 1, r"\[16, inf"),
    by_parameter(SampleCNN, "segments_per_epoch", 0, INT),
    by_parameter(ArtistCNN, "dropout", 1, FLOAT),
    by_parameter(PretrainedCRNN, "unfreeze", "yes", "bool"),
    (
        "unknown method",
        lambda p: make_method("hybrd"),
        ValueError,
        "'hybrd'",
        "choose from svm, cnn",
    ),
    ("unknown recipe", lambda p: available_methods("fast"), ValueError, "'fast'", "default, paper"),
    (
        "a class as features",
        fit(SVMBaseline, features=EmotionFeatures),
        TypeError,
        "features=EmotionFeatures is a class",
        r"EmotionFeatures\(\)",
    ),
    (
        "features of too few rows",
        fit(SVMBaseline, features=Returns(np.ones((2, 3)))),
        ValueError,
        r"shape \(2, 3\)",
        r"numbers of shape \(4, n_features\)",
    ),
    (
        "features of words",
        fit(SVMBaseline, features=Returns([["a"]] * 4)),
        ValueError,
        "<U1",
        "numbers of",
    ),
    (
        "waveforms for passthrough",
        lambda p: CNNBaseline(frontend="passthrough").fit(X, Y),
        ValueError,
        "dim 2",
        r"\(n_clips, n_mels, n_frames\)",
    ),
    (
        "paths for passthrough",
        lambda p: CNNBaseline(frontend="passthrough").fit(PATHS, Y),
        ValueError,
        "none.wav",
        r"X holds spectrograms.*\(n_clips, n_mels, n_frames\)",
    ),
    (
        "spectrograms too small",
        lambda p: CNNBaseline(frontend="passthrough").fit(CUBE[:, :6, :8], Y),
        ValueError,
        "6 mel bands x 8 frames",
        "at least 61 x 77",
    ),
    (
        "segments too long",
        lambda p: ShortChunkCNN(frontend=MelSpectrogram(duration=0.3), segment_length=99).fit(X, Y),
        ValueError,
        "segment_length=99",
        "Use longer clips",
    ),
    (
        "segments too short",
        lambda p: SampleCNN(frontend=AudioLoader(duration=0.3), segment_length=1).fit(X, Y),
        ValueError,
        "Segments of 1 samples",
        "at least 59049",
    ),
    (
        "method not fitted",
        lambda p: CNNBaseline().predict(X),
        NotFittedError,
        "CNNBaseline",
        "Call 'fit'",
    ),
]

TRAINING = [
    by_parameter(CNNBaseline, "optimizer", "rmsprop", "'adamw'"),
    by_parameter(CNNBaseline, "lr", "1e-3", FLOAT),
    by_parameter(CNNBaseline, "weight_decay", -1, FLOAT),
    by_parameter(CNNBaseline, "schedule", "cosine", "'onecycle'"),
    by_parameter(CNNBaseline, "batch_size", 1, INT),
    by_parameter(CNNBaseline, "max_epochs", 0, INT),
    by_parameter(CNNBaseline, "stop_accuracy", 90, FLOAT),
    by_parameter(CNNBaseline, "precision", "fp16", "'bfloat16'"),
    by_parameter(CNNBaseline, "device", "mps", "'cpu'"),
    by_parameter(CNNBaseline, "random_state", -1, "RandomState"),
    by_parameter(CNNBaseline, "verbose", "yes", INT),
    by_parameter(HybridMER, "head_lr", 0, FLOAT),
]

DATASETS = [
    (
        "4QAED missing",
        lambda p: load_4qaed(data_home=p),
        DatasetNotFoundError,
        "no panda_data",
        "get it from",
    ),
    (
        "4QAED features",
        lambda p: load_4qaed(features="top10"),
        ValueError,
        "Got 'top10'",
        "'top100'",
    ),
    (
        "4QAED on_error",
        lambda p: load_4qaed(on_error="ignore"),
        ValueError,
        "Got 'ignore'",
        "'skip'",
    ),
    ("MERGE subset", lambda p: load_merge("half"), ValueError, "Got 'half'", "'complete'"),
    ("MERGE split", lambda p: load_merge(split="80"), ValueError, "Got '80'", "'70_15_15'"),
    (
        "MTAT missing",
        lambda p: load_magnatagatune(data_home=p),
        DatasetNotFoundError,
        "no annot",
        "get it",
    ),
    ("fetch a subset", lambda p: fetch_merge("half"), ValueError, "Got 'half'", "'complete'"),
    (
        "fetch no URL",
        lambda p: fetch_4qaed(url="x", data_home=p),
        ValueError,
        "got 'x'",
        "beginning with http",
    ),
    ("data home", lambda p: get_data_home(3), TypeError, "data_home=3", "give a str"),
    (
        "no folder",
        lambda p: load_folder(p / "none"),
        DatasetNotFoundError,
        "none is not a fol",
        "sub-folder",
    ),
    (
        "folder of songs",
        load_folder,
        DatasetError,
        "contains no class",
        "list of their paths to `predict`",
    ),
    (
        "empty folder name",
        lambda p: load_folder(""),
        ValueError,
        "root is empty",
        "path of a folder",
    ),
    ("folder n_jobs", lambda p: load_folder(p, n_jobs="two"), ValueError, "Got 'two'", INT),
    ("extensions", lambda p: load_folder(p, extensions=[1]), TypeError, r"got \[1\]", r"'\.wav'"),
    ("no clips", lambda p: make_quadrant_clips(0), ValueError, "n_clips == 0", "must be >= 4"),
    (
        "clips too short",
        lambda p: make_quadrant_clips(4, duration=0),
        ValueError,
        "duration == 0",
        ">= 0.5",
    ),
    (
        "clips too many",
        lambda p: make_quadrant_clips(10**9),
        ValueError,
        "1000000000 clips",
        "Ask for fewer",
    ),
]

MODEL_SELECTION = [
    (
        "one split",
        lambda p: RepeatedStratifiedGroupKFold(1),
        ValueError,
        "n_splits .*got 1",
        "int of at least 2",
    ),
    (
        "no groups",
        lambda p: split(lambda: RepeatedStratifiedGroupKFold(2)),
        ValueError,
        "groups parameter should not be None",
        "give the group of each clip",
    ),
    (
        "few groups",
        lambda p: split(lambda: RepeatedStratifiedGroupKFold(9), GROUPS),
        ValueError,
        "n_splits=9 greater than the number of groups: 4",
        "Lower n_splits",
    ),
    (
        "groups too few",
        lambda p: split(lambda: RepeatedStratifiedGroupKFold(2), GROUPS[:3]),
        ValueError,
        "groups has 3 values, y has 4",
        "one group per clip",
    ),
    (
        "an array to split",
        lambda p: split(lambda: LabelledGroupKFold({}), X=X),
        ValueError,
        "got ndarray",
        "a table with row labels",
    ),
    (
        "unknown labels",
        lambda p: split(lambda: LabelledGroupKFold({})),
        ValueError,
        "4 of 4 row labels",
        "Give the group",
    ),
    (
        "groups of None",
        lambda p: split(lambda: LabelledGroupKFold(None)),
        TypeError,
        "groups=None",
        "is no dict; give",
    ),
    ("no space", lambda p: search({}), ValueError, "param_distributions is empty", "at least one"),
    (
        "space downwards",
        lambda p: search({"C": (3, 1)}),
        ValueError,
        r"'C'.*\(3, 1\)",
        r"give \(low, high\)",
    ),
    (
        "space of NaN",
        lambda p: search({"C": (np.nan, 1.0)}),
        ValueError,
        "'C'.*nan",
        r"give \(low, high\)",
    ),
    (
        "space of a number",
        lambda p: search({"C": 3}),
        ValueError,
        "'C' .*distribution 3",
        r"\(low, high\)",
    ),
    ("no trials", lambda p: search({"C": (1, 2)}, n_trials=0), ValueError, "Got 0", INT),
    (
        "interval of one",
        lambda p: corrected_interval([1.0], 0.1),
        ValueError,
        r"shape \(1,\)",
        "at least 2",
    ),
    (
        "percent",
        lambda p: corrected_interval([1, 2], 0.1, confidence=95),
        ValueError,
        "95",
        "0 and 1",
    ),
    (
        "interval of words",
        lambda p: corrected_interval(["a"], 0.1),
        ValueError,
        r"\['a'\]",
        "be numbers",
    ),
    (
        "test of NaN",
        lambda p: corrected_t_test([1, np.nan], 0.1),
        ValueError,
        "1 of 2",
        "leave out",
    ),
    (
        "ratio",
        lambda p: corrected_t_test([1.0, 2], -1),
        ValueError,
        "got -1",
        "test clips per training clip",
    ),
    (
        "rope",
        lambda p: bayesian_correlated_t_test([1, 2], 0.1, rope=-1),
        ValueError,
        "got -1",
        "from 0",
    ),
    ("p of two", lambda p: holm_correction([2.0]), ValueError, r"got \[2.0\]", "between 0 and 1"),
    ("scores in a list", lambda p: compare_rows([1], 0.1), TypeError, "a list", "give a DataFrame"),
    (
        "words as scores",
        lambda p: compare_rows(SCORES.assign(a="x"), 0.1),
        ValueError,
        r"\['a'\]",
        "percent",
    ),
    (
        "level",
        lambda p: equal_runs("ab", compare_rows(SCORES, 0.1), level=5),
        ValueError,
        "got 5",
        "0 and 1",
    ),
]

PLOTTING = [
    (
        "three classes",
        lambda p: QuadrantConfusionDisplay(np.eye(3)).plot(),
        ValueError,
        r"\(3, 3\)",
        "4 x 4",
    ),
    (
        "negative counts",
        lambda p: QuadrantConfusionDisplay(-np.eye(4)).plot(),
        ValueError,
        "-1.0",
        "not neg",
    ),
    (
        "a fifth quadrant",
        lambda p: QuadrantConfusionDisplay.from_predictions(["Q9"], ["Q1"]),
        ValueError,
        r"\['Q9'\]",
        "The quadrants are",
    ),
    (
        "no history",
        lambda p: TrainingHistoryDisplay({}).plot(),
        ValueError,
        r"got \{\}",
        "one dict per epoch",
    ),
    (
        "no network",
        lambda p: TrainingHistoryDisplay.from_estimator(SVC()),
        ValueError,
        r"\['SVC'\]",
        "Fitted estimators with `history_`",
    ),
    (
        "two lengths",
        lambda p: ValenceArousalDisplay([1, 2], [1]).plot(),
        ValueError,
        "arousal",
        "One value per",
    ),
    (
        "off the plane",
        lambda p: ValenceArousalDisplay([9], [9]).plot(),
        ValueError,
        "some values",
        "-1 and 1",
    ),
    (
        "no probabilities",
        lambda p: ValenceArousalDisplay.from_estimator(SVC(), X),
        ValueError,
        r"got SVC\(\)",
        "with predict_proba",
    ),
    (
        "no axes",
        lambda p: QuadrantConfusionDisplay(np.eye(4)).plot(ax=3),
        TypeError,
        "ax=3",
        "None for a new figure",
    ),
]

STUDY = [
    ("statsu", lambda p: cli("statsu"), SystemExit, "'statsu' is no sub", "Did you mean 'status'"),
    (
        "two jobs",
        lambda p: cli("table1", "--jobs", "two"),
        SystemExit,
        "'two'",
        "whole number from 1",
    ),
    ("no jobs", lambda p: cli("table1", "--jobs", "0"), SystemExit, "'0'", "whole number from 1"),
    (
        "no data set",
        lambda p: cli("table1", "--dataset", ""),
        SystemExit,
        "is empty",
        "give a value",
    ),
    (
        "data set",
        lambda p: cli("table1", "--dataset", "nope"),
        SystemExit,
        "'nope'",
        "Choose 4qaed",
    ),
    ("recipe", lambda p: cli("table1", "--recipe", "fast"), SystemExit, "'fast'", "choose from"),
    (
        "option",
        lambda p: cli("table1", "--datset", "x"),
        SystemExit,
        "'--datset'",
        "mean '--dataset'",
    ),
    ("device", lambda p: cli("table1", "--device", "tpu"), SystemExit, "'tpu'", "choose from"),
    (
        "dask",
        lambda p: cli("table1", "--backend", "dask"),
        SystemExit,
        "--backend dask",
        "go together",
    ),
    ("on-error", lambda p: cli("table1", "--on-error", "no"), SystemExit, "'no'", "choose from"),
    (
        "no results",
        lambda p: cli("status", "--results", str(p / "r")),
        SystemExit,
        "no folder",
        "Name one",
    ),
    (
        "export",
        lambda p: cli("export", "x.txt", "--results", str(p)),
        SystemExit,
        "x.txt",
        ".csv or .parquet",
    ),
    (
        "import",
        lambda p: cli("import", str(p / "none"), "--results", str(p / "r")),
        SystemExit,
        "not a results folder",
        "Give the folder",
    ),
    (
        "unknown row",
        lambda p: select_methods(available_methods(), keys=["svn"]),
        ValueError,
        r"\['svn'\]",
        "Did you mean 'svm'",
    ),
    ("no fold", lambda p: Protocol(n_splits=0), ValueError, "Got 0", INT),
    ("one fold", lambda p: plan(n_splits=1), ValueError, "'toy' has none", "fixed split"),
    ("seed", lambda p: Protocol(seed="x"), ValueError, "Got 'x'", INT),
    (
        "no artists",
        lambda p: plan(n_splits=2, groups="artist"),
        ValueError,
        "'toy' has no",
        "2 groups",
    ),
    ("many folds", lambda p: plan(n_splits=10), ValueError, "a: 2, b: 2", "fewer folds"),
    (
        "lengths",
        lambda p: StudyData("x", PATHS, ["a"]),
        ValueError,
        r"\[1, 4\]",
        "one entry per clip",
    ),
    ("open", lambda p: open_dataset("nope"), ValueError, "'nope'", "Choose 4qaed"),
    ("workers", lambda p: run_cells([], TOY, CellResults(p), n_jobs=0), ValueError, "Got 0", INT),
]


def plan(**protocol):
    rows = select_methods(available_methods(), keys=["svm"])
    return plan_cells(rows, TOY, Protocol(**protocol))


ROOMS = {
    "forms": FORMS,
    "labels": LABELS,
    "audio": AUDIO,
    "features": FEATURES,
    "spectrogram": SPECTROGRAM,
    "augmentation": AUGMENTATION,
    "embeddings": EMBEDDINGS,
    "methods": METHODS,
    "training": TRAINING,
    "datasets": DATASETS,
    "model_selection": MODEL_SELECTION,
    "plotting": PLOTTING,
    "study": STUDY,
}
USES = [(f"{room}: {row[0]}", *row[1:]) for room, rows in ROOMS.items() for row in rows]

# The checks of parameters and of fitted estimators are scikit-learn's, and say enough.
SAY_ENOUGH = ("_param_validation.py", "check_is_fitted", "check_scalar")


def test_there_are_enough_rows():
    assert len(USES) >= 120


@pytest.mark.parametrize(
    ("use", "error", "given", "allowed"), [u[1:] for u in USES], ids=[u[0] for u in USES]
)
def test_wrong_use(use, error, given, allowed, place, monkeypatch):
    monkeypatch.delenv("SKLEARN_MER_DATA", raising=False)
    with mpl.rc_context({"backend": "agg"}), pytest.raises(error) as caught:
        use(place)
    text = str(caught.value)
    for piece in (given, allowed):
        assert re.search(piece, text, re.DOTALL), f"{piece!r} is not said: {text}"
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    ours = Path(sklearn_mer.__file__).parent in Path(last.filename).parents
    by_command = error is SystemExit and last.filename == __file__
    enough = Path(last.filename).name in SAY_ENOUGH or last.name in SAY_ENOUGH
    assert ours or by_command or enough, f"raised by {last.filename}: {text}"
