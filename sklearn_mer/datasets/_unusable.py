import warnings

import pandas as pd

from ..audio import AudioError, AudioLoader


def drop_unusable(audio, bad, *, on_error, decode, n_jobs, verbose):
    """Drop the clips of a data set that cannot be used, or raise an error.

    Parameters
    ----------
    audio : Series of str
        Paths by clip id.
    bad : list of (str, str)
        Paths known to be unusable, with the reasons. Some may not be in `audio`.
    on_error : {"raise", "skip"}
        Whether to raise an error for unusable clips.
    decode : bool
        Whether to decode the other clips to find more of them.
    n_jobs, verbose : int or None, int
        Passed to `AudioLoader`.

    Returns
    -------
    audio : Series of str
        Usable clips, in the given order.
    skipped : DataFrame
        Columns ``file`` and ``reason``, with one row per dropped clip.
    """
    bad = list(bad)
    if decode:
        known = {path for path, _ in bad}
        loader = AudioLoader(n_jobs=n_jobs, verbose=verbose)
        bad += loader.check([path for path in audio if path not in known])
    # Without any usable clip, skipping them is an error too.
    n_files = len({*audio, *(path for path, _ in bad)})
    if bad and (on_error == "raise" or len(bad) == n_files):
        raise AudioError(bad, n_files=n_files)
    skipped = pd.DataFrame(bad, columns=["file", "reason"], dtype=object)
    if bad:
        warnings.warn(
            f"{len(bad)} of {n_files} clips cannot be used and are left out; see the entry "
            "`skipped` of the Bunch for the reasons.",
            UserWarning,
            stacklevel=4,
        )
    return audio[~audio.isin(skipped["file"])], skipped
