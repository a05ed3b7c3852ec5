"""Settings from files in place of a recipe's."""

import tomllib

import pytest
from fake_estimators import Network
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from sklearn_mer import SVMBaseline
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults
from sklearn_mer.study._grids import settings_text, with_settings

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
