"""Run the fuzzers, each case in a process with limits of time and memory.

``python tests/fuzz/run.py --minutes 60 [--only decoder tables settings results weights models]``

Damaged or odd input must be used, with finite results, or refused in words of this library. What
else happens is a finding: another error, a crash, 30 seconds without an end, a peak of memory,
text of the decoder's C libraries on stderr. It is written at once into a folder of its own, with
the files of the case, its parameters and the traceback.

A case follows from its name alone: ``--case decoder-17-230`` repeats one, and the same ``--seed``
a whole run. Another run has another seed.
"""

import argparse
import contextlib
import importlib
import itertools
import multiprocessing
import os
import pprint
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from fuzz_cases import own_folder

HERE = Path(__file__).resolve().parent
TARGETS = ("decoder", "tables", "settings", "results", "weights", "models")
SECONDS = 30
# Of address space, in GiB; torch alone takes some of it.
GIBIBYTES = {"decoder": 4, "results": 6, "weights": 8, "tables": 8, "settings": 8, "models": 8}
PEAK_MIB = 700
# Findings of one kind that are kept.
KEPT = 3


def main(argv=None):
    """Run cases until the time is over; return 1 if there are findings."""
    options = _parser().parse_args(argv)
    if options.case:
        target, seed, number = options.case.rsplit("-", 2)
        plan = [(target, f"{target}-{seed}-{number}")]
    else:
        seed = options.seed if options.seed is not None else int(time.time())
        plan = (
            (target, f"{target}-{seed}-{number}")
            for number in itertools.count()
            for target in options.only
        )
    run = Run(Path(options.out))
    end = time.monotonic() + 60 * options.minutes
    try:
        for target, case in plan:
            if time.monotonic() > end:
                break
            run.try_case(target, case)
    except KeyboardInterrupt:
        pass
    finally:
        run.close()
    print(run.summary())
    return int(bool(run.kinds))


def _parser():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--only", nargs="+", choices=TARGETS, default=TARGETS)
    parser.add_argument("--seed", type=int, help="default: the time")
    parser.add_argument("--case", help="one case by its name, such as decoder-17-230")
    parser.add_argument("--out", default="build/fuzz", help="folder of the findings")
    return parser


class Run:
    """Workers, one a target, and what they found."""

    def __init__(self, out):
        self.out = out
        self.workers = {}
        self.counts = Counter()
        self.kinds = Counter()
        self.begun = time.monotonic()
        self._last = self.begun

    def try_case(self, target, case):
        """Run one case; write down what it finds."""
        worker = self.workers.get(target)
        if worker is None:
            worker = self.workers[target] = Worker(target)
        outcome, kind, text = worker.run(case)
        self.counts[target, outcome] += 1
        if kind is not None:
            self.kinds[target, kind] += 1
            if self.kinds[target, kind] <= KEPT:
                self._keep(target, case, f"{kind}\n\n{text}")
        if not worker.alive:
            del self.workers[target]
        if time.monotonic() - self._last > 60:
            self._last = time.monotonic()
            print(self.summary(), flush=True)

    def _keep(self, target, case, text):
        folder = self.out / case
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "finding.txt").write_text(text, errors="backslashreplace")
        with contextlib.suppress(Exception):  # what made it fail is in the text
            made = _module(target).draw(random.Random(case))
            made.write(folder)
            (folder / "params.txt").write_text(
                pprint.pformat(made.params), errors="backslashreplace"
            )
        print(f"{folder}: {text.splitlines()[0][:200]}", flush=True)

    def summary(self):
        """Return what was run and found."""
        lines = [f"After {(time.monotonic() - self.begun) / 60:.0f} minutes:"]
        lines += [f"  {t}: {n} {outcome}" for (t, outcome), n in sorted(self.counts.items())]
        lines += [f"  FOUND {n} x {t}: {k[:160]}" for (t, k), n in self.kinds.most_common()]
        return "\n".join(lines)

    def close(self):
        """End the workers."""
        for worker in self.workers.values():
            worker.end()


class Worker:
    """A process that runs the cases of one target in turn."""

    def __init__(self, target):
        self.target = target
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_work, args=(target, other), daemon=True)
        self.process.start()
        other.close()
        self.alive = True
        if not self.pipe.poll(600):
            raise RuntimeError(f"The fuzzer of the {target} does not start.")
        self.pipe.recv()

    def run(self, case):
        """Return the outcome of a case, and kind and text of a finding."""
        try:
            self.pipe.send(case)
            if self.pipe.poll(SECONDS):
                return self.pipe.recv()
        except (EOFError, OSError):
            self.end()
            return "crash", f"the process ended with {self.process.exitcode}", ""
        self.end()
        return "hang", f"no end after {SECONDS} s", ""

    def end(self):
        """End the process."""
        self.alive = False
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self.process.join(2)
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _module(target):
    for folder in (HERE, HERE.parent):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return importlib.import_module(f"fuzz_{target}")


def _work(target, pipe):
    os.environ["SKLEARN_MER_CACHE"] = tempfile.mkdtemp()
    module = _module(target)
    module.draw(random.Random(0))  # makes what is damaged
    _limit_memory(GIBIBYTES[target])
    from sklearn_mer._memory import peak_memory_mb, reset_peak_memory

    with tempfile.TemporaryFile() as stderr:
        os.dup2(stderr.fileno(), 2)  # of C libraries too
        pipe.send("ready")
        while (case := pipe.recv()) is not None:
            reset_peak_memory()
            before = peak_memory_mb() or 0
            outcome, kind, text = _try(module, random.Random(case))
            peak = peak_memory_mb() or 0
            stderr.seek(0)
            noise = _but_notes(stderr.read().decode(errors="replace"))
            stderr.seek(0)
            stderr.truncate()
            if kind is None and peak - before > PEAK_MIB:
                kind, text = f"peak memory above {PEAK_MIB} MiB", f"{peak - before:.0f} MiB"
            if kind is None and target == "decoder" and noise:
                kind, text = "text on stderr", noise
            pipe.send((outcome, kind, text))


def _but_notes(text):
    """Leave out the notes of libmpg123, which docs/user_guide/clips.rst tells of."""
    known = ("Note: ", "Warning: ", "[src/libmpg123")
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(known))


def _limit_memory(gibibytes):
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (gibibytes * 2**30, gibibytes * 2**30))


def _try(module, rng):
    """Return the outcome of a case, and kind and text of a finding."""
    with own_folder() as folder:
        try:
            return module.check(module.draw(rng), folder), None, None
        except BaseException as error:
            own = [
                frame
                for frame in traceback.extract_tb(error.__traceback__)
                if "sklearn_mer" in Path(frame.filename).parts
            ]
            where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "check"
            text = str(error).replace(folder, "")[:80]
            return "finding", f"{type(error).__name__} in {where}: {text}", traceback.format_exc()


if __name__ == "__main__":
    sys.exit(main())
