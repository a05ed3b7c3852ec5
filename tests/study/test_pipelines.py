"""Pipelines in TOML files."""

import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import LinearSVC

from sklearn_mer.study import CellResults
from sklearn_mer.study._pipelines import read_pipeline, read_pipelines

GOOD = """
title = "Two numbers and an SVC"

[[steps]]
class = "sklearn.preprocessing.StandardScaler"
parameters = {with_mean = false}

[[steps]]
class = "sklearn.svm.SVC"
name = "machine"
parameters = {C = 2.0, kernel = "linear"}

[grid]
machine__C = [1.0, 10.0]

[published]
tiny = 70.5
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "mine.toml").write_text(text)
        return tmp_path / "mine.toml"

    return write


def test_a_pipeline_with_everything(written):
    row = read_pipeline(written(GOOD))
    assert (row.key, row.title, row.recipe) == ("mine", "Two numbers and an SVC", "own")
    assert [name for name, _ in row.estimator.steps] == ["standardscaler", "machine"]
    params = row.estimator.get_params()
    assert (params["standardscaler__with_mean"], params["machine__C"]) == (False, 2.0)
    assert row.grid == {"machine__C": [1.0, 10.0]}
    assert row.published == {"tiny": 70.5}


def test_the_least_and_objects_inside_of_objects(written):
    row = read_pipeline(written('[[steps]]\nclass = "sklearn.svm.SVC"\n'))
    assert (row.title, row.grid, row.published) == ("mine", None, {})
    row = read_pipeline(
        written(
            '[[steps]]\nclass = "sklearn.calibration.CalibratedClassifierCV"\n'
            "[steps.parameters]\n"
            'estimator = {class = "sklearn.svm.LinearSVC", parameters = {C = 3.0}}\n'
            'cv = {class = "sklearn.model_selection.StratifiedKFold"}\n'
        )
    )
    (calibrated,) = row.estimator.named_steps.values()
    assert isinstance(calibrated, CalibratedClassifierCV)
    assert isinstance(calibrated.estimator, LinearSVC)
    assert calibrated.estimator.C == 3.0
    assert calibrated.cv.n_splits == 5


SCALER = '[[steps]]\nclass = "sklearn.preprocessing.StandardScaler"\n'
SVC = '[[steps]]\nclass = "sklearn.svm.SVC"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[steps", "mine.toml cannot be read"),
        ("titel = 'x'\n" + SVC, "mine.toml: the key 'titel' is unknown. Did you mean 'title'"),
        ("title = 3\n" + SVC, "mine.toml: title is 3"),
        ("title = 'x'", "mine.toml: steps must be a list of tables"),
        ("steps = ['sklearn.svm.SVC']", "mine.toml: steps must be a list of tables"),
        ("[[steps]]\nname = 'a'", "step 1: class is None, and must be an import path"),
        ("[[steps]]\nclass = 'SVC'", "step 1: class is 'SVC', and must be an import path"),
        ("[[steps]]\nclass = 'no_such.SVC'", "step 1: there is no module 'no_such'"),
        ("[[steps]]\nclass = 'sklearn.svm.SVV'", "sklearn.svm has no 'SVV'. Did you mean 'SV"),
        ("[[steps]]\nclass = 'os.system'", "step 1: os.system is no class of estimators"),
        ("[[steps]]\nclass = 'pathlib.Path'", "step 1: pathlib.Path is no class of estimators"),
        (SVC + "parameters = 3", "step 1: parameters is 3, and must be a table"),
        (SVC + "parameters = {c = 1.0}", "step 1: 'c' is no parameter of SVC. Did you mean 'C'"),
        (SVC + "parameters = {C = -1.0}", "step 1: SVC cannot be made. The 'C' parameter of SVC"),
        (SVC + "kernel = 'rbf'", "step 1: the key 'kernel' is unknown"),
        (SVC + "name = 'a__b'", "step 1: name is 'a__b', and must be letters"),
        (SVC + "name = 'memory'", "step 1: the name 'memory' is taken"),
        (SCALER + SCALER + SVC, "step 2: the name 'standardscaler' is taken"),
        (SVC + SVC, "step 1: sklearn.svm.SVC has no transform, and is not the last"),
        (SCALER, "mine.toml: the pipeline is no classifier|no estimator"),
        (SCALER + "[[steps]]\nclass = 'sklearn.svm.SVR'", "mine.toml: the pipeline is no classif"),
        (SVC + "[grid]\nsvc__c = [1]", "mine.toml: 'svc__c' is no parameter of Pipeline. Did you"),
        (SVC + "[grid]\nsvc__C = 1", "'svc__C' has 1, and must have a list of values"),
        (SVC + "[grid]\nsvc__C = [-1]", "mine.toml: 'svc__C' cannot be -1"),
        ("grid = 3\n" + SVC, "mine.toml: grid is 3, and must be a table"),
        ("published = [3]\n" + SVC, r"mine.toml: published is \[3\], and must be a table"),
        (SVC + "[published]\ntiny = 0.7", "mine.toml: 'tiny': the published figure 0.7 must be"),
    ],
)
def test_files_that_cannot_be_used(written, text, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_pipeline(written(text))
    assert "mine.toml" in str(caught.value)


def test_folders_without_pipelines(tmp_path):
    with pytest.raises(ValueError, match=r"has no files named \*.toml. Give --pipelines"):
        read_pipelines(tmp_path)
    with pytest.raises(ValueError, match="is no folder with files named"):
        read_pipelines(tmp_path / "none")


@pytest.fixture
def folder(tmp_path):
    """Two pipelines on clips of half a second; the second searches."""
    (tmp_path / "pipelines").mkdir()
    describe = '[[steps]]\nclass = "fake_estimators.Pitch"\n'
    (tmp_path / "pipelines" / "plain.toml").write_text(describe + SVC)
    (tmp_path / "pipelines" / "searched.toml").write_text(describe + SVC + GRID)
    return tmp_path / "pipelines"


GRID = "[grid]\nsvc__C = [0.001, 10.0]\n"


def test_pipelines_are_rows_and_a_grid_is_searched_inside(run, folder, tmp_path):
    result = run(
        "--pipelines", folder, "--repeats", "1", "--inner-folds", "2", "--groups", "artist"
    )
    assert result.code == 0, result.out + result.err
    assert "Methods:   plain, searched" in result.out
    assert "Recipe:    own" in result.out
    assert "searched: svc__C chosen by 2 folds of the training clips." in result.out
    rows = CellResults(tmp_path / "results").rows()
    chosen = [row["best_params"] for row in rows]
    assert chosen[:3] == [None] * 3
    assert all(found["svc__C"] in (0.001, 10.0) for found in chosen[3:])
    assert rows[0]["params"]["code"] == rows[3]["params"]["code"]
    assert rows[5]["f1_macro"] == 1.0
    searched = run("--pipelines", folder, "--repeats", "1", command=("search",))
    assert searched.code == 2
    assert "There is no grid" in searched.err  # of the one without a grid
    (folder / "plain.toml").unlink()
    searched = run("--pipelines", folder, "--repeats", "1", command=("search",))
    assert "Search:    searched 2 candidates" in searched.out
    assert (tmp_path / "report" / "settings" / "searched.toml").is_file()


def test_a_pipeline_with_the_name_of_a_row_is_refused(run, folder):
    (folder / "plain.toml").rename(folder / "chance.toml")
    result = run("--pipelines", folder, "--methods", "net")
    assert result.code == 2
    assert "There is a row 'chance' already. Rename" in result.err
