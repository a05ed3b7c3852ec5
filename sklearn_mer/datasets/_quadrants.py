"""Data sets with one folder per quadrant."""

from dataclasses import dataclass

import pandas as pd

from ._errors import DatasetError, first_few
from ._tables import clean

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")

# Formats that soundfile decodes, and m4a and aac, which need the extra `audio`.
AUDIO_EXTENSIONS = (
    ".wav",
    ".flac",
    ".ogg",
    ".opus",
    ".mp3",
    ".aif",
    ".aiff",
    ".m4a",
    ".aac",
)


@dataclass(frozen=True)
class Expected:
    """Number of clips of a published data set, in total and per quadrant (None if unknown)."""

    n_clips: int
    per_quadrant: int | None = None

    def check(self, target, path):
        """Raise a DatasetError if the number of annotated clips differs."""
        if len(target) != self.n_clips:
            raise DatasetError(f"{path} lists {len(target)} clips; {self.n_clips} are published.")
        counts = target.value_counts().reindex(list(QUADRANTS), fill_value=0)
        if self.per_quadrant is not None and (counts != self.per_quadrant).any():
            found = ", ".join(f"{quadrant} {count}" for quadrant, count in counts.items())
            raise DatasetError(
                f"{path} should list {self.per_quadrant} clips per quadrant; it lists {found}."
            )


def read_quadrants(table, path):
    """Return the column Quadrant of a table, and check its values."""
    target = clean(table["Quadrant"]).astype(object)
    wrong = ~target.isin(QUADRANTS)
    if wrong.any():
        raise DatasetError(
            f"{path} has other quadrants than {', '.join(QUADRANTS)} for the clips "
            f"{first_few(target.index[wrong])}."
        )
    return target.rename("quadrant")


def locate_clips(root, target):
    """Find each clip in the folder of its quadrant.

    Returns
    -------
    audio : Series of str
        Path of each clip, in the order of `target`.
    bad : list of (str, str)
        Paths of missing and empty clips, with the reasons.
    """
    found = _scan(root)
    _check_folders(found, target)
    audio, bad = [], []
    for clip, quadrant in target.items():
        path = found.get(clip, [root / quadrant / f"{clip}.mp3"])[0]
        audio.append(str(path))
        if clip not in found:
            bad.append((str(path), "no such file"))
        elif path.stat().st_size == 0:
            bad.append((str(path), "the file is empty (0 bytes)"))
    return pd.Series(audio, index=target.index, name="audio"), bad


def _scan(root):
    """Return the paths of the audio files by clip id."""
    found = {}
    for quadrant in QUADRANTS:
        folder = root / quadrant
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.lower() in AUDIO_EXTENSIONS and not path.name.startswith("."):
                found.setdefault(path.stem, []).append(path)
    return found


def _check_folders(found, target):
    """Raise a DatasetError for clips in the folder of another quadrant, or in several folders."""
    wrong = [
        f"{path.parent.name}/{path.name} (annotated {target[clip]})"
        for clip, paths in found.items()
        if clip in target.index
        for path in paths
        if path.parent.name != target[clip]
    ]
    if wrong:
        raise DatasetError(
            f"{len(wrong)} clips are in the folder of another quadrant than annotated: "
            f"{first_few(wrong)}."
        )
    duplicates = [clip for clip, paths in found.items() if len(paths) > 1 and clip in target.index]
    if duplicates:
        raise DatasetError(
            f"There are several audio files with the same name: {first_few(duplicates)}."
        )


def artist_groups(artist):
    """Return the artists as groups; each clip without an artist is a group of its own."""
    names = clean(artist).fillna("").astype(object)
    own = pd.Series([f"(no artist) {clip}" for clip in names.index], index=names.index)
    return names.where(names != "", own).rename("artist")
