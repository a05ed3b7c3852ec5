"""What is known of scores, and measures of agreement."""

import sys
from pathlib import Path

import numpy as np
import pytest

pretty_midi = pytest.importorskip("pretty_midi", reason="needs the extra truth")
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def modules():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        import descriptor_truth
        import rendered_scores

        yield descriptor_truth, rendered_scores
    for name in ("descriptor_truth", "rendered_scores"):
        sys.modules.pop(name, None)


def test_truth_of_a_known_score(modules):
    measure, scores = modules
    part = pretty_midi.Instrument(0)
    # A chord of a second, of which one note comes 10 ms late, and a single note of a second.
    for pitch, start, end in ((60, 0, 1), (64, 0.01, 1), (67, 0, 1), (72, 1, 2)):
        part.notes.append(pretty_midi.Note(80, pitch, start, end))
    midi = pretty_midi.PrettyMIDI()
    midi.instruments.append(part)
    known = measure.truth(scores.Score("chord", midi, tempo=60.0, mode="major"))
    assert known["voices"] == pytest.approx(2, abs=0.01)
    assert known["onsets per second"] == 1
    assert known["notes per second"] == 2
    assert known["mean highest pitch"] == pytest.approx((67 + 72) / 2)
    assert known["mean lowest pitch"] == pytest.approx((60 + 72) / 2)
    assert (known["mode"], known["tempo"]) == (1, 60)
    assert np.isnan(known["vibrato"])


def test_scores_are_determined_by_their_seeds(modules):
    _, scores = modules
    one, again, other = (scores.random_score(seed) for seed in (3, 3, 4))
    starts = [[n.start for p in s.midi.instruments for n in p.notes] for s in (one, again, other)]
    assert starts[0] == starts[1] != starts[2]
    assert scores.random_score(5, tempo=77, mode="minor")[2:4] == (77, "minor")


def test_agreement(modules):
    measure, _ = modules
    true = np.array([60.0, 100, 120, 180])
    assert measure.agreement(np.array([1, 3, 2, 4]), true, measure.RANK) == pytest.approx(0.8)
    halved = np.array([61.0, 50, 120, 90])
    assert measure.agreement(halved, true, measure.WITHIN_4) == 0.5
    assert measure.agreement(halved, true, measure.OCTAVES) == 1


def test_a_missing_synthesiser(modules, monkeypatch):
    _, scores = modules
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="fluidsynth is missing; install it"):
        scores.find_sound_font()
