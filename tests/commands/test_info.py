"""What a model is, in plain words."""

import numpy as np
import pytest

from sklearn_mer import KernelFusion
from sklearn_mer.commands import main
from sklearn_mer.models import save_model


def test_facts_and_card(tmp_path, capsys):
    X, y = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2
    fusion = KernelFusion([("all", "columns")]).fit(X, y)
    card = {"random folds": {"folds": 10, "macro F1 in percent": 74.5}, "knows": "noise " * 30}
    path = save_model(fusion, tmp_path / "model.mer", card=card, training_data=(X, y))
    assert main(["info", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "method: KernelFusion",
        "answers: 0, 1",
        "trained on: 20 clips: 10 0, 10 1",
    ]
    assert "  macro F1 in percent: 74.5" in lines
    assert max(map(len, lines)) <= 100
    save_model(fusion, path)
    main(["info", str(path)])
    assert "card: none" in capsys.readouterr().out


def test_a_file_that_is_none(tmp_path, capsys):
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3")
    assert main(["info", str(path)]) == 2
    assert "song.mp3 cannot be loaded" in capsys.readouterr().err
    assert main(["info", str(tmp_path / "nowhere.mer")]) == 2


def test_other_words_are_the_studys(capsys):
    with pytest.raises(SystemExit):
        main(["table2"])
    assert "table1" in capsys.readouterr().err
