"""Names and axes of arrays: those of the published files, and those of our networks."""

import torch

from ..weights import WeightsError, how_to_get

# What a name of the source becomes: the layer of the source, ours, and the order of the axes
# (kernels there: frames, mels, inputs, filters; in OpenL3 mels, frames, ...).
_CONV2D = (3, 2, 1, 0)
_CONV2D_MELS_FIRST = (3, 2, 0, 1)
_CONV1D = (2, 1, 0)
_DENSE = (1, 0)
# In the middle of MusiCNN the filters of the layer before lie on the axis of the mels.
_CONV_OVER_FILTERS = "frames, filters, 1"

_FRONT = ("timbral.0", "timbral.1", "temporal.0", "temporal.1", "temporal.2")
_MIDDLE = ("middle.0", "middle.1", "middle.2")
_NORMS = ("input_norm", *(f"{layer}.norm" for layer in (*_FRONT, *_MIDDLE)))


def _numbered(stem, number):
    return f"{stem}_{number}" if number else stem


_MUSICNN_KERNELS = {
    **{_numbered("conv2d", i): (f"{layer}.conv", _CONV2D) for i, layer in enumerate(_FRONT)},
    **{f"conv2d_{5 + i}": (f"{layer}.conv", _CONV_OVER_FILTERS) for i, layer in enumerate(_MIDDLE)},
    "dense": ("hidden_layer", _DENSE),
    "dense_1": ("output_layer", _DENSE),
}
_MUSICNN_NORMS = {
    _numbered("batch_normalization", i): layer
    for i, layer in enumerate((*_NORMS, "pooled_norm", "hidden_norm"))
}
_ARTIST_KERNELS = {f"conv1d_{i + 1}": (f"blocks.{i}.conv", _CONV1D) for i in range(5)}
_ARTIST_NORMS = {f"batch_normalization_{i + 1}": f"blocks.{i}.norm" for i in range(5)}
# The Keras models; the torch port has the same layers with torch's own parts.
_OPENL3_KERNELS = {
    layer: (layer, _CONV2D_MELS_FIRST)
    for layer in (*(f"conv2d_{i}" for i in range(1, 8)), "audio_embedding_layer")
}
_OPENL3_NORMS = {layer: layer for layer in (f"batch_normalization_{i}" for i in range(1, 9))}

_SOURCES = {
    "musicnn": (_MUSICNN_KERNELS, _MUSICNN_NORMS),
    "artist": (_ARTIST_KERNELS, _ARTIST_NORMS),
    "openl3": (_OPENL3_KERNELS, _OPENL3_NORMS),
}
_NORM_PARTS = {
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def to_state_dict(arrays, network, path):
    """Return `arrays` under the names of our network, whichever of the two layouts they have.

    Parameters
    ----------
    arrays : dict of str to Tensor
    network : str
        One of the register's.
    path : path-like
        For the messages.

    Raises
    ------
    WeightsError
        Where names are missing or unexpected.
    """
    if network not in _SOURCES or not any(name.endswith(".kernel") for name in arrays):
        return dict(arrays)
    renamed = _renaming(*_SOURCES[network])
    check_names(arrays, renamed, path)
    return {
        name: _reordered(arrays[source], axes, source, path)
        for source, (name, axes) in renamed.items()
    }


def source_layout(state, network):
    """Return a state dict under the source's names: the inverse of `to_state_dict`."""
    arrays = {}
    for source, (name, axes) in _renaming(*_SOURCES[network]).items():
        tensor = state[name]
        if axes == _CONV_OVER_FILTERS:
            tensor = tensor.permute(2, 1, 0).unsqueeze(2)
        elif axes is not None:
            tensor = tensor.permute([axes.index(i) for i in range(len(axes))])
        arrays[source] = tensor.contiguous()
    return arrays


def source_names(network):
    """Return the names that the source of a network has for its arrays, where they differ."""
    return set(_renaming(*_SOURCES[network])) if network in _SOURCES else set()


def check_names(given, expected, path):
    """Raise a `WeightsError` unless both have the same names."""
    missing, unexpected = sorted(set(expected) - set(given)), sorted(set(given) - set(expected))
    if missing or unexpected:
        raise WeightsError(
            f"{path} is not of the expected layout. Missing: {_some(missing)}. Unexpected: "
            f"{_some(unexpected)}. It must have the {len(expected)} arrays of the published file, "
            f"or be the state dict of the network in sklearn_mer.nets. {how_to_get(path)}"
        )


def _renaming(kernels, norms):
    names = {}
    for source, (layer, axes) in kernels.items():
        names[f"{source}.kernel"] = (f"{layer}.weight", axes)
        names[f"{source}.bias"] = (f"{layer}.bias", None)
    for source, layer in norms.items():
        for theirs, ours in _NORM_PARTS.items():
            names[f"{source}.{theirs}"] = (f"{layer}.{ours}", None)
    return names


def _reordered(tensor, axes, source, path):
    n_axes = 1 if axes is None else 4 if axes == _CONV_OVER_FILTERS else len(axes)
    if tensor.ndim != n_axes:
        raise WeightsError(
            f"{path}: {source} has the shape {tuple(tensor.shape)}, where {n_axes} axes are "
            "expected."
        )
    if axes is None:
        return tensor
    if axes == _CONV_OVER_FILTERS:
        return tensor.squeeze(2).permute(2, 1, 0).contiguous()
    return tensor.permute(axes).contiguous()


def _some(names, limit=5):
    if not names:
        return "none"
    text = ", ".join(names[:limit])
    return text if len(names) <= limit else f"{text} and {len(names) - limit} more"


def filled_in(state, names):
    """Return `state` with the counters of batch normalisation, which inference never reads."""
    counters = [name for name in names if name.endswith("num_batches_tracked")]
    return {**state, **{name: torch.tensor(0) for name in counters}}
