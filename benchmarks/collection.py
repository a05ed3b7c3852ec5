"""Memory of driver and workers of ``sklearn-mer predict --backend dask`` over a large collection.

    python benchmarks/collection.py --clips DATA_HOME/datasets/4QAED --folder /tmp/collection

makes links to the clips, starts two Dask workers, each a process, and runs the command on the
links. After some songs a worker is killed, and Dask starts another. Descriptors of clips that are
in the cache (``SKLEARN_MER_CACHE``) are not computed again. Songs done, resident memory and CPU
seconds are printed every few seconds. ``--minutes`` stops the command earlier, by Ctrl-C; the same
call again goes on from there.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path

import psutil
from distributed import LocalCluster

PREDICT = "import sys; from sklearn_mer.commands import main; sys.exit(main(sys.argv[1:]))"


def make_links(clips, folder, n_songs):
    """Link to the clips in turn, 1,000 links a folder."""
    found = sorted(path.resolve() for path in clips.rglob("*.mp3"))
    for number, clip in enumerate(islice(cycle(found), n_songs)):
        link = folder / f"{number // 1000:03d}" / f"{number:06d}.mp3"
        if not link.is_symlink():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(clip)


def memory(pid):
    """Return resident MiB and CPU seconds of a process."""
    process = psutil.Process(pid)
    return round(process.memory_info().rss / 2**20), round(sum(process.cpu_times()[:2]), 1)


def watch(driver, cluster, options):
    """Yield a row every few seconds until the driver ends, and kill a worker half-way."""
    start, killed = time.monotonic(), False
    while driver.poll() is None:
        time.sleep(options.every)
        n_done = options.batch * sum(1 for _ in (options.folder / "moods").glob("*.parquet"))
        pids = [nanny.pid for nanny in cluster.workers.values()]
        row = {"seconds": round(time.monotonic() - start), "songs": n_done}
        try:
            row["driver MiB"], row["driver CPU s"] = memory(driver.pid)
            for number, pid in enumerate(pids):
                row[f"worker {number} MiB"], row[f"worker {number} CPU s"] = memory(pid)
        except (psutil.Error, TypeError):  # it has just ended, or not yet begun
            continue
        yield row
        if not killed and n_done >= options.kill_at > 0:
            os.kill(pids[0], signal.SIGKILL)
            killed = True
        if options.minutes and time.monotonic() - start > 60 * options.minutes:
            driver.send_signal(signal.SIGINT)
            driver.wait()


def run(options):
    """Run the command and print what it takes; return its exit status."""
    songs, moods = options.folder / "songs", options.folder / "moods"
    make_links(options.clips, songs, options.songs)
    how = {"n_workers": options.workers, "threads_per_worker": 1, "dashboard_address": None}
    # Dask's workers keep samples of their stacks, an hour of them: see the guide.
    how["env"] = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    with LocalCluster(processes=True, **how) as cluster:
        words = ["predict", songs, "--parquet", moods, "--batch", options.batch]
        words += ["--backend", "dask", "--scheduler", cluster.scheduler_address]
        driver = subprocess.Popen([sys.executable, "-c", PREDICT, *map(str, words)])
        for row in watch(driver, cluster, options):
            print(*(f"{name} {value}" for name, value in row.items()), sep=", ", flush=True)
    print(f"exit status {driver.returncode}")
    return driver.returncode


def main():
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clips", type=Path, required=True, help="a folder with mp3 files")
    parser.add_argument("--folder", type=Path, required=True, help="for links and results")
    parser.add_argument("--songs", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=float, default=10.0, help="seconds")
    parser.add_argument("--minutes", type=float, help="stop the command then")
    parser.add_argument("--kill-at", type=int, default=2000, help="songs; 0 for never")
    sys.exit(run(parser.parse_args()))


if __name__ == "__main__":
    main()
