"""Models that come with the package."""

import pytest

from sklearn_mer.models import _ready, load_model, make_ready, model_info


def test_how_ready_models_are_made():
    assert make_ready("default", n_jobs=2).get_params()["taggers"] == ()
    assert len(make_ready("full").get_params()["taggers"]) == 3
    with pytest.raises(ValueError, match=r"no ready model 'best'; choose from \['default'"):
        make_ready("best")


def test_a_model_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(_ready, "_FOLDER", tmp_path)
    for read in (load_model, model_info):
        with pytest.raises(FileNotFoundError, match=r"build-model --model default .*\./default"):
            read("default")


def test_a_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"No such file.*default"):
        load_model("./default")
