"""Time and peak memory against the number and the length of clips, with exponents.

Each point runs in its own process, for its own peak memory.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from sklearn_mer.datasets import make_quadrant_clips

RATE = 16000
LENGTHS = (10, 30, 60, 120)  # seconds
N_OF_A_LENGTH = 100
POINT = Path(__file__).with_name("_scaling_point.py")


def scaling(paths, options):
    """Run the front end and a cross-validation of `cnn` on increasing numbers of files.

    Two folds of one epoch each. The clips are synthetic, because `paths` are too few.
    """
    numbers = [point(n, 30) for n in options.scale_clips]
    lengths = [point(N_OF_A_LENGTH, seconds) for seconds in LENGTHS]
    print(_as_table(numbers + lengths))
    return [
        *_exponents("clips", [p["n"] for p in numbers], numbers),
        *_exponents("length", [p["seconds"] for p in lengths], lengths),
    ]


def point(n_clips, seconds):
    """Measure one point: the figures of its process, with `n` and `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        write_many(Path(folder), n_clips, seconds)
        command = [sys.executable, str(POINT), folder, str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{n_clips} clips of {seconds} s failed:\n{done.stderr}")
    return {"n": n_clips, "seconds": seconds, **json.loads(done.stdout.splitlines()[-1])}


def write_many(folder, n_clips, seconds):
    """Write different clips quickly: rotations of a few synthetic ones."""
    base = make_quadrant_clips(8, duration=seconds, sample_rate=RATE, random_state=0).data
    shifts = np.random.default_rng(0).integers(0, base.shape[1], n_clips)
    for number, shift in enumerate(shifts):
        waveform = np.roll(base[number % len(base)], shift)
        soundfile.write(folder / f"{number:05d}.wav", waveform, RATE, subtype="PCM_16")


def _as_table(points):
    lines = [
        "",
        "| clips | seconds each | files to spectrograms, s | 2 folds of cnn, s | peak memory, MB |",
        "|---|---|---|---|---|",
    ]
    line = "| {n} | {seconds} | {front_end:.1f} | {cross_validation:.1f} | {peak_mb:.0f} |"
    return "\n".join(lines + [line.format(**p) for p in points])


def _exponents(against, sizes, points):
    """Return one row per figure: the exponents between neighbours and over all points."""
    what = {
        "front_end": "files to spectrograms",
        "cross_validation": "two folds of cnn, an epoch each",
        "peak_mb": "peak memory",
    }
    rows = []
    for figure, words in what.items():
        values = np.log([p[figure] for p in points])
        steps = np.diff(values) / np.diff(np.log(sizes))
        rows.append(
            {
                "name": f"exponent_{figure}_{against}",
                "what": f"{words}: exponent over {against}, {sizes[0]} to {sizes[-1]}",
                "ratio": float(np.polyfit(np.log(sizes), values, 1)[0]),
                "low": float(steps.min()),
                "high": float(steps.max()),
                "slow": float(np.exp(values[-1])),
                "fast": float(np.exp(values[0])),
                "unit": "MB" if figure == "peak_mb" else "s",
            }
        )
    return rows
