import pytest

from sklearn_mer.tags import FIELDS, KINDS, TagError, emotion_fields

from . import files

ROW = {"quadrant": "Q1", "Q1": 0.7, "Q2": 0.1, "Q3": 0.05, "Q4": "0.15"}
ROW |= {"valence": 0.7, "arousal": 0.6}


def test_the_fields_of_a_row():
    assert emotion_fields(ROW) == files.FIELDS
    assert emotion_fields(ROW, ["mood"]) == {"MOOD": "Happy"}
    assert set(emotion_fields(ROW, ["numbers"])) == set(FIELDS) - {"MOOD"}
    assert {name for names in KINDS.values() for name in names} == set(FIELDS)
    words = [emotion_fields({"quadrant": q}, ["mood"])["MOOD"] for q in ("Q2", "Q3", "Q4")]
    assert words == ["Aggressive", "Sad", "Relaxed"]


def test_no_negative_zero():
    assert emotion_fields(ROW | {"valence": -0.00001})["VALENCE"] == "0.0000"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quadrant": ""}, "quadrant is ''"),
        ({"Q1": -0.1}, "Q1 is -0.1; it must be from 0 to 1"),
        ({"Q2": "nan"}, "Q2 is 'nan'"),
        ({"valence": None}, "valence is None; it must be from -1 to 1"),
        ({"arousal": "loud"}, "arousal is 'loud'"),
    ],
)
def test_rows_that_are_none_of_an_emotion(change, message):
    with pytest.raises(TagError, match=message):
        emotion_fields(ROW | change)
