"""What is in a folder with one sub-folder of clips per class."""

import hashlib
import os
import re
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from ._errors import DatasetError, first_few
from ._quadrants import AUDIO_EXTENSIONS

# Endings of audio and video files that are not in AUDIO_EXTENSIONS.
_OTHER_AUDIO = re.compile(
    r"\.(3gp|ac3|aifc|alac|amr|ape|au|avi|caf|dff|dsf|m4[bv]|mk[av]|mov|mp[24c]|mpga|oga|ram?|rm|snd|"
    r"spx|tta|voc|w64|web[am]|wma|wv)",
    re.I,
)
_PARTS = re.compile(
    "(train|valid|eval)(ing|ation|uation)?|test(ing)?|val|dev(elopment)?|fold[ _-]?[0-9]+", re.I
)
_HEAD = 1 << 16  # bytes


@dataclass(frozen=True)
class Clip:
    """A file that was found: its class, its id, and the folder inside that of the class."""

    path: Path
    label: str
    id: str
    group: str | None


@dataclass(frozen=True)
class Contents:
    """The clips of a folder, sorted by class and path, and what is no clip."""

    clips: list
    bad: list  # files and folders that cannot be read, with the reasons
    ignored: Counter  # extensions of files that are not clips
    outside: list  # names of clips without a class
    empty: list  # names of sub-folders without a clip
    inner: dict  # names of the folders inside each sub-folder with clips
    links: list  # names of links to folders inside the sub-folders, which are not followed


def scan(root, extensions):
    """Find the clips of a folder; return Contents."""
    found = Contents([], [], Counter(), [], [], {}, [])
    for entry in _visible(root.iterdir()):
        if entry.is_dir():
            _scan_class(entry, extensions, found)
        elif entry.suffix.lower() in extensions:
            found.outside.append(printable(entry.name))
        elif entry.is_symlink() and not entry.exists():
            found.empty.append(printable(entry.name))
    found.clips.sort(key=lambda clip: (clip.label, clip.id))
    return found


def _scan_class(folder, extensions, found):
    files = list(_files(folder, found))
    paths = [path for path in files if path.suffix.lower() in extensions]
    others = [path.suffix for path in files if path.suffix.lower() not in extensions]
    found.ignored.update(map(printable, others))
    # Tables cannot hold other paths.
    clips = [_clip(path, folder) for path in paths if printable(path) == str(path)]
    wrong = [printable(path) for path in paths if printable(path) != str(path)]
    found.bad.extend((path, "the path is not UTF-8; rename it") for path in wrong)
    found.clips.extend(clips)
    if clips:
        found.inner[folder.name] = sorted({clip.group for clip in clips} - {None})
    elif not wrong:
        found.empty.append(folder.name)


def _visible(paths):
    return sorted(path for path in paths if not path.name.startswith("."))


def _files(folder, found):
    """Yield the files in a folder and its sub-folders that are not hidden."""

    def note(error):
        found.bad.append((printable(error.filename), error.strerror))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [Path(parent, name) for name in folders if Path(parent, name).is_symlink()]
        found.links.extend(printable(link.relative_to(folder.parent)) for link in links)
        yield from _visible(Path(parent, name) for name in names)


def _clip(path, folder):
    inner = path.relative_to(folder)
    group = inner.parts[0] if len(inner.parts) > 1 else None
    return Clip(path, folder.name, f"{folder.name}/{inner.as_posix()}", group)


def printable(path):
    r"""Return a path as text that any file can hold: bytes that are not UTF-8 as ``\xe9``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def check_contents(found, root, extensions):
    """Raise a DatasetError for a folder of another layout; warn of what is left out."""
    classes = sorted(found.inner)
    parts = [name for name in classes if _PARTS.fullmatch(name)]
    if len(parts) > 1:
        raise DatasetError(
            f"The sub-folders {first_few(parts)} of {root} are parts of a split, not classes"
            f"{_inside(found.inner, parts)}. Load each part by itself, such as "
            f"load_folder({str(root / parts[0])!r}); if they are classes, rename them."
        )
    if len(classes) < 2:
        raise DatasetError(_too_few_classes(found, classes, root, extensions))
    if found.empty:
        _warn(
            f"{len(found.empty)} sub-folders of {root} contain no clips and are ignored: "
            f"{first_few(found.empty)}."
        )
    if found.outside:
        _warn(
            f"{len(found.outside)} clips directly in {root} have no class and are ignored: "
            f"{first_few(found.outside)}."
        )
    if found.links:
        _warn(
            f"{len(found.links)} links to folders in those of the classes are not followed: "
            f"{first_few(found.links)}. To load their clips, put the folders themselves there."
        )
    left_out = {name: n for name, n in found.ignored.items() if _OTHER_AUDIO.fullmatch(name)}
    if left_out and extensions == AUDIO_EXTENSIONS:
        _warn(
            f"{sum(left_out.values())} files of {root} with other endings of audio files are left "
            f"out: {counts_text(left_out)}. To load them, name their endings in `extensions`; for "
            "some formats install the extra: pip install 'sklearn-mer[audio]'."
        )


def _inside(inner, parts):
    names = sorted({name for part in parts for name in inner[part]})
    return f" (inside them: {first_few(names)})" if names else ""


def _too_few_classes(found, classes, root, extensions):
    name = classes[0] if classes else None
    lines = [
        f"{root} contains {f'only one class, {name}' if name else 'no class'}; at least two are "
        f"needed: sub-folders named by their class, with files of type {', '.join(extensions)}."
    ]
    if found.outside:
        lines.append(f"{len(found.outside)} clips are directly in it and have no class.")
    if found.ignored:
        lines.append(f"Files of other types in its sub-folders: {counts_text(found.ignored)}.")
    if found.bad:
        unreadable = first_few(f"{path} ({why})" for path, why in found.bad)
        lines.append(f"Not readable: {unreadable}.")
    if name and len(found.inner[name]) > 1:
        lines.append(
            f"If the folders in {name} are the classes ({first_few(found.inner[name])}), call "
            f"load_folder({str(root / name)!r})."
        )
    if found.outside or name:
        suffix = Path(found.outside[0]).suffix if found.outside else found.clips[0].path.suffix
        lines.append(
            "Songs without classes, to predict, need no loader: give the list of their paths to "
            f"`predict` or `predict_songs`, such as sorted(Path({str(root)!r}).rglob('*{suffix}'))."
        )
    return " ".join(lines)


def counts_text(extensions):
    """Return counts of extensions as text."""
    return ", ".join(f"{name or 'none'} {n}" for name, n in sorted(extensions.items()))


def warn_of_copies(audio, target):
    """Warn of clips with the same content, in one class or in several.

    Parameters
    ----------
    audio : Series of str
        Paths by clip id.
    target : Series of str
        Classes by clip id.
    """
    groups = [audio.index]
    # Few files are of one size, and fewer begin alike: whole files are seldom read.
    for key in (os.path.getsize, _digest_of_head, _digest):
        groups = [alike for group in groups for alike in _alike(audio[group], key)]
    if not groups:
        return
    several = sum(target[group].nunique() > 1 for group in groups)
    _warn(
        f"{len(groups)} clips are there more than once (same content), {several} of them in "
        f"several classes: {first_few(' = '.join(group) for group in groups)}. Keep one of each: a "
        "clip of two classes cannot be learned, and copies in training and test data make scores "
        "too high."
    )


def _alike(audio, key):
    """Return lists of the ids of clips whose files have the same key."""
    groups = defaultdict(list)
    for name, path in audio.items():
        groups[key(path)].append(name)
    return [group for group in groups.values() if len(group) > 1]


def _digest_of_head(path):
    with open(path, "rb") as file:
        return hashlib.blake2b(file.read(_HEAD)).digest()


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "blake2b").digest()


def _warn(text):
    warnings.warn(text, UserWarning, stacklevel=5)
