"""``sklearn-mer predict --parquet``: collections of any size, on this machine or a cluster."""

import os
import sys
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import islice

import numpy as np
from tqdm import tqdm

from .._clusters import ClusterLostError, DaskCluster, RayCluster, WorkerDiedError
from .._files import replace_file, told, why_not
from ..datasets import DatasetError, stream_songs
from ..models import find_model
from ..songs import Song, check_window
from ._model import digest_of_run, open_model
from ._parts import Collection, load_parquet, predict_batch
from ._predict import is_list
from ._rows import Tally, name_of, row_of

# A batch that no worker could do so often stops the run: it would be the same with the next.
_MAX_FAILURES = 3
# Workers that die so often, and twice for each batch on its way, with none done between, die of
# something else than a song.
_MANY_DEATHS = 20
# A batch that kills workers is divided by this, again and again, until the song is alone.
_PIECES = 8


def predict_collection(options):
    """Predict songs into a folder of Parquet parts; return the exit status."""
    load_parquet()  # complains before anything is loaded or made
    cluster = _cluster_of(options)
    model = open_model(options.model)
    windows = check_window(model, options.window, options.hop)
    collection = Collection(
        options.parquet.absolute(),
        digest_of_run(options.model, options.window, options.hop),
        options.window,
        options.hop,
        os.getcwd(),
        options.jobs,
    )
    content = find_model(options.model).read_bytes()
    with ExitStack() as stack:
        cluster.connect(stack)  # before a folder is made
        run = _Run(collection, cluster, model.classes_.tolist(), Tally(windows.shortest))
        run.find_done()
        with told(f"{collection.folder} cannot be written", "Give --parquet another folder."):
            replace_file(collection.model_file, content)
        run.bar = stack.enter_context(_bar(run.n_songs))
        problems = []
        run.run(run.batches(paths_of(options.songs, problems), options.batch))
    if problems:
        raise DatasetError("\n".join(problems))
    for line in run.tally.lines(run.n_songs, options.parquet):
        print(line, file=sys.stderr)
    return int(run.tally.n_failed > 0)


def paths_of(given, problems):
    """Yield the paths of all songs that are given, as they are found.

    What is wrong with a folder or a playlist is added to `problems`: others follow.
    """
    for name in given:
        expanded = os.path.expanduser(name)
        try:
            if is_list(expanded):
                yield from stream_songs(expanded)
            else:
                yield expanded
        except DatasetError as error:
            problems.append(str(error))
        except OSError as error:
            problems.append(f"{expanded}: {why_not(error)}")


def _cluster_of(options):
    if options.backend == "dask":
        return DaskCluster(options.scheduler)
    if options.backend == "ray":
        return RayCluster(options.scheduler or "auto")
    return _ThisMachine()


class _ThisMachine:
    """A batch at a time, in this process and its jobs, behind the methods of a cluster."""

    n_tries = n_threads = 1

    def connect(self, stack):
        pass

    def submit(self, function, *arguments):
        return partial(function, *arguments)

    def wait(self, calls, seconds):
        return calls[0]

    def result(self, call):
        return call()

    def cancel(self, calls):
        pass


@dataclass(frozen=True)
class _Batch:
    paths: tuple
    n_deaths: int = 0
    n_failures: int = 0


class Names:
    """Which songs are done or on their way: of each, 8 bytes of a digest.

    Of ten million songs, two have the same digest with a probability of 3e-6.
    """

    _MANY = 2**17

    def __init__(self):
        self._sorted, self._recent = np.empty(0, np.uint64), set()

    def add(self, name):
        """Add a name; return whether it is a new one."""
        digest = blake2b(name.encode(), digest_size=8).digest()
        number = np.frombuffer(digest, np.uint64)[0]
        if number in self._recent or self._is_old(number):
            return False
        self._recent.add(number)
        if len(self._recent) >= self._MANY:
            recent, self._recent = np.fromiter(self._recent, np.uint64), set()
            self._sorted = np.concatenate([self._sorted, recent])
            self._sorted.sort()
        return True

    def _is_old(self, number):
        place = np.searchsorted(self._sorted, number)
        return place < len(self._sorted) and self._sorted[place] == number


class _Run:
    """The state of a run. Beside the names, it depends on the number of workers, not of songs."""

    bar, has_workers = None, True

    def __init__(self, collection, cluster, classes, tally):
        self.collection, self.cluster, self.classes = collection, cluster, classes
        self.names, self.tally, self.n_songs = Names(), tally, 0
        self.running, self.again = {}, deque()
        self.n_deaths, self.most_running = 0, 0

    def find_done(self):
        """Look at the parts that are there."""
        for part in self.collection.folder.glob("*.parquet"):
            for row in self.collection.read(part):
                self.names.add(row["path"])
                self._count(row)

    def _count(self, row):
        self.tally.add(row)
        self.n_songs += 1

    def batches(self, paths, size):
        """Yield batches of the songs that have no row yet."""
        new = (path for path in paths if self.names.add(name_of(path)))
        while batch := tuple(islice(new, size)):
            yield _Batch(batch)

    def run(self, batches):
        """Predict batches, as many at a time as the workers do."""
        try:
            self._fill(batches)
            while self.running:
                self._take_one()
                self._fill(batches)
        finally:
            self.cluster.cancel(list(self.running))

    def _fill(self, batches):
        n_free = max(1, self.cluster.n_threads) - len(self.running)
        for _ in range(n_free):
            batch = self.again.popleft() if self.again else next(batches, None)
            if batch is None:
                return
            call = self.cluster.submit(predict_batch, self.collection, batch.paths)
            self.running[call] = batch
        self.most_running = max(self.most_running, len(self.running))

    def _take_one(self):
        # In turns, as not every system lets Ctrl-C end a wait without limit.
        while (call := self.cluster.wait(list(self.running), 1.0)) is None:
            self._tell_of_workers()
        batch = self.running.pop(call)
        try:
            self.cluster.result(call)
        except WorkerDiedError:
            self._after_death(batch)
        except ClusterLostError:
            raise
        except Exception as error:
            self._after_failure(batch, error)
        else:
            self.n_deaths = 0
            self._finish(batch)

    def _tell_of_workers(self):
        had_workers, self.has_workers = self.has_workers, self.cluster.n_threads > 0
        if had_workers and not self.has_workers:
            self.bar.write("The cluster has no workers now; waiting for some.", file=sys.stderr)

    def _finish(self, batch):
        for row in self.collection.read_new(self.collection.part_of(batch.paths)):
            self._count(row)
        self.bar.update(len(batch.paths))

    def _after_failure(self, batch, error):
        n_failures = batch.n_failures + 1
        if n_failures == _MAX_FAILURES:
            raise ValueError(
                f"A batch of {len(batch.paths)} songs, from {name_of(batch.paths[0])} on, could "
                f"not be done {n_failures} times. The last time: {error}. What is done is kept; "
                "the same command goes on from here."
            ) from error
        self.again.append(replace(batch, n_failures=n_failures))

    def _after_death(self, batch):
        """Give the batch to another worker, or find the song that kills them."""
        self.n_deaths += 1
        if self.n_deaths > _MANY_DEATHS + 2 * self.most_running:
            raise ValueError(
                f"Workers died {self.n_deaths} times and no batch was done between, most likely "
                "for want of memory. What is done is kept; the same command goes on from here."
            )
        n_deaths, paths = batch.n_deaths + 1, batch.paths
        if self.collection.part_of(paths).exists():  # it died when all was done
            self._finish(batch)
        elif n_deaths < self.cluster.n_tries:
            self.again.append(replace(batch, n_deaths=n_deaths))
        elif len(paths) > 1:
            size = -(-len(paths) // _PIECES)
            pieces = range(0, len(paths), size)
            self.again.extend(_Batch(paths[start : start + size]) for start in pieces)
        else:
            reason = "workers died while they had this song, most likely for want of memory"
            nothing = np.full(len(self.classes), np.nan)
            song = Song(paths[0], None, nothing, np.nan, error=reason)
            self.collection.write(paths, [row_of(song, self.classes, self.collection.model)])
            self._finish(batch)


def _bar(n_done):
    # How many there are is known at the end only.
    return tqdm(
        initial=n_done,
        unit=" songs",
        mininterval=0.5 if sys.stderr.isatty() else 30.0,
        file=sys.stderr,
        bar_format="{n_fmt} songs [{elapsed}, {rate_fmt}]",
    )
