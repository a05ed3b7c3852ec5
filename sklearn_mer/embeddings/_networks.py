"""Networks from files of weights."""

from functools import cache
from inspect import signature
from pathlib import Path

import torch

from .._threads import one_thread_if_forked
from ..nets import ArtistNet, MusiCNN, OpenL3Net, TaggingCRNN, TaggingFCN, note_arguments
from ..weights import EMBEDDINGS, WeightsError, WeightsNotFoundError, how_to_get
from ._layouts import check_names, filled_in, source_names, to_state_dict
from ._save import TAGS_KEY
from ._weights import read_weights

_CLASSES = {
    "crnn": TaggingCRNN,
    "fcn": TaggingFCN,
    "musicnn": MusiCNN,
    "artist": ArtistNet,
    "openl3": OpenL3Net,
}
_TAGGERS = ("crnn", "fcn")
_FRONT_END = ("spec.", "speclayer.")
_COUNTER = "num_batches_tracked"  # not in every file


def load_network(path, network):
    """Build a network and fill it from a file.

    Parameters
    ----------
    path : str or path-like
        File of weights.
    network : {"crnn", "fcn", "musicnn", "artist", "openl3"}
        `TaggingCRNN`, `TaggingFCN`, `MusiCNN`, `ArtistNet` or `OpenL3Net` of `sklearn_mer.nets`.

    Returns
    -------
    net : torch.nn.Module
        In evaluation mode, without gradients.
    extras : dict of str to Tensor
        What the file carries for the front end (names beginning with ``spec.`` or ``speclayer.``),
        and, of a tagger, the names of its tags (``tags.json``).

    Raises
    ------
    ValueError
        For an unknown network.
    WeightsNotFoundError
        If there is no such file.
    WeightsError
        When the file cannot be read or is damaged, values are not finite, or names or shapes are
        not those of the network. The numbers of filters and tags may differ from the published
        ones: they are the file's.

    See Also
    --------
    find_weights : The path of a file of the register.

    Examples
    --------
    >>> import tempfile
    >>> import torch
    >>> from sklearn_mer.embeddings import load_network
    >>> from sklearn_mer.nets import ArtistNet
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/mine.pth"
    ...     torch.save(ArtistNet((4, 4, 4, 4, 8)).state_dict(), path)
    ...     net, _ = load_network(path, "artist")
    >>> net.training, net(torch.zeros(1, 128, 129)).shape
    (False, torch.Size([1, 8]))
    """
    if network not in _CLASSES:
        raise ValueError(f"No network {network!r}; there are {', '.join(_CLASSES)}.")
    one_thread_if_forked()
    path = Path(path)
    if not path.is_file():
        raise WeightsNotFoundError(f"There is no file {path}. `find_weights` finds those by name.")
    arrays = read_weights(path)
    _refuse_other_network(arrays, network, path)
    arrays = to_state_dict(arrays, network, path)
    named = (TAGS_KEY,) if network in _TAGGERS else ()
    extras = {n: a for n, a in arrays.items() if n.startswith(_FRONT_END) or n in named}
    state = {name: a for name, a in arrays.items() if name not in extras}
    return build_network(state, network, path), extras


def _refuse_other_network(arrays, network, path):
    names = {name for name in arrays if not name.endswith(_COUNTER)}
    for other, cls in _CLASSES.items():
        if other != network and any(known <= names for known in _known_names(other)):
            raise WeightsError(
                f"{path} holds the weights of another network: {cls.__name__} ({other!r}), for "
                f"{EMBEDDINGS[other]}; those of {_CLASSES[network].__name__} ({network!r}) are "
                "needed here. Give the file to that estimator, or another file to this one."
            )


@cache
def _known_names(network):
    """Return the names in files of a network, in its own layout and in that of its source."""
    with torch.device("meta"):
        own = _CLASSES[network]().state_dict()
    own = {name for name in own if not name.endswith(_COUNTER)}
    return own, source_names(network) or own


def guess_tagger(path):
    """Return "crnn" or "fcn", whichever the names in the file belong to."""
    return "crnn" if "layer5.weight_ih_l0" in read_weights(path) else "fcn"


def build_network(state, network, path):
    """Return the network of a state dict; `path` is for the messages."""
    cls = _CLASSES[network]
    # On the meta device nothing is drawn: the global generator is left as found.
    with torch.device("meta"):
        names = cls().state_dict().keys()
    state = filled_in(state, names)
    check_names(state, names, path)
    sizes = _sizes(state, network, path)
    with torch.device("meta"):
        net = cls(*sizes)
    _check_shapes(state, net.state_dict(), path)
    net.load_state_dict(state, assign=True)
    note_arguments(net, dict(zip(signature(cls).parameters, sizes, strict=False)))
    return net.eval().requires_grad_(False)


def _sizes(state, network, path):
    """Return the arguments with which the network has the sizes that the file has."""
    try:
        return _SIZES[network](state)
    except IndexError:
        raise WeightsError(f"{path}: an array has fewer axes than its layer.") from None


def _filters(state, pattern, numbers):
    return tuple(state[pattern.format(i)].shape[0] for i in numbers)


_SIZES = {
    "crnn": lambda state: (
        _filters(state, "layer{}.conv.weight", range(1, 5)),
        state["layer5.weight_hh_l0"].shape[1],
        state["dense.weight"].shape[0],
    ),
    "fcn": lambda state: (
        _filters(state, "layer{}.conv.weight", range(1, 6)),
        state["dense.weight"].shape[0],
    ),
    "musicnn": lambda state: tuple(
        state[f"{layer}.weight"].shape[0]
        for layer in (
            "timbral.0.conv",
            "temporal.0.conv",
            "middle.0.conv",
            "hidden_layer",
            "output_layer",
        )
    ),
    "artist": lambda state: (_filters(state, "blocks.{}.conv.weight", range(5)),),
    # The first convolution of each block.
    "openl3": lambda state: (_filters(state, "conv2d_{}.weight", (1, 3, 5, 7)),),
}


def _check_shapes(given, expected, path):
    wrong = [
        f"{name} has {tuple(given[name].shape)}, not {tuple(tensor.shape)}"
        for name, tensor in expected.items()
        if given[name].shape != tensor.shape
    ]
    if wrong:
        raise WeightsError(
            f"{path}: {len(wrong)} arrays do not have the shape that the network needs: "
            f"{'; '.join(wrong[:5])}. Its layers must fit each other and the 3 x 3, 7 x 38, ... "
            f"kernels of the published network. {how_to_get(path)}"
        )
