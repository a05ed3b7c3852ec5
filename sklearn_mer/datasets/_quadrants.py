"""What the data sets with one folder a quadrant have in common."""

from dataclasses import dataclass

import pandas as pd

from ._errors import DatasetError, some
from ._tables import clean

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")

# What soundfile decodes, and m4a and aac, for which the extra `audio` is needed.
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
    """How many clips a published data set has, in all and (None: unknown) a quadrant."""

    n_clips: int
    per_quadrant: int | None = None

    def check(self, target, path):
        """Raise a DatasetError where the annotations do not count so many clips."""
        if len(target) != self.n_clips:
            raise DatasetError(f"{path} lists {len(target)} clips; {self.n_clips} are published.")
        counts = target.value_counts().reindex(list(QUADRANTS), fill_value=0)
        if self.per_quadrant is not None and (counts != self.per_quadrant).any():
            found = ", ".join(f"{quadrant} {count}" for quadrant, count in counts.items())
            raise DatasetError(
                f"{path} should list {self.per_quadrant} clips a quadrant; it lists {found}."
            )


def read_quadrants(table, path):
    """Return the column Quadrant of a table, checked."""
    target = clean(table["Quadrant"]).astype(object)
    wrong = ~target.isin(QUADRANTS)
    if wrong.any():
        raise DatasetError(
            f"{path} has other quadrants than {', '.join(QUADRANTS)} for the clips "
            f"{some(target.index[wrong])}."
        )
    return target.rename("quadrant")


def locate_clips(root, target):
    """Find the clip of every id in the folder of its quadrant.

    Returns
    -------
    audio : Series of str
        A path for every id, in the order of `target`.
    bad : list of (str, str)
        Paths of clips that are missing or empty, each with the reason.
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
    """Return {id: paths of the audio files of that name}."""
    found = {}
    for quadrant in QUADRANTS:
        folder = root / quadrant
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.lower() in AUDIO_EXTENSIONS and not path.name.startswith("."):
                found.setdefault(path.stem, []).append(path)
    return found


def _check_folders(found, target):
    """Raise a DatasetError for clips that lie in another folder, or in several."""
    wrong = [
        f"{path.parent.name}/{path.name} (annotated {target[clip]})"
        for clip, paths in found.items()
        if clip in target.index
        for path in paths
        if path.parent.name != target[clip]
    ]
    if wrong:
        raise DatasetError(
            f"{len(wrong)} clips lie in the folder of another quadrant than annotated: "
            f"{some(wrong)}."
        )
    doubled = [clip for clip, paths in found.items() if len(paths) > 1 and clip in target.index]
    if doubled:
        raise DatasetError(f"There are several audio files of one name: {some(doubled)}.")


def artist_groups(artist):
    """Return the artists as groups; a clip without one is a group of its own."""
    names = clean(artist).fillna("").astype(object)
    own = pd.Series([f"(no artist) {clip}" for clip in names.index], index=names.index)
    return names.where(names != "", own).rename("artist")
