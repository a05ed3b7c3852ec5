"""Descriptors of rendered scores compared with what the scores say.

python benchmarks/descriptor_truth.py
python benchmarks/descriptor_truth.py --part development --random 60 --corpus 0

Random scores, excerpts of music21's corpus, and lines with vibrato or tremolo, in two parts that
have no score in common: descriptors are tuned on the development part; the figures are those of the
held-out part. Needs FluidSynth and a sound font; see rendered_scores.py.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs
import rendered_scores
from joblib import Parallel, delayed
from rendered_scores import corpus_score, expressive_score, random_score
from sklearn.metrics import roc_auc_score

from sklearn_mer import EmotionFeatures

FIRST_SEED = {"development": 0, "held-out": 100_000}
STEP = 0.01  # s, for the number of sounding notes
TOGETHER = 0.03  # s between notes of one onset

RANK, AREA = "rank correlation", "area under the ROC curve"
WITHIN_4, WITHIN_10 = "share within 4 %", "share within 10 %"
OCTAVES = "share within 4 %, apart from octaves"
#: Descriptor, truth, measure and goal.
ROWS = [
    ("texture__layers__mean", "voices", RANK, 0.8),
    ("texture__notes_per_second", "notes per second", RANK, None),
    ("rhythm__event_density", "onsets per second", RANK, 0.9),
    ("rhythm__attack_density_all", "onsets per second", RANK, None),
    ("melody__f0__mean", "mean pitch", RANK, 0.85),
    ("melody__note__mean", "mean pitch", RANK, 0.85),
    ("texture__pitch__mean", "mean pitch", RANK, 0.85),
    ("melody__f0__mean", "mean highest pitch", RANK, None),
    ("texture__lowest__mean", "mean lowest pitch", RANK, None),
    ("harmony__mode", "mode", AREA, 0.9),
    ("harmony__parallel_mode", "mode", AREA, None),
    ("rhythm__tempo_first", "tempo", WITHIN_4, 0.8),
    ("rhythm__tempo_first", "tempo", OCTAVES, None),
    ("rhythm__beat_histogram_tempo_first", "tempo", WITHIN_4, 0.8),
    ("expressivity__vibrato_rate__mean", "vibrato", WITHIN_10, 0.8),
    ("expressivity__tremolo_rate__mean", "tremolo", WITHIN_10, 0.8),
    ("expressivity__vibrato_coverage", "has vibrato", AREA, None),
    ("expressivity__tremolo_coverage", "has tremolo", AREA, None),
]


def main():
    """Measure, print the table and write it."""
    options = parse_options()
    rendered_scores.find_sound_font()  # fails before the work if it is missing
    first = FIRST_SEED[options.part]
    kinds = (random_score, options.random), (corpus_score, options.corpus)
    kinds += ((expressive_score, options.expressive),)
    tasks = [delayed(_rendered)(k, first + i, options.audio) for k, n in kinds for i in range(n)]
    paths, truths = zip(*Parallel(n_jobs=options.jobs, verbose=1)(tasks), strict=True)
    features = EmotionFeatures(
        dimensions=sorted({name.split("__")[0] for name, *_ in ROWS}),
        n_jobs=options.jobs,
        cache=options.descriptors,
        verbose=1,
    )
    found = features.set_output(transform="pandas").fit_transform([str(path) for path in paths])
    table = compare(found, pd.DataFrame(truths))
    print(table.to_string(index=False))
    if options.csv:
        table.to_csv(options.csv, index=False)


def parse_options():
    """Read the command line."""
    cache = Path(platformdirs.user_cache_dir("sklearn_mer")) / "rendered_scores"
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--part", choices=FIRST_SEED, default="held-out")
    parser.add_argument("--random", type=int, default=100, help="number of random scores")
    parser.add_argument("--corpus", type=int, default=50, help="number of excerpts of the corpus")
    parser.add_argument("--expressive", type=int, default=40, help="number of expressive lines")
    parser.add_argument("--audio", type=Path, default=cache, help="folder of the rendered audio")
    parser.add_argument("--descriptors", default=False, help="cache of the descriptors")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--csv", metavar="FILE", help="also write the table there")
    return parser.parse_args()


def _rendered(make, seed, folder):
    score = make(seed)
    return rendered_scores.render(score, folder), truth(score)


def truth(score):
    """Return what is known of a score by name; NaN for what is unknown."""
    parts = [part for part in score.midi.instruments if not part.is_drum]
    notes = np.array([(n.start, n.end, n.pitch) for part in parts for n in part.notes])
    every = [note for part in score.midi.instruments for note in part.notes]
    seconds = max(note.end for note in every)
    onsets = np.sort([note.start for note in every])
    wavers = score.vibrato is not None or score.tremolo is not None
    sounding = _sounding(notes, seconds)
    count = sounding.sum(axis=1)
    heard = sounding[count > 0]
    pitches = np.arange(128)
    lasts = notes[:, 1] - notes[:, 0]
    return {
        "voices": count.mean(),
        "notes per second": len(notes) / seconds,
        # A tremolo is heard as onsets too.
        "onsets per second": np.nan
        if wavers
        else (1 + np.sum(np.diff(onsets) > TOGETHER)) / seconds,
        "mean pitch": np.average(notes[:, 2], weights=lasts),
        "mean highest pitch": (heard * pitches).max(axis=1).mean(),
        "mean lowest pitch": np.where(heard, pitches, 128).min(axis=1).mean(),
        "mode": {"major": 1.0, "minor": 0.0}.get(score.mode, np.nan),
        "tempo": score.tempo or np.nan,
        "vibrato": score.vibrato or np.nan,
        "tremolo": score.tremolo or np.nan,
        "has vibrato": float(score.vibrato is not None),
        "has tremolo": float(score.tremolo is not None),
    }


def _sounding(notes, seconds):
    """Return whether each pitch sounds, every 10 ms, of shape (n_steps, 128)."""
    sounding = np.zeros((int(np.ceil(seconds / STEP)), 128), dtype=bool)
    for start, end, pitch in notes:
        sounding[round(start / STEP) : round(end / STEP), int(pitch)] = True
    return sounding


def compare(found, truths):
    """Return the table: descriptor, truth, measure, goal, value, and number of scores."""
    rows = []
    for name, of, measure, goal in ROWS:
        known = truths[of].notna().to_numpy()
        values, true = found.loc[known, name].to_numpy(float), truths.loc[known, of].to_numpy()
        rows.append((name, of, measure, goal, agreement(values, true, measure), len(true)))
    columns = ["descriptor", "truth", "measure", "goal", "value", "n"]
    return pd.DataFrame(rows, columns=columns).round(3)


def agreement(values, true, measure):
    """Return a measure of the agreement of a descriptor with the truth."""
    if measure == RANK:
        return pd.Series(values).corr(pd.Series(true), method="spearman")
    if measure == AREA:
        return roc_auc_score(true, values) if len(set(true)) == 2 else np.nan
    if measure == OCTAVES:
        octaves = np.log2(np.maximum(values, 1) / true)
        return np.mean(np.abs(octaves - np.rint(octaves)) <= np.log2(1.04))
    return np.mean(np.abs(values / true - 1) <= (0.04 if measure == WITHIN_4 else 0.1))


if __name__ == "__main__":
    main()
