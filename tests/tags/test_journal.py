import pytest

from sklearn_mer.tags import Journal, TagError

ENTRY = {"song": "/a.mp3", "before": "0", "after": "1", "mtime_ns": 0, "patch": {}}


def test_a_line_that_a_kill_has_cut_is_left_out(tmp_path):
    path = tmp_path / "journal"
    Journal(path).add(ENTRY)
    whole = path.read_bytes()
    for cut in range(1, len(whole), 9):
        path.write_bytes(whole[:-cut])
        journal = Journal(path)
        assert journal.way_back("/a.mp3", "1") == ([ENTRY] if cut == 1 else [])
        journal.add(ENTRY | {"after": "2"})
        assert len(Journal(path).way_back("/a.mp3", "2")) == 1
        assert len(Journal(path).way_back("/a.mp3", "1")) == (cut == 1)


@pytest.mark.parametrize(
    ("steps", "now", "contents"),
    [
        (["ab"], "b", "a"),
        (["ab"], "a", ""),
        (["ab", "bc"], "c", "ba"),
        (["ab", "bc", "cb"], "b", "cba"),  # the same content twice
        (["ab", "ab"], "b", "a"),  # taken back, and written again
        (["ab", "xb"], "b", "x"),  # another file at this place, which became equal
        (["ba", "ab"], "a", "b"),
    ],
)
def test_the_way_back_goes_back_in_time(steps, now, contents, tmp_path):
    journal = Journal(tmp_path / "journal")
    for before, after in steps:
        journal.add(ENTRY | {"before": before, "after": after})
    for read in (journal, Journal(journal.path)):
        assert "".join(entry["before"] for entry in read.way_back("/a.mp3", now)) == contents


def test_of_files_that_became_equal_each_has_its_own_way_back(tmp_path):
    journal = Journal(tmp_path / "journal")
    journal.add(ENTRY)
    journal.add(ENTRY | {"song": "/b.mp3", "before": "x"})
    for song, before in {"/a.mp3": "0", "/b.mp3": "x", "/moved.mp3": "x"}.items():
        assert journal.way_back(song, "1")[0]["before"] == before
    assert journal.knows_other("/a.mp3", "x")
    assert not journal.knows_other("/a.mp3", "0")
    assert not journal.knows_other("/moved.mp3", "x")


def test_other_lines_are_passed_over(tmp_path):
    path = tmp_path / "journal"
    path.write_text('[]\n{"song": 1}\nnull\n')
    assert Journal(path).way_back("/a.mp3", "1") == []


def test_a_journal_that_cannot_be_used(tmp_path):
    with pytest.raises(TagError, match="cannot be written"):
        Journal(tmp_path).add(ENTRY)
    with pytest.raises(TagError, match="the journal"):
        Journal(tmp_path).way_back("/a.mp3", "1")
