"""How fast the front end and the training are: ratios, measured side by side in one run.

python benchmarks/speed.py
python benchmarks/speed.py --only front-end --json speed.json

Every ratio is the median over rounds in which the two sides take turns, so that both meet the
machine as it is; beside it stand the smallest and the largest. The real 4QAED clips are used
where they are found (SKLEARN_MER_DATA), else synthetic ones of the same length, and the first
line says which.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import librosa
import numpy as np
import soundfile
import soxr
import torch
from threadpoolctl import threadpool_limits
from torch import nn

from sklearn_mer import AudioLoader, CNNBaseline, MelSpectrogram
from sklearn_mer.datasets import DatasetNotFoundError, load_4qaed, make_quadrant_clips

RATE, SECONDS = 16000, 30


def main():
    """Measure what was asked for and print the table."""
    options = parse_options()
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        paths, source = find_clips(options.clips, Path(folder))
        print(f"{len(paths)} clips of {SECONDS} s ({source}), {torch.get_num_threads()} threads")
        rows = [row for name in options.only for row in PARTS[name](paths, options)]
    print("\n" + as_markdown(rows))
    if options.json:
        Path(options.json).write_text(json.dumps({row["name"]: row for row in rows}, indent=1))


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--clips", type=int, default=60, help="clips of the front end")
    parser.add_argument("--train-clips", type=int, default=120, help="clips of an epoch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="also write the figures there")
    return parser.parse_args()


def find_clips(n_clips, folder):
    """Return paths of clips spread over the real data set, or of synthetic ones, and which."""
    try:
        paths = load_4qaed(features=None).data["audio"]
    except DatasetNotFoundError:
        return write_synthetic(n_clips, folder), "synthetic, wav"
    return list(paths[:: max(1, len(paths) // n_clips)][:n_clips]), "4QAED, mp3"


def write_synthetic(n_clips, folder):
    """Write synthetic clips as wav files of 22,050 Hz, so that resampling has work to do."""
    waveforms = make_quadrant_clips(
        n_clips, duration=SECONDS, sample_rate=22050, random_state=0
    ).data
    paths = [str(folder / f"{i}.wav") for i in range(n_clips)]
    for path, waveform in zip(paths, waveforms, strict=True):
        soundfile.write(path, waveform, 22050)
    return paths


def take_turns(rounds, **sides):
    """Return the seconds of each side in each round, after one that is not counted."""
    seconds = {name: [] for name in sides}
    for counted in range(rounds + 1):
        for name, side in sides.items():
            start = time.perf_counter()
            side()
            if counted:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def ratio(name, what, slow, fast, per=1, unit="ms a clip"):
    """Return a row of the table: slow over fast, round by round."""
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    scale = 1000 / per if unit.startswith("ms") else 1 / per
    return {
        "name": name,
        "what": what,
        "ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
        "slow": statistics.median(slow) * scale,
        "fast": statistics.median(fast) * scale,
        "unit": unit,
    }


def front_end(paths, options):
    """Compare the way from files to spectrograms with librosa's, one thread each."""
    with threadpool_limits(1):
        rows = [mel_row(paths, options), *file_rows(paths, options)]
    return [*rows, workers_row(paths, options), cache_row(paths, options)]


def mel_row(paths, options):
    """Compare waveforms to spectrograms."""
    waveforms = AudioLoader(duration=SECONDS).fit_transform(paths)
    ours = MelSpectrogram(cache=False).fit(waveforms[:1])
    seconds = take_turns(
        options.rounds,
        librosa=lambda: [librosa_mel(waveform) for waveform in waveforms],
        ours=lambda: ours.transform(waveforms),
    )
    what = "mel and dB of a waveform: librosa / ours"
    return ratio("mel_vs_librosa", what, seconds["librosa"], seconds["ours"], len(paths))


def file_rows(paths, options):
    """Compare files to spectrograms with librosa, and with decoding and resampling alone."""
    ours = MelSpectrogram(duration=SECONDS, cache=False).fit(paths[:1])
    seconds = take_turns(
        options.rounds,
        librosa=lambda: [librosa_mel(librosa_load(path)) for path in paths],
        ours=lambda: ours.transform(paths),
        floor=lambda: [decode_and_resample(path) for path in paths],
    )
    n = len(paths)
    what = "file to spectrogram: librosa / ours", "file to spectrogram: ours / decoding, resampling"
    return [
        ratio("file_vs_librosa", what[0], seconds["librosa"], seconds["ours"], n),
        ratio("frontend_over_floor", what[1], seconds["ours"], seconds["floor"], n),
    ]


def workers_row(paths, options):
    """Compare one thread with two, from file to spectrogram."""
    one, two = (
        MelSpectrogram(duration=SECONDS, cache=False, n_jobs=n_jobs).fit(paths[:1])
        for n_jobs in (1, 2)
    )
    seconds = take_turns(
        options.rounds, one=lambda: one.transform(paths), two=lambda: two.transform(paths)
    )
    what = "file to spectrogram: one thread / two"
    return ratio("two_workers", what, seconds["one"], seconds["two"], len(paths))


def cache_row(paths, options):
    """Compare the first pass, which fills the cache, with the second."""
    cold, cached = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours = MelSpectrogram(duration=SECONDS, cache=folder).fit(paths[:1])
            for seconds in (cold, cached):
                start = time.perf_counter()
                ours.transform(paths)
                seconds.append(time.perf_counter() - start)
    return ratio("cached_vs_cold", "first pass / second, cached pass", cold, cached, len(paths))


def librosa_load(path):
    """Load a file as librosa's users do."""
    return librosa.load(path, sr=RATE, duration=SECONDS)[0]


def librosa_mel(waveform):
    """Compute a spectrogram as librosa's users do."""
    return librosa.power_to_db(librosa.feature.melspectrogram(y=waveform, sr=RATE))


def decode_and_resample(path):
    """Do what no front end can leave out."""
    samples, rate = soundfile.read(path, dtype="float32")
    return soxr.resample(samples[: SECONDS * rate], rate, RATE)


def epochs(paths, options):
    """Compare an epoch of `CNNBaseline` with a plain torch loop of the same network."""
    rng = np.random.default_rng(0)
    spectrograms = rng.standard_normal((options.train_clips, 128, 938), dtype=np.float32)
    targets = np.arange(options.train_clips) % 4
    sides = {
        "plain": lambda: plain_epoch(spectrograms, targets),
        "float32": lambda: our_epoch(spectrograms, targets, "float32"),
        "auto": lambda: our_epoch(spectrograms, targets, "auto"),
    }
    seconds = take_turns(options.rounds, **sides)
    # Given for the 810 clips of a training fold of the study.
    per = options.train_clips / 810
    return [
        ratio(
            f"epoch_cnn_{side}_vs_plain_torch",
            f"an epoch of cnn on 810 clips: plain torch / ours, precision {side!r}",
            seconds["plain"],
            seconds[side],
            per,
            unit="s",
        )
        for side in ("float32", "auto")
    ]


def our_epoch(spectrograms, targets, precision):
    """Fit for one epoch, with all that `fit` does around it."""
    CNNBaseline(
        frontend="passthrough", max_epochs=1, precision=precision, random_state=0, device="cpu"
    ).fit(spectrograms, targets)


def plain_epoch(spectrograms, targets, batch_size=32):
    """Train for one epoch as torch's tutorials do: float32, default layout."""
    net = plain_network()
    optimizer = torch.optim.AdamW(net.parameters())
    data = torch.utils.data.TensorDataset(
        torch.from_numpy(spectrograms).unsqueeze(1), torch.from_numpy(targets)
    )
    for inputs, labels in torch.utils.data.DataLoader(data, batch_size, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()


def plain_network():
    """Return the network of the DL Baseline, layer by layer as the paper tells it."""
    layers, channels = [], 1
    for pool in ((2, 2), (2, 2), (2, 3)):
        layers += [nn.Conv2d(channels, 16, 5), nn.ReLU(), nn.MaxPool2d(pool, ceil_mode=True)]
        layers += [nn.BatchNorm2d(16), nn.Dropout(0.1)]
        channels = 16
    layers += [nn.Conv2d(16, 16, 5), nn.ReLU(), nn.MaxPool2d((2, 3), ceil_mode=True)]
    layers += [nn.Flatten(), nn.Dropout(0.4), nn.LazyLinear(300), nn.ReLU(), nn.Linear(300, 4)]
    return nn.Sequential(*layers)


def as_markdown(rows):
    """Return the rows as a Markdown table."""
    lines = ["| figure | what | ratio | lowest to highest | medians |", "|---|---|---|---|---|"]
    line = (
        "| `{name}` | {what} | **{ratio:.2f}** | {low:.2f} to {high:.2f} | "
        "{slow:.2f} / {fast:.2f} {unit} |"
    )
    lines += [line.format(**row) for row in rows]
    return "\n".join(lines)


PARTS = {"front-end": front_end, "epochs": epochs}

if __name__ == "__main__":
    main()
