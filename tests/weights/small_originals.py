"""Files as authors publish them, but small."""

import io
import struct

import numpy as np

LAYERS = {
    "conv2d/kernel": np.arange(24, dtype="<f4").reshape(2, 3, 1, 4) / 7,
    "conv2d/bias": np.array([1, -2, 3, 0.5], dtype="<f4"),
    "batch_normalization/moving_variance": np.full(4, 0.25, dtype="<f4"),
    "batch_normalization_1/gamma": np.zeros(3, dtype="<f4"),
}
# What an optimiser keeps.
SLOTS = {
    "conv2d/bias/Adam": np.ones(4, dtype="<f4"),
    "beta1_power": np.array(0.9, dtype="<f4"),
}


def varint(number):
    """Return seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number, value):
    """Return a field of a protobuf."""
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def entry(array, offset, *, dtype=1, more=b""):
    """Return what an index says of a variable."""
    shape = b"".join(field(2, field(1, n) if n else b"") for n in array.shape)
    where = field(4, offset) if offset else b""
    checksum = bytes([6 << 3 | 5]) + bytes(4)
    return field(1, dtype) + field(2, shape) + where + field(5, array.nbytes) + checksum + more


def block(items):
    """Return a block of a table, keys told by what differs from the one before."""
    out, last = b"", b""
    for key, value in items:
        shared = next(
            (i for i, (a, b) in enumerate(zip(key, last, strict=False)) if a != b),
            min(len(key), len(last)),
        )
        out += varint(shared) + varint(len(key) - shared) + varint(len(value))
        out += key[shared:] + value
        last = key
    return out + struct.pack("<II", 0, 1)


def table(items, *, per_block=3, compression=0, again=0):
    """Return a table of several blocks, which are named again as often as said."""
    out, handles = b"", []

    def add(content):
        nonlocal out
        handle = varint(len(out)) + varint(len(content))
        out += content + bytes([compression]) + bytes(4)
        return handle

    for start in range(0, len(items), per_block):
        some = items[start : start + per_block]
        handles.append((some[-1][0] + b"~", add(block(some))))
    where = add(block([])) + add(block(handles * (1 + again)))
    return out + where.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


HEADER = field(1, 1) + field(3, field(1, 1))


def checkpoint(arrays, *, header=HEADER, **options):
    """Return index and data of a TensorFlow checkpoint."""
    items, data = [(b"", header)], b""
    for name in sorted(arrays):
        array = arrays[name]
        dtype = 1 if array.dtype == np.float32 else 9
        items.append((name.encode(), entry(array, len(data), dtype=dtype)))
        data += array.tobytes()
    return table(items, **options), data


def keras_model(arrays, slots):
    """Return a model that Keras saved."""
    import h5py

    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, array in arrays.items():
            layer = name.partition("/")[0]
            file[f"model_weights/{layer}/{name}:0"] = array
        file.create_group("model_weights/dot_1")
        for name, array in slots.items():
            file[f"optimizer_weights/{name}:0"] = array
    return content.getvalue()
