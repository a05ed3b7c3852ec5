"""Frames of an ID3v2 tag, added without touching the others.

mutagen writes all frames anew: in its order, with its encodings, without flags, frames that it
cannot read and, at version 2.2, in another version. Here the bytes of the others stay.
"""

import io
import re

from ._errors import TagError

_UNSYNCHRONISED, _EXTENDED, _EXPERIMENTAL, _FOOTER = 0x80, 0x40, 0x20, 0x10
_COMPRESSED = 0x40  # of version 2.2
#: By version: bytes of an identifier, of a size and of flags; the frame for text of any name.
_LAYOUTS = {2: (3, 3, 0, b"TXX"), 3: (4, 4, 2, b"TXXX"), 4: (4, 4, 2, b"TXXX")}
_CODECS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}


def tag_length(file):
    """Return the length of the ID3v2 tag that a file has at its position, 0 without one."""
    start = file.tell()
    head = file.read(10)
    file.seek(start)
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    return 10 + _from_sevens(head[6:])


def edit_tag(tag, fields, keys):
    """Return a tag in which these fields are set.

    Parameters
    ----------
    tag : bytes
        The whole tag; empty for a new one.
    fields : dict of str to str
        ASCII text by name.
    keys : dict of str to (str or None)
        The frame of each name; None for a TXXX frame.

    Returns
    -------
    bytes
        The new tag. Frames of these names are gone, all others have the bytes that they had.

    Raises
    ------
    TagError
        If the tag has a form that is not written here.
    """
    tag = tag or b"ID3\x04\x00\x00\x00\x00\x00\x00"
    version, flags = tag[3], tag[5]
    _check(version, flags)
    whole = version < 4 and flags & _UNSYNCHRONISED
    body = _decode(tag[10:]) if whole else tag[10:]
    if whole and _encode(body) != tag[10:]:
        raise TagError("its ID3v2 tag is unsynchronised in an odd way")
    kept = b"".join(_others(body, version, flags, set(fields), keys))
    new = b"".join(_frame(version, name, text, keys[name]) for name, text in fields.items())
    body = new + kept
    if whole:
        body = _encode(body)
    if len(body) >= 1 << 28:
        raise TagError("its ID3v2 tag would exceed 256 MB")
    return tag[:6] + _to_sevens(len(body)) + body


def _check(version, flags):
    if version not in _LAYOUTS:
        raise TagError(f"its ID3 tag is of version 2.{version}; 2.2, 2.3 and 2.4 are known")
    odd = _COMPRESSED if version == 2 else _EXTENDED | (_FOOTER if version == 4 else 0)
    if flags & odd:
        raise TagError("its ID3v2 tag has an extended header or a footer")


def _others(body, version, flags, names, keys):
    """Yield the frames of other names, and what follows the last frame."""
    n_id, n_size, n_flags, _ = _LAYOUTS[version]
    n_head = n_id + n_size + n_flags
    own = {keys[name].encode() for name in names if keys[name]}
    position = 0
    while re.fullmatch(rb"[A-Z0-9]+", kind := body[position : position + n_id]):
        data = position + n_head
        size = body[position + n_id : position + n_id + n_size]
        # iTunes wrote plain sizes in tags of version 2.4.
        plain = version < 4 or max(size, default=0) > 127
        end = data + (int.from_bytes(size, "big") if plain else _from_sevens(size))
        if end > len(body):
            break
        if (
            kind not in own
            and _name(version, body[position:data], body[data:end], flags) not in names
        ):
            yield body[position:end]
        position = end
    yield body[position:]


def _name(version, head, data, flags):
    """Return the name in a frame for text of any name, in upper case; None for other frames."""
    if not head.startswith(_LAYOUTS[version][3]):
        return None
    how = head[9] if version > 2 else 0
    if how & 0x03 and version == 4:  # unsynchronised, or its length comes first
        flags |= _UNSYNCHRONISED if how & 0x02 else 0
        data = data[4:] if how & 0x01 else data
        how &= ~0x03
    if how or not data or data[0] not in _CODECS:  # compressed, encrypted or damaged
        return None
    if version == 4 and flags & _UNSYNCHRONISED:
        data = _decode(data)
    text = data[1:].decode(_CODECS[data[0]], "replace")
    return text.partition("\0")[0].upper()


def _frame(version, name, text, key):
    n_id, n_size, n_flags, any_name = _LAYOUTS[version]
    if key is None or len(key) != n_id:  # version 2.2 has no frame for a mood
        kind, data = any_name, b"\0" + name.encode("ascii") + b"\0" + text.encode("ascii")
    else:
        kind, data = key.encode("ascii"), b"\0" + text.encode("ascii")
    size = _to_sevens(len(data)) if version == 4 else len(data).to_bytes(n_size, "big")
    return kind + size + bytes(n_flags) + data


def _from_sevens(data):
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _to_sevens(number):
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _decode(data):
    return data.replace(b"\xff\x00", b"\xff")


def _encode(data):
    data = re.sub(rb"\xff(?=[\x00\xe0-\xff])", b"\xff\x00", data)
    return data + b"\x00" if data.endswith(b"\xff") else data


def tag_of_id3v1(path):
    """Return an ID3v2 tag that says what the ID3v1 tag of a file says, empty without one.

    Players that find a tag of version 2 do not look at version 1.
    """
    from mutagen.id3 import ID3, ID3NoHeaderError

    try:
        tags = ID3(path)
    except ID3NoHeaderError:
        return b""
    for comment in tags.getall("COMM"):
        comment.desc = ""  # under mutagen's own name, players do not show it
    file = io.BytesIO()
    tags.save(file, v1=0, padding=lambda _: 0)
    return file.getvalue()
