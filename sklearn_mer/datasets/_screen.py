import warnings

import pandas as pd

from ..audio import AudioError, AudioLoader


def screen(audio, bad, *, on_error, decode, n_jobs, verbose):
    """Keep the usable clips of a data set.

    Parameters
    ----------
    audio : Series of str
        Paths by id.
    bad : list of (str, str)
        Paths known to be unusable, each with the reason.
    on_error : {"raise", "skip"}
        What to do about unusable clips.
    decode : bool
        Whether to decode the clips that are not known to be bad.
    n_jobs, verbose : int or None, int
        Passed to `AudioLoader`.

    Returns
    -------
    audio : Series of str
        The usable clips, in the given order.
    skipped : DataFrame
        Columns file and reason, a row for every clip left out.
    """
    bad = list(bad)
    if decode:
        known = {path for path, _ in bad}
        loader = AudioLoader(n_jobs=n_jobs, verbose=verbose)
        bad += loader.check([path for path in audio if path not in known])
    # With nothing left to work on, skipping would only move the error elsewhere.
    if bad and (on_error == "raise" or len(bad) == len(audio)):
        raise AudioError(bad, n_files=len(audio))
    skipped = pd.DataFrame(bad, columns=["file", "reason"], dtype=object)
    if bad:
        warnings.warn(
            f"{len(bad)} of {len(audio)} clips cannot be used and are left out; the bunch's "
            "`skipped` says why.",
            UserWarning,
            stacklevel=3,
        )
    return audio[~audio.isin(skipped["file"])], skipped
