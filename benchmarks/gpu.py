"""Check and measure training and prediction on a GPU, in nine minutes at most.

python benchmarks/gpu.py prepare --out clips.npz       where 4QAED is: its clips in 54 MB
python benchmarks/gpu.py --clips clips.npz             where the GPU is
python benchmarks/gpu.py --device cpu --dry-run        every part in small, without GPU and clips

`prepare` writes the spectrograms of `cnn` with half the frames, in 8 bits, and the labels. The
other command runs four parts, and writes each figure to a JSON file as soon as it is there. The
same command continues a run that was stopped.

predictions  each network with random weights: the largest difference between its values for one
             batch on the GPU and on the CPU, relative to the largest value
epochs       seconds of an epoch of each network, in the size of the paper, on the GPU and on the
             CPU, scaled to 810 clips; and whether two trainings on the GPU give the same weights
together     folds of `cnn` in 1, 2 and 4 processes on one GPU: epochs a minute
protocol     ten times ten folds of `cnn`, in the number of processes that was fastest, with the
             splits of the study

Each part has a share of the time, and what one leaves is for the next. What did not fit is listed
as "left_out".
"""

import argparse
import json
import platform
import sys
import time
from pathlib import Path

import joblib
import numpy as np
import torch
from joblib import Parallel, delayed
from sklearn.base import clone, is_classifier
from sklearn.metrics import f1_score
from sklearn.model_selection import RepeatedStratifiedKFold
from speed_parts.networks import FOLD, METHODS

from sklearn_mer import CNNBaseline, MelSpectrogram, nets
from sklearn_mer.training import as_trained, run_network

# Share of the time after which each part ends.
ENDS = {"predictions": 0.1, "epochs": 0.4, "together": 0.6, "protocol": 1.0}
FULL, HALF = (128, 938), (128, 469)
PROCESSES = (1, 2, 4)


def main():
    """Run one of the two commands."""
    options = parse_options()
    if options.command == "prepare":
        prepare(options.out)
    else:
        measure(options)


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", choices=["run", "prepare"], default="run")
    parser.add_argument("--out", default="clips.npz", help="of prepare (default: clips.npz)")
    parser.add_argument("--clips", help="file of prepare; without it, noise")
    parser.add_argument("--json", default="gpu.json", help="results (default: gpu.json)")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--parts", nargs="+", choices=list(ENDS), default=list(ENDS))
    parser.add_argument("--seconds", type=float, default=520, help="for all parts (default: 520)")
    parser.add_argument("--dry-run", action="store_true", help="tiny: all parts, without a limit")
    options = parser.parse_args()
    if options.command == "run" and not (options.clips or options.dry_run):
        parser.error("--clips FILE is missing; `prepare` writes it where 4QAED is")
    if options.device == "cuda" and options.command == "run" and not torch.cuda.is_available():
        parser.error("torch finds no GPU here; --device cpu --dry-run tries the script")
    return options


def prepare(out):
    """Write the spectrograms of 4QAED in 8 bits."""
    from sklearn_mer.study import open_dataset

    data = open_dataset("4qaed")
    mel = MelSpectrogram(
        sample_rate=16000, duration=30.0, normalize=True, hop_length=1024, n_jobs=-1
    )
    write_clips(out, mel.fit_transform(data.X), np.asarray(data.y, dtype=str))
    print(f"{out}: {len(data.y)} clips, {Path(out).stat().st_size / 2**20:.0f} MiB")


def write_clips(out, decibels, y):
    """Write spectrograms in 256 steps from the lowest to the highest value, and labels."""
    low, high = float(decibels.min()), float(decibels.max())
    levels = np.rint((decibels - low) / (high - low) * 255).astype(np.uint8)
    np.savez(out, levels=levels, low=low, high=high, y=y)


def read_clips(file):
    """Return spectrograms in float32 and labels; of noise without a file."""
    if file is None:
        rng = np.random.default_rng(0)
        return rng.standard_normal((40, *HALF), dtype=np.float32), np.arange(40) % 4
    with np.load(file) as content:
        step = (content["high"] - content["low"]) / 255
        return (content["levels"] * step + content["low"]).astype(np.float32), content["y"]


class Results:
    """Figures by part and name, in a file that is always complete, and the time that is left."""

    def __init__(self, options):
        self.path = Path(options.json)
        self.begun = time.monotonic()
        self.seconds = float("inf") if options.dry_run else options.seconds
        about = describe(options)
        self.content = {"about": about, **{part: {} for part in ENDS}}
        if self.path.exists():
            found = json.loads(self.path.read_text())
            if found["about"] != about:
                sys.exit(
                    f"{self.path} is of another run: {found['about']}. Move it, or set --json."
                )
            self.content = found
        self.content["left_out"] = []

    def add(self, part, name, compute):
        """Compute a figure, unless it is there or the time of the part is over; return it."""
        if name in self.content[part]:
            return self.content[part][name]
        if time.monotonic() - self.begun > ENDS[part] * self.seconds:
            self.content["left_out"].append(f"{part} {name}")
            return None
        try:
            figure = compute()
        except Exception as error:  # the other figures are wanted all the same
            figure = {"error": f"{type(error).__name__}: {error}"}
        self.content[part][name] = figure
        print(f"{time.monotonic() - self.begun:5.0f} s  {part} {name}: {figure}", flush=True)
        self.write()
        return figure

    def write(self):
        """Write all to a new file, and put that in the place of the old one."""
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.content, indent=1))
        new.replace(self.path)


def describe(options):
    """Return what the figures depend on."""
    gpu = torch.cuda.get_device_name() if options.device == "cuda" else None
    return {
        "gpu": gpu,
        "cpus": joblib.cpu_count(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "clips": "4QAED" if options.clips else "noise",
        "dry_run": options.dry_run,
    }


def measure(options):
    """Run all parts."""
    results = Results(options)
    for part in options.parts:
        PARTS[part](results, options)
    results.write()
    print(json.dumps(results.content.get("summary", {}), indent=1))


def random_networks():
    """Return, by name, what makes each network of the register, and the shapes of its inputs."""
    return {
        "cnn": (lambda: nets.MelCNN(FULL, 4), FULL),
        "cnn_gru": (lambda: nets.MelCNNGRU(FULL, 4), FULL),
        "crnn": (lambda: nets.MelCRNN(FULL, 4), FULL),
        "dnn": (lambda: nets.FeatureDNN(100, 4), (100,)),
        "hybrid": (
            lambda: nets.HybridNet(nets.MelCNN(FULL, 4), nets.FeatureDNN(100, 4), 4),
            FULL,
            (100,),
        ),
        "autoencoder": (lambda: nets.MelAutoencoder(FULL), FULL),
        "short_chunk": (lambda: nets.ShortChunkNet((128, 115), 4), (128, 115)),
        "sample_cnn": (lambda: nets.SampleNet((59049,), 4), (59049,)),
        "artist_cnn": (nets.ArtistNet, (128, 129)),
        "crnn_mtat": (nets.TaggingCRNN, (96, 1366)),
        "tagging_fcn": (nets.TaggingFCN, (96, 1366)),
        "openl3": (nets.OpenL3Net, (256, 199)),
    }


def predictions(results, options):
    """Compare values of each network on the device with those on the CPU."""
    n_clips = 2 if options.dry_run else 64
    for name, (make, *shapes) in random_networks().items():
        results.add("predictions", name, lambda a=(make, shapes): compare(*a, n_clips, options))


def compare(make, shapes, n_clips, options):
    """Return the largest difference of one network, relative to the largest value."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    arrays = tuple(rng.standard_normal((n_clips, *shape), dtype=np.float32) for shape in shapes)
    net = as_trained(make())
    expected = values_of(net, arrays)
    net.module_.to(options.device)
    net.device = options.device
    difference = np.abs(values_of(net, arrays) - expected).max()
    return {"difference": float(difference / np.abs(expected).max())}


def values_of(net, arrays):
    """Return the output of a network, or the code of an autoencoder."""
    function = net.module_.hidden if hasattr(net.module_, "decode") else net.module_
    return run_network(net, function, arrays)


def epochs(results, options):
    """Measure an epoch of each network on both devices."""
    cnn = {
        "cnn": (CNNBaseline(frontend="passthrough"), None, FULL),
        "cnn_half": (CNNBaseline(frontend="passthrough"), None, HALF),
    }
    for name, (method, _, shape) in (cnn | METHODS).items():
        sizes = {options.device: FOLD, "cpu": 160}
        for device, n_clips in sizes.items():
            n_clips = 2 if options.dry_run else n_clips
            results.add(
                "epochs",
                f"{name} {device}",
                lambda a=(method, shape, device, n_clips): epoch(*a, options),
            )


def epoch(method, shape, device, n_clips, options):
    """Return the seconds of the fastest epoch after the first one, and its memory."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    max_epochs = 2 if options.dry_run else 3
    durations = trained(method, shape, n_clips, device, max_epochs=max_epochs).history[:, "dur"]
    figure = {"seconds_per_810": min(durations[1:]) * FOLD / n_clips, "clips": n_clips}
    if device == "cuda":
        figure["peak_mib"] = torch.cuda.max_memory_allocated() / 2**20
    if device == options.device:
        first, second = (
            trained(method, shape, min(n_clips, 64), device, max_epochs=1).module_.state_dict()
            for _ in range(2)
        )
        figure["repeatable"] = all(torch.equal(first[key], second[key]) for key in first)
    return figure


def trained(method, shape, n_clips, device, *, max_epochs):
    """Return the net of a method that was trained on noise."""
    method = clone(method).set_params(
        max_epochs=max_epochs, batch_size=32, random_state=0, device=device
    )
    inputs = np.random.default_rng(0).standard_normal((n_clips, *shape), dtype=np.float32)
    if not is_classifier(method):  # its front end reshapes rows to spectrograms
        return method.fit(inputs.reshape(n_clips, -1)).net_
    return method.set_params(stop_accuracy=None).fit(inputs, np.arange(n_clips) % 4).net_


def together(results, options):
    """Measure folds in several processes on one device."""
    n_epochs = 1 if options.dry_run else 16
    for n in PROCESSES[:2] if options.dry_run else PROCESSES:
        results.add("together", str(n), lambda n=n: side_by_side(n, n_epochs, options))


def side_by_side(n, n_epochs, options):
    """Return the epochs a minute of `n` folds at a time, from workers that run already."""
    rows = folds(options)[:n]
    with Parallel(n_jobs=n) as parallel:
        parallel(delayed(score_fold)(*row, options, 1) for row in rows)
        begun = time.perf_counter()
        parallel(delayed(score_fold)(*row, options, n_epochs) for row in rows)
        seconds = time.perf_counter() - begun
    return {"epochs_per_minute": 60 * n * n_epochs / seconds, "seconds": seconds}


def protocol(results, options):
    """Score all folds, some at a time, and add their mean and deviation as the summary."""
    measured = {
        int(n): figure["epochs_per_minute"]
        for n, figure in results.content["together"].items()
        if "error" not in figure
    }
    n = max(measured, key=measured.get, default=1)
    max_epochs = 1 if options.dry_run else CNNBaseline().max_epochs
    rows = folds(options)[: 2 if options.dry_run else None]
    with Parallel(n_jobs=n) as parallel:
        for start in range(0, len(rows), n):
            some = rows[start : start + n]

            def compute(some=some):
                return parallel(delayed(score_fold)(*row, options, max_epochs) for row in some)

            results.add("protocol", f"{start}-{start + len(some) - 1}", compute)
    scored = [
        f for some in results.content["protocol"].values() if isinstance(some, list) for f in some
    ]
    if scored:
        percent = [100 * fold["f1_macro"] for fold in scored]
        results.content["summary"] = {
            "folds": len(scored),
            "f1_macro": float(np.mean(percent)),
            "deviation": float(np.std(percent)),
            "seconds_per_fold": float(np.mean([fold["seconds"] for fold in scored])),
            "processes": n,
        }


def folds(options):
    """Return (number, train, test) of each fold, as the study splits the clips."""
    _, y = read_clips(options.clips)
    cv = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=1)
    return [(i, *split) for i, split in enumerate(cv.split(np.zeros(len(y)), y))]


def score_fold(number, train, test, options, max_epochs):
    """Train `cnn` on a fold and score it; runs in a worker."""
    X, y = read_clips(options.clips)
    cnn = CNNBaseline(
        frontend="passthrough",
        device=options.device,
        max_epochs=max_epochs,
        random_state=number,
    )
    begun = time.perf_counter()
    predicted = cnn.fit(X[train], y[train]).predict(X[test])
    return {
        "f1_macro": f1_score(y[test], predicted, average="macro"),
        "epochs": cnn.n_epochs_,
        "seconds": time.perf_counter() - begun,
    }


PARTS = {
    "predictions": predictions,
    "epochs": epochs,
    "together": together,
    "protocol": protocol,
}

if __name__ == "__main__":
    main()
