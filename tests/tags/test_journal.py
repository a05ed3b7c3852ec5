import pytest

from sklearn_mer.tags import Journal, TagError

ENTRY = {"song": "/a.mp3", "before": "0", "after": "1", "mtime_ns": 0, "patch": {}}


def test_a_line_that_a_kill_has_cut_is_left_out(tmp_path):
    path = tmp_path / "journal"
    Journal(path).add(ENTRY)
    whole = path.read_bytes()
    for cut in range(1, len(whole)):
        path.write_bytes(whole[:-cut])
        journal = Journal(path)
        assert journal.entries_of("/a.mp3") == ([ENTRY] if cut == 1 else [])
        journal.add(ENTRY | {"after": "2"})
        again = Journal(path)
        assert again.entry_that_led_to("2")["before"] == "0"
        assert (again.entry_that_led_to("1") is None) == (cut > 1)


def test_the_first_write_that_led_to_a_content_counts(tmp_path):
    journal = Journal(tmp_path / "journal")
    journal.add(ENTRY)
    assert journal.entries_of("/a.mp3") == [ENTRY]
    journal.add(ENTRY | {"before": "2"})
    assert journal.entry_that_led_to("1") == ENTRY
    assert len(journal.entries_of("/a.mp3")) == 2


def test_other_lines_are_passed_over(tmp_path):
    path = tmp_path / "journal"
    path.write_text('[]\n{"song": 1}\nnull\n')
    assert Journal(path).entries_of("/a.mp3") == []


def test_a_journal_that_cannot_be_used(tmp_path):
    with pytest.raises(TagError, match="cannot be written"):
        Journal(tmp_path).add(ENTRY)
    with pytest.raises(TagError, match="the journal"):
        Journal(tmp_path).entries_of("/a.mp3")
