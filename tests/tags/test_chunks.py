import io
import struct

import pytest

from sklearn_mer.tags import TagError
from sklearn_mer.tags._chunks import find_tag


def riff(*chunks, order="<", head=b"RIFF", pad=True):
    body = b"WAVE"
    for kind, data in chunks:
        body += kind + struct.pack(f"{order}I", len(data)) + data + bytes(len(data) % 2)
    body = body if pad else body[:-1]
    return head + struct.pack(f"{order}I", len(body)) + body


def edited(content, tag):
    start, end, wrap = find_tag(io.BytesIO(content))
    found = content[start:end]
    for first, last, new in reversed(wrap(tag)):
        content = content[:first] + new + content[last:]
    return found, content


SOUND = (b"data", b"sound")


@pytest.mark.parametrize(("order", "head"), [("<", b"RIFF"), (">", b"FORM")])
def test_a_chunk_is_added_or_replaced(order, head):
    name = b"id3 " if order == "<" else b"ID3 "
    how = {"order": order, "head": head}
    first = riff(SOUND, **how)
    found, second = edited(first, b"tag")
    assert found == b""
    assert second == riff(SOUND, (name, b"tag"), **how)
    found, third = edited(second + b"behind", b"longer")
    assert found == b"tag"
    assert third == riff(SOUND, (name, b"longer"), **how) + b"behind"


def test_the_chunk_stays_where_and_what_it_is():
    found, content = edited(riff((b"ID3 ", b"old"), SOUND), b"newer")
    assert found == b"old"
    assert content == riff((b"ID3 ", b"newer"), SOUND)


def test_an_odd_last_chunk_without_its_last_byte():
    assert edited(riff(SOUND, pad=False), b"tag")[1] == riff(SOUND, (b"id3 ", b"tag"))


def test_wrong_sizes():
    content = riff(SOUND)
    with pytest.raises(TagError, match="the size in its header"):
        find_tag(io.BytesIO(content[:-2]))
    broken = content[:16] + struct.pack("<I", 99) + content[20:]
    with pytest.raises(TagError, match="the size of its chunk b'data' is wrong"):
        find_tag(io.BytesIO(broken))
