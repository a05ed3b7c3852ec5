"""A minute of the fuzzers, led by hypothesis; ``run.py`` runs them for as long as one likes."""

import importlib
import random
import sys
import types
from collections import Counter

import pytest
import run
from fuzz_cases import Case, Finding, mutated_bytes, own_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = {
    "decoder": 1500,
    "tables": 400,
    "settings": 300,
    "results": 150,
    "weights": 300,
    "models": 500,
}


@pytest.mark.slow
@pytest.mark.parametrize("target", CASES)
def test_odd_input_is_used_or_refused_in_words(target):
    fuzzer = importlib.import_module(f"fuzz_{target}")

    @settings(
        max_examples=CASES[target],
        deadline=None,
        derandomize=True,  # `run.py` tries other cases each time
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def run(chance):
        case = fuzzer.draw(chance)
        try:
            with own_folder() as folder:
                fuzzer.check(case, folder)
        except Exception as error:
            error.add_note(f"{case!r:.2000}")
            raise

    run()


def test_some_damaged_and_forged_models():
    fuzzer = importlib.import_module("fuzz_models")
    outcomes = Counter()
    for number in range(120):
        case = fuzzer.draw(random.Random(f"models-0-{number}"))
        with own_folder() as folder:
            outcomes[fuzzer.check(case, folder)] += 1
    assert outcomes["refused"] > outcomes["loaded"] > 0


def test_a_case_follows_from_its_name():
    content = bytes(range(256)) * 4
    made = [mutated_bytes(random.Random("a-1-2"), content, donor=b"donor") for _ in range(2)]
    assert made[0] == made[1] != content


class Ended:
    """Stands for a process that ended or hangs."""

    exitcode = -11

    def kill(self):
        pass

    def join(self, seconds=None):
        pass


class Pipe:
    """Stands for the pipe to such a process."""

    def __init__(self, broken):
        self.broken = broken

    def send(self, case):
        if self.broken:
            raise BrokenPipeError

    def poll(self, seconds):
        return False

    def close(self):
        pass


@pytest.mark.parametrize(("broken", "kind"), [(True, "ended with -11"), (False, "no end after")])
def test_a_crash_and_a_hang_are_findings(broken, kind, tmp_path, monkeypatch):
    worker = object.__new__(run.Worker)
    worker.process, worker.pipe, worker.alive = Ended(), Pipe(broken), True
    fuzzer = types.SimpleNamespace(draw=lambda chance: Case({"a.txt": b"content"}, {"b": 1}))
    monkeypatch.setitem(sys.modules, "fuzz_results", fuzzer)
    runner = run.Run(tmp_path)
    runner.workers["results"] = worker
    runner.try_case("results", "results-1-2")
    assert not worker.alive
    assert not runner.workers
    assert "FOUND 1 x results" in runner.summary()
    folder = tmp_path / "results-1-2"
    assert kind in (folder / "finding.txt").read_text()
    assert (folder / "a.txt").read_bytes() == b"content"
    assert "'b': 1" in (folder / "params.txt").read_text()


def test_what_a_case_raises_is_a_finding():
    def check(case, folder):
        raise Finding("no")

    fuzzer = types.SimpleNamespace(draw=lambda chance: None, check=check)
    outcome, kind, text = run._try(fuzzer, None)
    assert (outcome, kind) == ("finding", "Finding in check: no")
    assert "Traceback" in text
