"""The errors for audio that cannot be used."""

TRUNCATED = "is truncated: it holds less audio than its header says"
STOPS_EARLY = "is damaged or truncated: decoding stops early"

_SHOWN = 50


class UnusableAudio(ValueError):
    """The reason why one clip cannot be used; `map_clips` gathers these into an `AudioError`."""


class AudioError(ValueError):
    """One or more audio files cannot be used; the message names each with the reason.

    Parameters
    ----------
    bad_files : list of (str, str)
        Path and reason of every unusable file.
    n_files : int or None, default=None
        Number of files that were read.

    Attributes
    ----------
    bad_files : list of (str, str)
        Path and reason of every unusable file, also where the message is shortened.

    See Also
    --------
    AudioLoader : Raises it for files that cannot be decoded.
    sklearn_mer.datasets.load_folder : Leaves such files out with ``on_error="skip"``.

    Examples
    --------
    >>> from sklearn_mer.audio import AudioError
    >>> print(AudioError([("a.mp3", "the file is empty")], n_files=900))
    1 of 900 audio files cannot be used:
      a.mp3: the file is empty
    Replace, remove or skip them: on_error="skip" in loaders, --on-error skip in sklearn-mer.
    """

    def __init__(self, bad_files, n_files=None):
        self.bad_files = list(bad_files)
        self.n_files = n_files
        super().__init__(self.bad_files, n_files)

    def __str__(self):
        total = "" if self.n_files is None else f" of {self.n_files}"
        lines = [f"{len(self.bad_files)}{total} audio files cannot be used:"]
        lines += [f"  {path}: {reason}" for path, reason in self.bad_files[:_SHOWN]]
        if len(self.bad_files) > _SHOWN:
            lines.append(f"  ... and {len(self.bad_files) - _SHOWN} more (see .bad_files)")
        lines.append(
            'Replace, remove or skip them: on_error="skip" in'
            " loaders, --on-error skip in sklearn-mer."
        )
        return "\n".join(lines)
