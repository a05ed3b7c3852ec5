"""Files of weights that this library's own pre-training writes."""

import io
import json
from pathlib import Path

import torch

from .._files import replace_file
from ..weights import WeightsError

# The names of the tags as the bytes of a JSON list: a tensor, so that the file is read like any
# other, without running code from it.
TAGS_KEY = "tags.json"


def save_weights(path, state, *, extras=None, tags=None):
    """Write a file that `load_network` reads.

    Parameters
    ----------
    path : str or path-like
        Ends in anything but ``.npz``, which stands for another format.
    state : dict of str to Tensor
        The state dict of a network of `sklearn_mer.nets`.
    extras : dict of str to Tensor or None, default=None
        Of the front end.
    tags : sequence of str or None, default=None
        Names of the outputs.

    Returns
    -------
    pathlib.Path
    """
    path = Path(path).expanduser()
    if path.suffix == ".npz":
        raise ValueError(f"{path} ends in .npz, but weights are saved by torch: use .pth.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent} to save {path.name} in.")
    arrays = {**(extras or {}), **state}
    if tags is not None:
        content = json.dumps([str(tag) for tag in tags]).encode()
        arrays[TAGS_KEY] = torch.tensor(list(content), dtype=torch.uint8)
    plain = {name: array.detach().cpu().contiguous() for name, array in arrays.items()}
    content = io.BytesIO()
    torch.save(plain, content)
    return replace_file(path, content.getbuffer())


def take_tags(extras, path):
    """Take the names of the tags out of what a file carries beside its network.

    Parameters
    ----------
    extras : dict of str to Tensor
        Changed.
    path : path-like
        For the messages.

    Returns
    -------
    tuple of str
        Empty where the file has none.
    """
    array = extras.pop(TAGS_KEY, None)
    if array is None:
        return ()
    try:
        tags = json.loads(bytes(array.to(torch.uint8).tolist()))
    except (ValueError, TypeError, RecursionError) as error:
        raise WeightsError(f"{path}: {TAGS_KEY} is no JSON list of names: {error}.") from error
    if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        raise WeightsError(f"{path}: {TAGS_KEY} is {tags!r:.80}, not a list of names.")
    return tuple(tags)
