"""Kinds of files: how their fields are read, and what changes when some are set."""

import io
import os
import shutil
from contextlib import suppress
from functools import partial

from .._optional import import_optional
from . import _ape, _chunks, _id3
from ._errors import TagError, left_alone
from ._fields import FIELDS

_FREEFORM = "----:com.apple.iTunes:"
_ID3 = {name: keys["id3"] for name, keys in FIELDS.items()}


def read_fields(path):
    """Return the fields of a file that this library writes, whoever wrote them.

    Parameters
    ----------
    path : str or path-like
        An audio file.

    Returns
    -------
    dict of str to str
        Text by name: ``MOOD``, ``MOOD_HAPPY``, ``MOOD_AGGRESSIVE``, ``MOOD_SAD``,
        ``MOOD_RELAXED``, ``VALENCE`` and ``AROUSAL``, those that there are. Values of a field that
        has several are joined by ``"; "``.

    Raises
    ------
    TagError
        If the file cannot be read, or its kind of tags is not known.

    See Also
    --------
    write_fields : Write such fields.
    """
    with left_alone():
        return open_song(path).read()


def open_song(path):
    """Return the tags of a file.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    Song
        It can read fields, and write a copy in which they are set.

    Raises
    ------
    TagError, OSError
        If the file cannot be read, or its kind of tags is not known.
    """
    mutagen = import_optional("mutagen", "Reading and writing tags", "tags")
    path = os.fspath(path)
    try:
        file = mutagen.File(path)
        kind = _kinds().get(type(file)) or _kinds().get(_apart(file))
        if kind is None:
            raise TagError(
                "tags of such files are not known; they are of mp3, flac, ogg, opus, m4a, wav, "
                "aiff, wma, ape, wv and mpc files"
            )
        return kind(path, file)
    except mutagen.MutagenError as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, OSError) and cause.strerror:
            raise cause from error
        reason = str(error) or type(error).__name__
        raise TagError(f"its tags cannot be read ({reason})") from error


def _apart(file):
    """Return the family of a file that has no entry of its own."""
    from mutagen.apev2 import APEv2File
    from mutagen.ogg import OggFileType

    return next((family for family in (APEv2File, OggFileType) if isinstance(file, family)), None)


def _kinds():
    from mutagen.aiff import AIFF
    from mutagen.apev2 import APEv2File
    from mutagen.asf import ASF
    from mutagen.flac import FLAC
    from mutagen.mp3 import MP3
    from mutagen.mp4 import MP4
    from mutagen.ogg import OggFileType
    from mutagen.trueaudio import TrueAudio
    from mutagen.wave import WAVE

    comments = partial(Named, key="plain")
    return {MP3: Spliced, TrueAudio: Spliced, APEv2File: Spliced, WAVE: Chunked, AIFF: Chunked} | {
        FLAC: comments,
        OggFileType: comments,
        MP4: partial(Named, key="mp4", prefix=_FREEFORM),
        ASF: partial(Named, key="asf"),
    }


class Spliced:
    """Files with an ID3v2 tag at the start, an APE tag at the end, or both."""

    def __init__(self, path, file):
        self.path, self._file = path, file

    def read(self):
        """Return fields by name."""
        from mutagen.apev2 import APENoHeaderError, APEv2, APEv2File
        from mutagen.id3 import ID3, ID3NoHeaderError

        found = {}
        if not isinstance(self._file, APEv2File):
            with suppress(ID3NoHeaderError):
                found |= _in_frames(ID3(self.path))
        with suppress(APENoHeaderError):
            found |= _in_mapping(APEv2(self.path), "plain", "")
        return found

    def others(self):
        """Return what must not change; the bytes of other frames and items do not."""
        return None

    def write(self, part, fields):
        """Write a copy in which these fields are set."""
        from mutagen.apev2 import APEv2File

        with open(self.path, "rb") as file:
            start, end = _ape.find_tag(file)
            file.seek(0)
            length = _id3.tag_length(file)
            changes = []
            if length or (start == end and not isinstance(self._file, APEv2File)):
                tag = file.read(length) or _id3.tag_of_id3v1(self.path)
                changes.append((0, length, _id3.edit_tag(tag, fields, _ID3)))
            if start < end or isinstance(self._file, APEv2File):
                file.seek(start)
                changes.append((start, end, _ape.edit_tag(file.read(end - start), fields)))
            splice(file, part, changes)


class Chunked:
    """Files of chunks, one of which holds an ID3v2 tag."""

    def __init__(self, path, file):
        self.path, self._file = path, file

    def read(self):
        """Return fields by name."""
        return {} if self._file.tags is None else _in_frames(self._file.tags)

    def others(self):
        """Return what must not change; the bytes of other chunks and frames do not."""
        return None

    def write(self, part, fields):
        """Write a copy in which these fields are set."""
        with open(self.path, "rb") as file:
            start, end, wrap = _chunks.find_tag(file)
            file.seek(start)
            tag = file.read(end - start)
            length = _id3.tag_length(io.BytesIO(tag))
            tag, rest = tag[:length], tag[length:]
            splice(file, part, wrap(_id3.edit_tag(tag, fields, _ID3) + rest))


class Named:
    """Files whose tags mutagen writes: names and values."""

    def __init__(self, path, file, *, key, prefix=""):
        self.path, self._file, self._key, self._prefix = path, file, key, prefix
        self._keys = {name: prefix + keys[key] for name, keys in FIELDS.items()}

    def read(self):
        """Return fields by name."""
        return _in_mapping(self._file.tags or {}, self._key, self._prefix)

    def others(self):
        """Return what must not change: all other names and values, and pictures."""
        own = {key.upper() for key in self._keys.values()}
        pairs = _pairs(self._file.tags or {})
        # ASF objects hold names in an order of their own.
        pairs = sorted(pairs, key=lambda pair: pair[0])
        return [pair for pair in pairs if pair[0].upper() not in own], [
            picture.write() for picture in getattr(self._file, "pictures", [])
        ]

    def write(self, part, fields):
        """Write a copy in which these fields are set."""
        with open(self.path, "rb") as file:
            splice(file, part, [])
        copy = type(self._file)(part)
        if copy.tags is None:
            copy.add_tags()
        for name, text in fields.items():
            key = self._keys[name]
            for old in {old for old, _ in _pairs(copy.tags) if old.upper() == key.upper()}:
                del copy.tags[old]
            copy.tags[key] = [text.encode("ascii") if self._prefix else text]
        copy.save()


def _in_frames(tags):
    texts = {}
    for frame in tags.values():
        if frame.FrameID == "TMOO":
            texts.setdefault("MOOD", []).extend(frame.text)
        elif frame.FrameID == "TXXX" and frame.desc.upper() in FIELDS:
            texts.setdefault(frame.desc.upper(), []).extend(frame.text)
    return {name: "; ".join(map(str, values)) for name, values in texts.items()}


def _in_mapping(tags, key, prefix):
    names = {(prefix + keys[key]).upper(): name for name, keys in FIELDS.items()}
    texts = {}
    for found, value in _pairs(tags):
        if name := names.get(found.upper()):
            values = value if isinstance(value, list) else [value]
            texts.setdefault(name, []).extend(map(_text, values))
    return {name: "; ".join(values) for name, values in texts.items()}


def _pairs(tags):
    return list(tags) if isinstance(tags, list) else [(key, tags[key]) for key in sorted(tags)]


def _text(value):
    if isinstance(value, bytes):
        return bytes(value).decode("utf-8", "replace")
    return "; ".join(str(value).split("\0"))


def splice(file, part, changes):
    """Copy a file, with other bytes in some places.

    Parameters
    ----------
    file : file object
        Open for reading.
    part : str
        The copy; it is there, and empty.
    changes : list of (start, end, bytes)
        What replaces the bytes from a start to an end; in order.
    """
    file.seek(0)
    with open(part, "r+b") as copy:
        for start, end, content in changes:
            _copy(file, copy, start - file.tell())
            copy.write(content)
            file.seek(end)
        shutil.copyfileobj(file, copy, 1 << 20)


def _copy(file, copy, length):
    while length > 0 and (block := file.read(min(length, 1 << 20))):
        copy.write(block)
        length -= len(block)
