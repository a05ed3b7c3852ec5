"""One step or none: errors and kills at every step, and files that are left alone."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from sklearn_mer.tags import Journal, TagError, read_fields, undo_fields, write_fields
from sklearn_mer.tags import _write as module

from .files import FIELDS

# Functions of the module, and of modules in it, in the order in which a write calls them.
STEPS = ("splice", "packets_and_texts", "make_patch", "apply_patch", "copystat", "fsync", "add")
STEPS += ("replace",)
OWNERS = {"copystat": "shutil", "fsync": "os", "replace": "os", "add": "Journal"}


def place(step):
    """Return what holds a step, to replace it."""
    if step == "splice":
        from sklearn_mer.tags import _formats

        return _formats
    return getattr(module, OWNERS[step]) if step in OWNERS else module


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", STEPS)
def test_after_an_error_at_any_step_the_file_is_as_it_was(step, error, song, journal, monkeypatch):
    path = song()
    before, known = path.read_bytes(), path.stat()

    def fails(*args, **options):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(place(step), step, fails)
        with pytest.raises((TagError, KeyboardInterrupt), match=r"No space left|^$"):
            write_fields(path, FIELDS, journal=journal)
    assert path.read_bytes() == before
    assert path.stat() == known
    assert set(os.listdir(path.parent)) <= {path.name, "notes"}
    write_fields(path, FIELDS, journal=journal)
    assert undo_fields(path, journal=journal) == 1
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == known.st_mtime_ns


@pytest.mark.parametrize("step", ["apply_patch", "copystat", "fsync", "replace"])
def test_after_an_error_of_undo_the_file_is_as_it_was(step, song, journal, monkeypatch):
    path = song()
    before = path.read_bytes()
    write_fields(path, FIELDS, journal=journal)

    def fails(*args, **options):
        raise OSError(errno.ENOSPC, "No space left")

    after = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(place(step), step, fails)
        with pytest.raises(TagError, match="No space left"):
            undo_fields(path, journal=journal)
    assert path.read_bytes() == after
    assert set(os.listdir(path.parent)) == {path.name, "notes"}
    assert undo_fields(path, journal=Journal(journal.path)) == 1
    assert path.read_bytes() == before


KILLED = """
    import os, signal, sys
    sys.path.insert(0, {folder!r})
    from sklearn_mer.tags import Journal, write_fields, undo_fields
    from tags.test_write import place
    def killed(*args, **options):
        if {half}:
            true(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    true = getattr(place({step!r}), {step!r})
    setattr(place({step!r}), {step!r}, killed)
    {do}({path!r}, {fields} journal=Journal({journal!r}))
"""


@pytest.mark.slow  # a process for each step
@pytest.mark.parametrize("half", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("do", ["write_fields", "undo_fields"])
@pytest.mark.parametrize("step", STEPS)
def test_after_a_kill_at_any_step_the_file_is_the_old_or_the_new_one(
    step, do, half, song, journal, monkeypatch
):
    if do == "undo_fields" and step in ("splice", "packets_and_texts", "make_patch", "add"):
        pytest.skip("undo does not call it")
    path = song("both-mp3")
    before = path.read_bytes()
    write_fields(path, FIELDS, journal=journal)
    after = path.read_bytes()
    if do == "write_fields":
        path.write_bytes(before)
    folder = os.path.dirname(os.path.dirname(__file__))
    fields = f"{FIELDS!r}," if do == "write_fields" else ""
    how = {"folder": folder, "step": step, "half": half, "do": do, "fields": fields}
    code = textwrap.dedent(KILLED).format(path=str(path), journal=str(journal.path), **how)
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() in (before, after)
    undo_fields(path, journal=Journal(journal.path))
    assert path.read_bytes() == before
    left = [name for name in os.listdir(path.parent) if name.startswith(".sklearn-mer-")]
    monkeypatch.setattr(module, "_STALE", -1.0)
    module._sweep.cache_clear()
    write_fields(path, FIELDS, journal=journal)
    assert path.read_bytes() == after
    assert left == [] or not set(left) & set(os.listdir(path.parent))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mood": "Sad"}, "'mood' is no field; the fields are MOOD, MOOD_HAPPY"),
        ({"MOOD": 1}, "MOOD is 1; it must be printable ASCII text"),
        ({"MOOD": "Größe"}, "ASCII"),
        ({"MOOD": "a\0b"}, "ASCII"),
    ],
)
def test_fields_that_are_none(fields, message, song, journal):
    with pytest.raises(ValueError, match=message):
        write_fields(song(), fields, journal=journal)


def test_only_old_copies_are_removed(song, journal):
    path = song()
    old, new = path.with_name(".sklearn-mer-old.mp3"), path.with_name(".sklearn-mer-new.mp3")
    for copy in (old, new):
        copy.write_bytes(b"half")
    os.utime(old, (0, time.time() - 4000))
    module._sweep.cache_clear()
    write_fields(path, FIELDS, journal=journal)
    assert not old.exists()
    assert new.exists()


def test_a_file_that_was_changed_since_is_left_alone(song, journal):
    path = song("flac")
    write_fields(path, FIELDS, journal=journal)
    import mutagen

    file = mutagen.File(path)
    file["artist"] = "me"
    file.save()
    content = path.read_bytes()
    with pytest.raises(TagError, match="was changed since it was tagged"):
        undo_fields(path, journal=journal)
    assert path.read_bytes() == content


def test_a_song_that_was_moved_is_known_by_its_content(song, journal):
    path = song()
    before = path.read_bytes()
    write_fields(path, FIELDS, journal=journal)
    moved = path.rename(path.with_name("moved.mp3"))
    assert undo_fields(moved, journal=journal) == 1
    assert moved.read_bytes() == before


def test_a_file_that_changes_meanwhile_is_left_alone(song, journal, monkeypatch):
    path = song()

    def changes(*args):
        path.write_bytes(b"another")
        return make_patch(*args)

    make_patch = module.make_patch
    monkeypatch.setattr(module, "make_patch", changes)
    with pytest.raises(TagError, match=r"another program|way back"):
        write_fields(path, FIELDS, journal=journal)
    assert path.read_bytes() == b"another"


def test_read_only_and_other_files_that_are_left_alone(song, journal, tmp_path):
    path = song()
    path.chmod(0o444)
    for do in (lambda p: write_fields(p, FIELDS, journal=journal), undo_fields):
        with pytest.raises(TagError, match="is read-only"):
            do(path)
        with pytest.raises(TagError, match="is no file"):
            do(tmp_path)
        with pytest.raises(TagError, match="no such file"):
            do(tmp_path / "lost.mp3")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_a_file_that_another_program_writes_is_left_alone(song, journal):
    path = song()
    with open(path, "ab"), pytest.raises(TagError, match="is in use"):
        write_fields(path, FIELDS, journal=journal)
    with open(path, "rb"):  # as a player has it
        write_fields(path, FIELDS, journal=journal)


def test_links_and_the_mode(song, journal):
    path = song()
    path.chmod(0o640)
    soft, hard = path.with_name("soft.mp3"), path.with_name("hard.mp3")
    soft.symlink_to(path.name)
    hard.hardlink_to(path)
    assert write_fields(soft, FIELDS, journal=journal).n_names == 2
    assert soft.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert read_fields(path) == FIELDS
    assert read_fields(hard) == {}


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root gives files away")
def test_the_owner_and_the_group_stay(song, journal, monkeypatch):
    path = song()
    os.chown(path, 1234, 2345)
    write_fields(path, FIELDS, journal=journal)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)

    def refused(*args):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refused)
    with pytest.raises(TagError, match="owner and group"):
        undo_fields(path, journal=journal)
    assert read_fields(path) == FIELDS
    assert set(os.listdir(path.parent)) == {path.name, "notes"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_that_are_not_utf8(song, journal):
    path = song()
    odd = path.rename(os.fsdecode(os.fsencode(path.parent) + b"/\xe9\n.mp3"))
    before = odd.read_bytes()
    write_fields(odd, FIELDS, journal=journal)
    assert read_fields(odd) == FIELDS
    assert undo_fields(odd, journal=Journal(journal.path)) == 1
    assert odd.read_bytes() == before
