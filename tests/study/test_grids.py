"""The grids that are shipped, settings from files, and what a bad one is told."""

import tomllib

import pytest
from fake_estimators import Network
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from sklearn_mer import SVMBaseline, available_methods, make_method
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, Protocol
from sklearn_mer.study._grids import (
    GRIDS,
    candidates_of,
    grid_file,
    read_grid,
    settings_text,
    with_settings,
)

# What the paper says it searched over, by the names of a row whose own differ.
SEARCHED = {
    "svm": {"C", "gamma"},
    "fusion_audio": {"alpha", "clip"},
    "fusion": {"alpha", "clip"},
    "hybrid": {f"head_{name}" for name in ("batch_size", "lr", "max_epochs", "optimizer")},
    "autoencoder": {"embedding__batch_size", "embedding__lr", "embedding__max_epochs"},
    "openl3": {f"forest__{name}" for name in ("n_estimators", "max_features", "min_samples_leaf")},
}
NETWORKS = {"batch_size", "lr", "max_epochs", "optimizer"}


@pytest.mark.parametrize("key", available_methods())
def test_every_row_has_a_grid_with_the_papers_settings_in_it(key):
    paper = make_method(key, recipe="paper")
    grid = read_grid(GRIDS / f"{key}.toml", paper, Protocol())
    assert set(grid) == SEARCHED.get(key, NETWORKS)
    final = {name: paper.get_params()[name] for name in grid}
    assert final in list(ParameterGrid(grid))
    assert all(len(values) > 1 for values in grid.values())


def test_no_grid_is_of_no_row():
    assert {path.stem for path in GRIDS.glob("*.toml")} <= set(available_methods())


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "grid.toml"
        path.write_text(text)
        return path

    return write


def test_a_file_of_a_windows_editor_is_read(tmp_path):
    (tmp_path / "svm.toml").write_text("C = [1.0]\r\n", encoding="utf-8-sig")
    assert read_grid(tmp_path / "svm.toml", SVC(), Protocol()) == {"C": [1.0]}


def test_candidates_are_all_combinations_on_top_of_the_rows_settings(written):
    row = Method("svm", SVC(degree=2), "SVM", "paper", {"clips": 1.0})
    file = written('C = [1.0, 2.0]\nkernel = ["rbf", "poly"]')
    found = candidates_of(read_grid(file, row.estimator, Protocol()), row)
    assert [candidate.params for candidate in found] == [
        {"C": 1.0, "kernel": "rbf"},
        {"C": 1.0, "kernel": "poly"},
        {"C": 2.0, "kernel": "rbf"},
        {"C": 2.0, "kernel": "poly"},
    ]
    for candidate in found:
        method = candidate.method
        assert (method.key, method.title, method.recipe) == ("svm", "SVM", "paper")
        expected = {"degree": 2, **candidate.params}
        assert {name: method.estimator.get_params()[name] for name in expected} == expected
    assert len({str(candidate.method.estimator) for candidate in found}) == 4
    assert row.estimator.get_params() == SVC(degree=2).get_params()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lr = [0.1", "grid.toml cannot be read: Unclosed array"),
        ("", "grid.toml is empty"),
        (
            "learning_rate = [0.1]",
            r"'learning_rate' is no parameter of CNNBaseline. .*augment, bat",
        ),
        ("max_epoch = [1]", "'max_epoch' is no .* Did you mean 'max_epochs'. Allowed are"),
        ("lr = " + 2000 * "[" + 2000 * "]", "grid.toml cannot be read: it is nested too deeply"),
        ("embedding__n_jobs = [1]", "'embedding__n_jobs' cannot be set here"),
        ("n_jobs = [1, 2]", "'n_jobs' cannot be set here"),
        ("random_state = [1, 2]", "'random_state' cannot be set here"),
        ("lr = 0.1", r"'lr' has 0.1, and must have a list of values"),
        ("lr = []", r"'lr' has \[\], and must have a list of values"),
        ("[lr]\nvalues = [0.1]", "'lr' has {'values'.* must have a list"),
        ("lr = [0.1, 0.1]", r"'lr' has a value twice in \[0.1, 0.1\]"),
        ("augment = [[1], [1]]", r"'augment' has a value twice in \[\[1\], \[1\]\]"),
        ("lr = [0.1, -1.0]", "'lr' cannot be -1.0. The 'lr' parameter of CNNBaseline must be a fl"),
        ("max_epochs = [2.0]", "'max_epochs' cannot be 2.0. .* an int in the range"),
        ('optimizer = ["sdg"]', "'optimizer' cannot be 'sdg'. .*'adamw'"),
    ],
)
def test_grids_that_cannot_be_used(text, message, written):
    file = written(text)
    with pytest.raises(ValueError, match=message) as caught:
        read_grid(file, make_method("cnn"), Protocol())
    assert str(file) in str(caught.value)


def test_values_of_parts_are_checked_by_the_part(written):
    with pytest.raises(ValueError, match="'lr' parameter of AutoencoderEmbedding must be"):
        read_grid(written("embedding__lr = [-1]"), make_method("autoencoder"), Protocol())


def test_where_a_grid_is(tmp_path, written):
    file = written("C = [1.0]")
    assert grid_file(file, "svm", alone=True) == file
    with pytest.raises(ValueError, match=r"one file, which is for one method. .*--methods"):
        grid_file(file, "svm", alone=False)
    with pytest.raises(ValueError, match=r"There is no grid .*svm.toml. Give --grid"):
        grid_file(tmp_path, "svm", alone=False)
    assert grid_file(GRIDS, "cnn", alone=False) == GRIDS / "cnn.toml"


def test_a_grid_of_millions_of_candidates_is_refused_at_once(written):
    lines = [f"{name} = {list(range(1, 101))}" for name in ("C", "gamma", "coef0", "tol")]
    with pytest.raises(ValueError, match=r"100000000 methods or candidates .* at most 100000"):
        read_grid(written("\n".join(lines)), SVC(), Protocol())
    file = written(f"C = {list(range(1, 100_002))}")  # checking each would take minutes
    with pytest.raises(ValueError, match=r"100001 methods or candidates .* at most 100000"):
        read_grid(file, SVC(), Protocol(2, 1))


CHOSEN = {"dataset": "4qaed", "recipe": "paper", "f1_macro": 76.254, "n_candidates": 16}


@pytest.mark.parametrize(
    "params",
    [
        {"C": 5.0, "gamma": 1e-05, "kernel": "rbf"},
        {"n": 3, "flag": True, "text": 'a "quoted" \\ ü', "layers": [16, 32], "svc__C": 1e22},
    ],
)
def test_what_is_written_is_read_again(params):
    read = tomllib.loads(settings_text(params, CHOSEN))
    assert read == {"params": params, "chosen": CHOSEN}
    assert [type(value) for value in read["params"].values()] == [
        type(value) for value in params.values()
    ]


@pytest.fixture
def rows():
    svm = Method("svm", SVMBaseline(C=1.0, degree=2), "SVM", "paper", {"4qaed": 75.59})
    return [svm, Method("net", Network(), "Net", "paper")]


def test_rows_that_have_a_file_are_changed_and_told(tmp_path, rows):
    (tmp_path / "svm.toml").write_text(settings_text({"C": 7.0}, CHOSEN))
    (svm, net), notes = with_settings(rows, tmp_path)
    assert (svm.estimator.C, svm.estimator.degree) == (7.0, 2)
    assert (svm.key, svm.recipe, svm.published) == ("svm", "paper", {"4qaed": 75.59})
    assert svm.title == "SVM (searched)"
    assert rows[0].estimator.C == 1.0
    assert net is rows[1]
    assert notes == ["svm: with settings chosen on 4qaed, the best of 16 there (76.25 %): C = 7.0."]


@pytest.mark.parametrize(
    "chosen", ["", "[chosen]\ndataset = [1]\nf1_macro = 'x'\nn_candidates = 1979-05-27\n"]
)
def test_a_file_written_by_hand(tmp_path, rows, chosen):
    (tmp_path / "svm.toml").write_text(f"[params]\nC = 7.0\n{chosen}")
    _, notes = with_settings(rows, tmp_path)
    assert notes == ["svm: not the recipe's settings alone, but with C = 7.0."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "There are no settings for svm, net in .*: no file such as svm.toml"),
        ("[params", "svm.toml cannot be read"),
        ("C = 7.0", r"svm.toml has no settings. .* table \[params\]"),
        ("[params]\n", "svm.toml has no settings"),
        ("[params]\nC = 7.0\n[chosen]\nrecipe = 'ours'", "recipe 'ours', and this run has 'paper'"),
        ("[params]\nC = -1", "svm.toml: 'C' cannot be -1. .* float in the range"),
        ("[params]\nstrength = 1", "svm.toml: 'strength' is no parameter of SVMBaseline"),
        ("[params]\ngama = 1", "'gama' is no .* Did you mean 'gamma'. Allowed are C,"),
        ("[params]\nrandom_state = 1", "'random_state' cannot be set here: .* fold has its own"),
        ("[params]\nn_jobs = 2", "'n_jobs' cannot be set here"),
        ("[params]\nC = " + 2000 * "[" + 2000 * "]", "cannot be read: it is nested too deeply"),
    ],
)
def test_settings_that_cannot_be_used(text, message, tmp_path, rows):
    if text is not None:
        (tmp_path / "svm.toml").write_text(text)
    with pytest.raises(ValueError, match=message):
        with_settings(rows, tmp_path)


def test_a_run_with_settings_says_so(run, tmp_path):
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "net.toml").write_text(settings_text({"max_epochs": 5}, CHOSEN))
    result = run("--methods", "net", "chance", "--repeats", "1", "--settings", folder)
    assert result.code == 0
    note = "net: with settings chosen on 4qaed, the best of 16 there (76.25 %): max_epochs = 5."
    assert note in result.out
    assert "| Network (searched) |" in result.out
    written = (tmp_path / "report" / "table1.md").read_text()
    assert note in written
    assert "| Network (searched) |" in written
    stored = CellResults(tmp_path / "results").rows()
    epochs = {r["params"]["params"]["max_epochs"] for r in stored if r["method"] == "net"}
    assert epochs == {5}
    refused = run("--methods", "chance", "--settings", folder)
    assert refused.code == 2
    assert "There are no settings for chance" in refused.err


def test_parameters_of_other_estimators_are_checked_by_name(tmp_path):
    row = Method("svm", make_pipeline(SVC()), recipe="paper")
    (tmp_path / "svm.toml").write_text("[params]\nsvc__C = 2.0")
    ((changed,), _) = with_settings([row], tmp_path)
    assert changed.estimator[-1].C == 2.0
