"""From a fitted estimator to JSON and plain arrays."""

import math
from collections import OrderedDict
from contextlib import contextmanager
from pathlib import Path, PosixPath, WindowsPath

import numpy as np
import torch
from numpy.lib.recfunctions import repack_fields
from skorch import NeuralNet

from .._compat import tree_class
from ..embeddings import PretrainedEmbedding
from ..weights import available_weights
from ._classes import PLACES, SCALARS, WEIGHTS, class_name, is_network, parameter_defaults
from ._layout import in_memory_order


class Writer:
    """Turns values into nodes of JSON, and collects the arrays that they name.

    A node is None, a bool, int, finite float, string or list of nodes, or an object whose ``is``
    says what it stands for; `Reader` is the inverse. An object that is in several places is
    written in the first, with an ``id`` that the others name.

    Parameters
    ----------
    include_weights : bool
        Whether weights of the register are written; if not, they are named.

    Attributes
    ----------
    arrays : list of ndarray
        In the order of their numbers.
    """

    def __init__(self, include_weights=True):
        self._include_weights = include_weights
        self.arrays = []
        self._nodes = {}  # of objects, and the objects, so that no id is given twice
        self._n_ids = 0
        self._path = []

    def node(self, value):
        """Return the node of a value."""
        kind = type(value)
        if value is None or kind in (bool, int, str) or (kind is float and math.isfinite(value)):
            return value
        if kind is list:
            return self._items(value)
        if isinstance(value, np.dtype):
            return {"is": "dtype", "value": value.str}
        if kind in _COPIED:
            return _COPIED[kind](self, value)
        return self._shared(value)

    def _shared(self, value):
        if id(value) not in self._nodes:
            self._nodes[id(value)] = value, None
            self._nodes[id(value)] = value, self._object(value)
            return self._nodes[id(value)][1]
        _, first = self._nodes[id(value)]
        if first is None:
            self._refuse("contains itself")
        if "id" not in first:
            self._n_ids += 1
            first["id"] = self._n_ids
        return {"is": "same", "as": first["id"]}

    def _object(self, value):
        kind = type(value)
        if kind in _SHARED:
            return _SHARED[kind](self, value)
        if kind is tree_class():
            return self._tree(value)
        if isinstance(value, torch.nn.Module) and is_network(class_name(kind)):
            return self._network(value)
        if isinstance(value, NeuralNet):
            return {"is": "net", "network": self._inside(".module_", value.module_)}
        name = class_name(kind)
        if name is None:
            self._refuse(f"is of the type {kind.__module__}.{kind.__qualname__}")
        if vars(value).get("trust_remote_code"):
            self._refuse("runs code that comes with its model (trust_remote_code=True)")
        known = parameter_defaults(kind)
        groups = {"params": {}, "defaults": {}, "state": {}}  # in this order, to be read in it
        for key, one in sorted(vars(value).items()):
            if key not in known:
                groups["state"][key] = one
            elif key in PLACES and not isinstance(one, bool):
                groups["params"][key] = PLACES[key]
            else:
                groups["defaults" if _is_default(one, known[key]) else "params"][key] = one
        if self._leaves_out_weights(value):
            for key in WEIGHTS:
                groups["state"].pop(key, None)
        written = {
            group: {key: self._inside(f".{key}", one) for key, one in held.items()}
            for group, held in groups.items()
        }
        return {"is": "object", "class": name, **written}

    def _leaves_out_weights(self, embedding):
        """Return whether the weights of an embedding are found again by their name."""
        if self._include_weights or not isinstance(embedding, PretrainedEmbedding):
            return False
        return getattr(embedding, "weights", None) in available_weights()

    def _array(self, array):
        if array.dtype.kind == "O":
            items = self._items(array.ravel().tolist())
            return {"is": "objects", "shape": list(array.shape), "items": items}
        if array.dtype.kind not in "biufU":
            self._refuse(f"is an array of {array.dtype}")
        stored, layout = in_memory_order(array)
        self.arrays.append(stored)
        return {"is": "array", "number": len(self.arrays) - 1, **layout}

    def _tensor(self, tensor):
        return {"is": "tensor", "values": self._array(tensor.detach().cpu().numpy())}

    def _tree(self, tree):
        _, (n_features, n_classes, _), state = tree.__reduce__()
        # Without the bytes between the fields, which are anything.
        self.arrays.append(repack_fields(state["nodes"]))
        return {
            "is": "tree",
            "n_features": int(n_features),
            "n_classes": self._array(np.asarray(n_classes)),
            "nodes": {"is": "array", "number": len(self.arrays) - 2},
            "values": self._array(state["values"]),
        }

    def _network(self, network):
        if not hasattr(network, "made_with"):
            self._refuse("is a network that does not say what it was made with")
        weights = network.state_dict().items()
        return {
            **self._plan(type(network), network.made_with),
            "is": "network",
            "frozen": not any(values.requires_grad for values in network.parameters()),
            "weights": [[name, self._tensor(values)] for name, values in weights],
        }

    def _plan(self, cls, arguments):
        """Return class and arguments of a network; those of networks among these by a plan."""
        given = {}
        for name, value in sorted(arguments.items()):
            if isinstance(value, tuple) and value and isinstance(value[0], type):
                given[name] = self._plan(*value)
            else:
                given[name] = self._inside(f"({name}=)", value)
        return {"is": "plan", "class": class_name(cls), "arguments": given}

    def _dict(self, value):
        items = [[self.node(key), self._inside(f"[{key!r}]", one)] for key, one in value.items()]
        return {"is": "dict", "items": items}

    def _items(self, values):
        return [self._inside(f"[{i}]", value) for i, value in enumerate(values)]

    def _inside(self, step, value):
        with self._at(step):
            return self.node(value)

    @contextmanager
    def _at(self, step):
        self._path.append(step)
        yield
        self._path.pop()

    def _refuse(self, why):
        where = "".join(self._path).lstrip(".") or "The estimator"
        raise TypeError(
            f"{where} {why}, which cannot be saved. Files of models hold the classifiers of this "
            "library, and pipelines of its parts and of parts of scikit-learn, with plain "
            "parameters; `save_model` lists them. joblib.dump saves anything, as a file that only "
            "its maker should load."
        )


def _is_default(value, default):
    plain = default is None or type(default) in (bool, int, float, str, tuple)
    return plain and type(value) is type(default) and value == default


# What is little, and written again where it is in several places.
_COPIED = {
    float: lambda writer, value: {"is": "float", "value": str(value)},
    tuple: lambda writer, value: {"is": "tuple", "items": writer._items(value)},
    dict: Writer._dict,
    OrderedDict: Writer._dict,
    **dict.fromkeys(
        (Path, PosixPath, WindowsPath), lambda writer, value: {"is": "path", "value": str(value)}
    ),
    **dict.fromkeys(
        SCALARS,
        lambda writer, value: {
            "is": "scalar",
            "dtype": value.dtype.type.__name__,
            "value": writer.node(value.item()),
        },
    ),
}
_SHARED = {
    np.ndarray: Writer._array,
    torch.Tensor: Writer._tensor,
    np.random.RandomState: lambda writer, value: {
        "is": "random_state",
        "state": writer.node(value.get_state(legacy=False)),
    },
}
