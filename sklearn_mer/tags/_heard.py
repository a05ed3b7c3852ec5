"""What a player takes from a file, to see that new tags leave it alone."""

import hashlib

from .._optional import import_optional
from ._errors import TagError
from ._fields import FIELDS


def packets_and_texts(path):
    """Return what FFmpeg finds in a file, apart from the fields of this library.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    packets : list of str
        A digest for each stream, pictures too: encoded audio with its time stamps.
    texts : dict of str to str
        Other tags.

    Raises
    ------
    TagError
        If FFmpeg cannot open it.
    """
    av = import_optional("av", "Writing tags", "tags")
    try:
        # ID3v1 has no encoding, and its texts are repeated in Unicode: letters that both have.
        with av.open(path, metadata_encoding="ascii", metadata_errors="ignore") as container:
            digests = [hashlib.sha256() for _ in container.streams]
            parts = [container, *container.streams]
            texts = {key: value for part in parts for key, value in part.metadata.items()}
            try:
                for packet in container.demux():
                    digest = digests[packet.stream.index]
                    digest.update(f"{packet.pts} {packet.duration} {packet.size} ".encode())
                    digest.update(bytes(packet))
            except av.FFmpegError as error:  # damage, which both then have
                digests.append(hashlib.sha256(str(error.errno).encode()))
    except (av.FFmpegError, ValueError) as error:
        raise TagError(f"its audio cannot be read to check it ({error})") from error
    own = {keys[kind] for keys in FIELDS.values() for kind in keys}
    return [digest.hexdigest() for digest in digests], {
        key: value for key, value in texts.items() if key.upper() not in _upper(own)
    }


def _upper(names):
    return {name.upper() for name in names if name}
