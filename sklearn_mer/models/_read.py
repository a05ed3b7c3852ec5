"""From JSON and plain arrays to a fitted estimator."""

import inspect
from itertools import chain
from pathlib import Path

import numpy as np

from .._compat import tree_class
from ..weights import available_weights
from ._checks import check_made, tree_state
from ._classes import PLACES, SCALARS, find_class, is_network, parameter_defaults
from ._errors import ModelFileError
from ._layout import from_memory_order

_DEEPEST = 60
_SCALARS = {scalar.__name__: scalar for scalar in SCALARS}
# What an array of objects may hold: labels and names of columns.
_LABELS = {type(None), bool, int, float, str, *SCALARS}
# By which scikit-learn knows that a parameter was not given.
_NOT_GIVEN = ("deprecated", "warn")
# What a class may have under the name of an attribute of its instances.
_DEFAULTS = (type(None), bool, int, float, str, tuple, list, dict, frozenset)


class Reader:
    """Turns nodes of `Writer` into values.

    Estimators are made of allowed classes and get their attributes; of the file, nothing is called.
    What only networks need is imported for them: it takes seconds.

    Parameters
    ----------
    archive : Archive
        Where the arrays are.
    n_arrays : int
        How many it has. Each is in one node.
    """

    def __init__(self, archive, n_arrays):
        self._archive = archive
        self._unread = set(range(n_arrays))
        self._named = {}
        self._depth = 0

    def value(self, node):
        """Return the value of a node."""
        if node is None or type(node) in (bool, int, float, str):
            return node
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ModelFileError("it is nested deeper than a model is")
        try:
            if type(node) is list:
                return [self.value(one) for one in node]
            return self._read(node)
        finally:
            self._depth -= 1

    def _read(self, node):
        kind = node.get("is")
        if kind not in _KINDS:
            raise ModelFileError(f"it has a value of the unknown kind {kind!r:.80}")
        value = _KINDS[kind](self, node)
        if "id" in node and self._named.setdefault(node["id"], value) is not value:
            raise ModelFileError(f"two values in it have the id {node['id']!r:.80}")
        return value

    def check_all_read(self):
        """Refuse arrays that no node names."""
        if self._unread:
            raise ModelFileError(f"{len(self._unread)} arrays in it belong to nothing")

    def _same(self, node):
        if node["as"] not in self._named:
            raise ModelFileError(f"it names the id {node['as']!r:.80}, which nothing before has")
        return self._named[node["as"]]

    def _array(self, node):
        if type(node["number"]) is not int or node["number"] not in self._unread:
            raise ModelFileError(f"array {node['number']!r:.80} is not in it, or in two places")
        self._unread.remove(node["number"])
        stored = self._archive.array(node["number"])
        if "axes" in node:
            return from_memory_order(stored, node["axes"], node["strides"])
        return stored

    def _objects(self, node):
        items = [self.value(item) for item in node["items"]]
        if not all(type(item) in _LABELS for item in items):
            raise ModelFileError("an array of objects in it holds more than names and numbers")
        array = np.empty(len(items), dtype=object)
        array[:] = items
        return array.reshape(node["shape"])

    def _scalar(self, node):
        return _scalar(_SCALARS[node["dtype"]], self.value(node["value"]))

    def _dict(self, node):
        pairs = [(self.value(key), self.value(value)) for key, value in node["items"]]
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ModelFileError("a key stands twice in one dict of it")
        return found

    def _random_state(self, node):
        state = self.value(node["state"])
        position = state["state"]["pos"]
        if type(position) is not int or not 0 <= position <= 624:  # numpy does not look
            raise ModelFileError("a random state in it is none")
        random = np.random.RandomState(0)
        random.set_state(state)
        return random

    def _tensor(self, node):
        import torch

        array = self._array(node["values"])
        if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
            raise ModelFileError("weights in it are NaN, infinite, or no numbers")
        return torch.from_numpy(array)

    def _tree(self, node):
        n_classes = self._array(node["n_classes"])
        nodes, values = self._array(node["nodes"]), self._array(node["values"])
        state = tree_state(nodes, values, node["n_features"], n_classes)
        tree = tree_class()(node["n_features"], n_classes, len(n_classes))
        tree.__setstate__(state)
        return tree

    def _network(self, node):
        import torch

        weights = {name: self._tensor(one) for name, one in node["weights"]}
        with torch.device("meta"):  # takes no memory, and draws nothing
            network = self._planned(node)
        wanted = network.state_dict()
        shared = weights.keys() & wanted.keys()
        wrong = sorted(name for name in shared if weights[name].dtype != wanted[name].dtype)
        if wrong:
            raise ModelFileError(f"the weights {wrong[:3]} in it are of another type")
        network.load_state_dict(weights, assign=True)  # complains of names and shapes
        if any(values.is_meta for values in chain(network.parameters(), network.buffers())):
            raise ModelFileError("a network in it lacks weights")
        if node["frozen"]:
            network.requires_grad_(False)
        return network.eval()

    def _planned(self, node):
        from ..nets import note_arguments

        cls = find_class(node["class"])
        if not is_network(node["class"]):
            raise ModelFileError(f"{node['class']} in it is no network")
        plan = {}
        for name, one in node["arguments"].items():
            of_network = isinstance(one, dict) and one.get("is") == "plan"
            plan[name] = self._planned(one) if of_network else self.value(one)
        network = cls(**plan)
        note_arguments(network, plan)
        return network

    def _net(self, node):
        import torch

        from ..training import as_trained

        network = self.value(node["network"])
        if not isinstance(network, torch.nn.Module):
            raise ModelFileError("a net in it holds no network")
        return as_trained(network)

    def _object(self, node):
        name = node["class"]
        cls = find_class(name)
        if is_network(name):
            raise ModelFileError(f"the network {name} in it has no weights")
        params, defaults, state = (
            {key: self.value(one) for key, one in node[group].items()}
            for group in ("params", "defaults", "state")
        )
        params = _parameters(cls, params, defaults, name)
        _check_attributes(cls, state, name)
        made = cls.__new__(cls)
        vars(made).update(params | state)
        if "weights" in params and "weights_sha256_" in state:
            _find_weights(made)
        check_made(made, name)
        return made


def _find_weights(embedding):
    """Load the weights of an embedding that are named, but not in the file."""
    from ..embeddings import PretrainedEmbedding

    if not isinstance(embedding, PretrainedEmbedding) or "network_" in vars(embedding):
        return
    if embedding.weights not in available_weights():
        raise ModelFileError(f"it lacks the weights {embedding.weights!r:.80} of an embedding")
    wanted = embedding.weights_sha256_
    embedding.load_weights()
    if embedding.weights_sha256_ != wanted:
        raise ModelFileError(
            f"it was trained with other weights {embedding.weights!r:.80} (sha256 {wanted:.80}) "
            f"than those here ({embedding.weights_sha256_})"
        )


def _parameters(cls, given, defaults, name):
    """Return all parameters: those of the file, and defaults of those that it has not.

    Parameters that had their default need not be there any more.
    """
    here = parameter_defaults(cls)
    unknown = sorted(given.keys() - here.keys())
    if unknown:
        raise ModelFileError(
            f"it sets {name}({unknown[0]}=), which the installed version has not. `model_info` "
            "shows the versions that it was saved with"
        )
    kept = {key: one for key, one in defaults.items() if key in here and one not in _NOT_GIVEN}
    params = here | kept | given
    without = [key for key, value in params.items() if value is inspect.Parameter.empty]
    if without:
        raise ModelFileError(f"it does not say {name}({without[0]}=)")
    places = [key for key in PLACES if not isinstance(params.get(key), bool | None)]
    if places:
        raise ModelFileError(f"it names a place on this machine, {name}({places[0]}=)")
    return params


def _check_attributes(cls, state, name):
    for attribute in state:
        shadowed = inspect.getattr_static(cls, attribute, None)
        if not attribute.isidentifier() or attribute.startswith("__"):
            raise ModelFileError(f"{attribute!r:.80} in it is no attribute of {name}")
        if not isinstance(shadowed, _DEFAULTS):
            raise ModelFileError(f"it would replace {name}.{attribute}")


def _scalar(cls, value):
    made = cls(value)
    same = made.item() == value or (value != value and made.item() != made.item())
    if type(made.item()) is not type(value) or not same:
        raise ModelFileError(f"{value!r:.80} in it is no {cls.__name__}")
    return made


def _float(node):
    if node["value"] not in ("nan", "inf", "-inf"):
        raise ModelFileError(f"{node['value']!r:.80} in it is no float")
    return float(node["value"])


def _dtype(node):
    dtype = np.dtype(node["value"])
    if dtype.kind not in "biufUO" or dtype.names:
        raise ModelFileError(f"it has the type {node['value']!r:.80}")
    return dtype


_KINDS = {
    "array": Reader._array,
    "dict": Reader._dict,
    "dtype": lambda reader, node: _dtype(node),
    "float": lambda reader, node: _float(node),
    "net": Reader._net,
    "network": Reader._network,
    "object": Reader._object,
    "objects": Reader._objects,
    "path": lambda reader, node: Path(node["value"]),
    "random_state": Reader._random_state,
    "same": Reader._same,
    "scalar": Reader._scalar,
    "tensor": Reader._tensor,
    "tree": Reader._tree,
    "tuple": lambda reader, node: tuple(reader.value(one) for one in node["items"]),
}
