"""The digests of first downloads, where no digest is published: trust on first use."""

import json

from .._files import replace_file
from ._errors import WeightsError

#: Beside the files of weights.
LOCK = "weights.lock.json"


def noted_sha256(path):
    """Return the digest that was noted when a file was first downloaded, else None.

    Parameters
    ----------
    path : pathlib.Path
        Where the file of weights is, or will be.
    """
    return _read(path.with_name(LOCK)).get(path.name)


def note_sha256(path, sha256):
    """Note the digest of a file of weights; one that is noted stays.

    Parameters
    ----------
    path : pathlib.Path
        Where the file is, or will be.
    sha256 : str
        Its digest.
    """
    lock = path.with_name(LOCK)
    noted = {path.name: sha256} | _read(lock)
    replace_file(lock, json.dumps(noted, indent=2, sort_keys=True) + "\n")


def _read(lock):
    try:
        noted = json.loads(lock.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{lock} cannot be read ({error!s:.100}). {_ADVICE}") from error
    if isinstance(noted, dict) and all(isinstance(one, str) for one in noted.values()):
        return noted
    raise WeightsError(f"{lock} holds something other than digests by file name. {_ADVICE}")


_ADVICE = (
    "It notes the sha256 of first downloads. Repair it; or delete it, and with it what is known of "
    "these files."
)
