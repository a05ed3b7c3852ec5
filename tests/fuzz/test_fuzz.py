"""A minute of the fuzzers, led by hypothesis; ``run.py`` runs them for as long as one likes."""

import importlib
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = {"decoder": 1500, "tables": 400, "settings": 150, "results": 150, "weights": 300}


@pytest.mark.slow
@pytest.mark.parametrize("target", CASES)
def test_odd_input_is_used_or_refused_in_words(target):
    fuzzer = importlib.import_module(f"fuzz_{target}")

    @settings(
        max_examples=CASES[target],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.randoms(use_true_random=False))
    def run(chance):
        case = fuzzer.draw(chance)
        try:
            with tempfile.TemporaryDirectory() as folder:
                fuzzer.check(case, folder)
        except Exception as error:
            error.add_note(f"{case!r:.2000}")
            raise

    run()
