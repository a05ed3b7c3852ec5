import importlib.util
from pathlib import Path

import numpy as np
import pytest
from sklearn.utils import check_random_state

from sklearn_mer.datasets import load_folder, make_quadrant_clips, make_quadrant_folder
from sklearn_mer.datasets._synthetic import CUES

RATE = 16000


@pytest.fixture(scope="module")
def clips():
    return make_quadrant_clips(80, duration=3.0, sample_rate=RATE, random_state=0)


# What comes back


def test_entries_of_the_bunch(clips):
    assert clips.data.shape == (80, 3 * RATE)
    assert clips.data.dtype == np.float32
    assert clips.target.shape == clips.groups.shape == (80,)
    assert clips.target_names == ["Q1", "Q2", "Q3", "Q4"]
    assert clips.sample_rate == RATE
    assert clips.frame is None
    assert clips.parameters.shape[0] == 80
    assert set(CUES) < set(clips.parameters.columns)
    assert "macro F1" in clips.DESCR


def test_return_X_y_gives_the_same_clips():
    X, y = make_quadrant_clips(5, duration=0.5, random_state=3, return_X_y=True)
    bunch = make_quadrant_clips(5, duration=0.5, random_state=3)
    np.testing.assert_array_equal(X, bunch.data)
    np.testing.assert_array_equal(y, bunch.target)


@pytest.mark.parametrize(
    ("duration", "sample_rate", "n_samples"),
    [(0.5, 8000, 4000), (0.50004, 16000, 8001), (1, 22050, 22050), (2.0, 44100, 88200)],
)
def test_length_and_range(duration, sample_rate, n_samples):
    X, _ = make_quadrant_clips(
        8, duration=duration, sample_rate=sample_rate, random_state=0, return_X_y=True
    )
    assert X.shape == (8, n_samples)
    assert np.isfinite(X).all()
    assert np.abs(X).max() <= 1
    assert (np.abs(X).max(axis=1) > 0.05).all()


@pytest.mark.parametrize("n_clips", [4, 5, 6, 7, 21])
def test_target_is_balanced(n_clips):
    _, y = make_quadrant_clips(n_clips, duration=0.5, random_state=0, return_X_y=True)
    counts = [np.sum(y == name) for name in ("Q1", "Q2", "Q3", "Q4")]
    assert sum(counts) == n_clips
    assert max(counts) - min(counts) <= 1


def test_target_is_shuffled(clips):
    for_each_seed = [
        tuple(make_quadrant_clips(8, duration=0.5, random_state=seed).target) for seed in range(5)
    ]
    assert len(set(for_each_seed)) > 1
    # Neither sorted nor one fixed cycle.
    assert len({tuple(four) for four in clips.target.reshape(-1, 4)}) > 5


# Seeds


def test_a_seed_gives_the_same_clips():
    first, second = (make_quadrant_clips(6, duration=0.5, random_state=7) for _ in range(2))
    np.testing.assert_array_equal(first.data, second.data)
    np.testing.assert_array_equal(first.target, second.target)
    np.testing.assert_array_equal(first.groups, second.groups)
    assert first.parameters.equals(second.parameters)


@pytest.mark.parametrize("seeds", [(0, 1), (None, None)])
def test_other_seeds_give_other_clips(seeds):
    first, second = (make_quadrant_clips(4, duration=0.5, random_state=seed) for seed in seeds)
    assert not np.array_equal(first.data, second.data)
    assert not first.parameters.equals(second.parameters)


def test_a_random_state_instance_moves_on():
    source = np.random.RandomState(0)
    first, second = (make_quadrant_clips(4, duration=0.5, random_state=source) for _ in range(2))
    again = make_quadrant_clips(4, duration=0.5, random_state=np.random.RandomState(0))
    assert not np.array_equal(first.data, second.data)
    np.testing.assert_array_equal(first.data, again.data)


def test_a_clip_does_not_depend_on_how_many_follow():
    few = make_quadrant_clips(6, duration=0.5, random_state=2)
    many = make_quadrant_clips(45, duration=0.5, random_state=2)
    np.testing.assert_array_equal(few.data, many.data[:6])
    np.testing.assert_array_equal(few.target, many.target[:6])
    np.testing.assert_array_equal(few.groups, many.groups[:6])


@pytest.mark.parametrize("seed", [None, 0])
def test_the_global_generator_is_left_alone(seed):
    # With None, check_random_state returns numpy's global generator.
    before = check_random_state(None).get_state()
    make_quadrant_clips(4, duration=0.5, random_state=seed)
    after = check_random_state(None).get_state()
    assert before[0] == after[0]
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2:] == after[2:]


# Artists


def test_an_artist_has_several_clips_in_several_quadrants(clips):
    artists, counts = np.unique(clips.groups, return_counts=True)
    assert len(artists) == 16
    assert (counts == 5).all()
    quadrants = [len(set(clips.target[clips.groups == artist])) for artist in artists]
    assert np.mean(quadrants) > 2


@pytest.mark.parametrize("n_artists", [1, 3, 7, 10])
def test_n_artists(n_artists):
    groups = make_quadrant_clips(10, duration=0.5, n_artists=n_artists, random_state=0).groups
    artists, counts = np.unique(groups, return_counts=True)
    assert len(artists) == n_artists
    assert counts.max() - counts.min() <= 1


# Errors


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_clips": 3}, ValueError, "n_clips == 3, must be >= 4"),
        ({"n_clips": 4.5}, TypeError, "n_clips must be an instance of"),
        ({"n_clips": "many"}, TypeError, "n_clips must be an instance of"),
        ({"duration": 0.4}, ValueError, r"duration == 0.4, must be >= 0.5"),
        ({"duration": np.nan}, ValueError, "duration == nan, must be a finite number >= 0.5"),
        ({"duration": np.inf}, ValueError, "duration == inf, must be a finite number"),
        ({"duration": None}, TypeError, "duration must be an instance of"),
        ({"sample_rate": 4000}, ValueError, "sample_rate == 4000, must be >= 8000"),
        ({"sample_rate": 16000.0}, TypeError, "sample_rate must be an instance of"),
        ({"n_artists": 0}, ValueError, "n_artists == 0, must be >= 1"),
        ({"n_artists": 6}, ValueError, "n_artists == 6, must be <= 5"),
        ({"overlap": -0.1}, ValueError, "overlap == -0.1, must be >= 0"),
        ({"overlap": np.nan}, ValueError, "overlap == nan"),
        ({"random_state": "seed"}, ValueError, "'seed' cannot be used to seed"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        make_quadrant_clips(**{"n_clips": 5} | arguments)


# The cues, as drawn


@pytest.mark.parametrize(
    ("cue", "higher", "lower"),
    [
        ("tempo", ("Q1", "Q2"), ("Q3", "Q4")),
        ("loudness", ("Q1", "Q2"), ("Q3", "Q4")),
        ("density", ("Q1", "Q2"), ("Q3", "Q4")),
        ("brightness", ("Q1", "Q2"), ("Q3", "Q4")),
        ("percussion", ("Q1", "Q2"), ("Q3", "Q4")),
        ("articulation", ("Q3", "Q4"), ("Q1", "Q2")),
        ("register", ("Q1", "Q4"), ("Q2", "Q3")),
        ("major", ("Q1", "Q4"), ("Q2", "Q3")),
        ("roughness", ("Q2",), ("Q1", "Q3", "Q4")),
    ],
)
def test_cues_follow_the_quadrant_and_overlap(clips, cue, higher, lower):
    table = clips.parameters.assign(major=(clips.parameters["mode"] == "major").astype(float))
    means = table[cue].groupby(clips.target).mean()
    assert means[list(higher)].min() > means[list(lower)].max()
    values = table[cue][np.isin(clips.target, higher)], table[cue][np.isin(clips.target, lower)]
    assert values[0].min() <= values[1].max()


def test_overlap_widens_the_distributions():
    spread = [
        make_quadrant_clips(40, duration=0.5, overlap=overlap, random_state=0)
        for overlap in (0, 1, 2)
    ]
    deviations = [
        clips.parameters.groupby(clips.target).std(numeric_only=True)["tempo"].mean()
        for clips in spread
    ]
    assert deviations[0] < 1e-9
    assert deviations[0] < deviations[1] < deviations[2]
    modes = spread[0].parameters["mode"].groupby(spread[0].target).unique()
    assert [list(mode) for mode in modes] == [["major"], ["minor"], ["minor"], ["major"]]


def test_cues_stay_in_bounds_with_much_overlap():
    clips = make_quadrant_clips(40, duration=0.5, overlap=5, random_state=0)
    assert np.isfinite(clips.data).all()
    for name, cue in CUES.items():
        assert clips.parameters[name].between(cue.low, cue.high).all()


@pytest.mark.parametrize(
    "sizes", [{"n_clips": 10**9}, {"sample_rate": 10**12}, {"duration": 1e9}, {"duration": 1e300}]
)
def test_clips_that_no_memory_holds_are_refused_at_once(sizes):
    with pytest.raises(ValueError, match=r"would take .* GiB of memory; at most 16 are accepted"):
        make_quadrant_clips(**sizes)


def test_a_folder_holds_the_clips_and_is_written_again(tmp_path):
    for _ in range(2):
        folder = make_quadrant_folder(tmp_path / "music", 5, random_state=0)
    assert folder == tmp_path / "music"
    clips = make_quadrant_clips(5, random_state=0)
    names = [f"{quadrant}/{i:02d}.wav" for i, quadrant in enumerate(clips.target)]
    assert sorted(load_folder(folder).data.index) == sorted(names)


def test_a_folder_of_other_music_is_left_alone(tmp_path):
    own = tmp_path / "Q1" / "own.mp3"
    own.parent.mkdir()
    own.touch()
    with pytest.raises(FileExistsError, match=r"own\.mp3; nothing was written"):
        make_quadrant_folder(tmp_path, 4, random_state=0)
    assert list(tmp_path.rglob("*.*")) == [own]


# Difficulty: the figures that the documentation states


@pytest.fixture(scope="module")
def difficulty():
    path = Path(__file__).parents[2] / "benchmarks" / "synthetic_difficulty.py"
    spec = importlib.util.spec_from_file_location("synthetic_difficulty", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("n_clips", [100, 200])
def test_difficulty(difficulty, n_clips, seed):
    scores = difficulty.measure(n_clips, seed)
    assert 0.75 <= scores["audio summary"] <= 0.95
    assert 0.1 < scores["audio summary, shuffled labels"] < 0.4
    assert scores["all drawn cues"] > scores["audio summary"]


@pytest.mark.slow
def test_no_cue_is_enough_by_itself(difficulty):
    scores = difficulty.measure(1000, 0)
    single = {name: score for name, score in scores.items() if name.startswith("only")}
    assert len(single) == 9
    assert max(single.values()) < 0.6
    assert scores["audio summary"] <= 0.95
