"""Docstrings: shared paragraphs, and that every parameter and return value is described."""

from collections import defaultdict
from importlib import import_module
from inspect import getmembers, isclass, isfunction

import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate
from sklearn.utils._testing import assert_docstring_consistency

from sklearn_mer._docs import PARAGRAPHS, share_docs

SUBPACKAGES = [
    "audio",
    "augmentation",
    "commands",
    "datasets",
    "embeddings",
    "embeddings.pretraining",
    "features",
    "methods",
    "model_selection",
    "models",
    "nets",
    "plotting",
    "serve",
    "songs",
    "spectrogram",
    "study",
    "tags",
    "training",
    "weights",
]
# Parameters whose meaning, or the sentences added to the shared paragraph, differ by class.
OWN = {
    "ArtistClassifier": {"cache", "duration"},
    "DeepSMOTE": {"history_", "max_epochs", "n_features_in_", "net_", "random_state"}
    | {"sampling_strategy_"},
    "EmotionFeatures": {"cache"},
    "ArtistCNN": {"duration"},
    "ArtistEmbedding": {"duration"},
    "MelSpectrogram": {"cache"},
    "AutoencoderEmbedding": {"frontend", "history_", "net_", "random_state"},
    "CRNNTagger": {"cache", "classes_", "duration", "history_"},
    "HubEmbedding": {"duration", "pooling", "window", "network_"},
    "HybridMER": {"augment", "frontend", "max_epochs", "n_epochs_", "net_", "schedule"}
    | {"history_", "stop_accuracy"},
    "MusiCNNEmbedding": {"duration", "statistics"},
    "ONNXEmbedding": {"duration", "sample_rate", "network_"},
    "OpenL3Embedding": {"duration"},
    "PretrainedCRNN": {"duration", "history_", "net_"},
    "SVMBaseline": {"n_jobs", "random_state"},
    "KernelFusion": {"random_state"},
    "EmotionFusion": {"duration", "random_state"},
    "SampleCNN": {"frontend"},
    "TaggerEmbedding": {"duration"},
}
# Rooms whose classes share their parameters.
FAMILIES = [
    ("audio", "features", "spectrogram"),
    ("augmentation",),
    ("embeddings", "embeddings.pretraining", "methods"),
]


def public_objects(subpackage):
    """Public names of a sub-package, with the methods that the library defines."""
    module = import_module(f"sklearn_mer.{subpackage}")
    for name in module.__all__:
        yield name
        # The methods of `CellResults` are called by the study itself, but for `rows`.
        if isclass(value := getattr(module, name)) and subpackage != "study":
            for member, function in getmembers(value, isfunction):
                if not member.startswith("_") and function.__module__.startswith("sklearn_mer"):
                    yield f"{name}.{member}"


@pytest.mark.parametrize("subpackage", SUBPACKAGES)
def test_every_parameter_and_return_value_is_described(subpackage):
    found = {
        name: [
            text
            for code, text in validate(f"sklearn_mer.{subpackage}.{name}")["errors"]
            if code in ("PR01", "PR07", "RT03")
        ]
        for name in public_objects(subpackage)
    }
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize("subpackage", SUBPACKAGES)
def test_see_also_names_what_is_there(subpackage):
    module = import_module(f"sklearn_mer.{subpackage}")
    known = {name for room in SUBPACKAGES for name in import_module(f"sklearn_mer.{room}").__all__}
    for name in module.__all__:
        sections = NumpyDocString(getattr(module, name).__doc__ or "")["See Also"]
        for other, _ in (entry for entries, _ in sections for entry in entries):
            room, _, last = other.rpartition(".")
            if not room:
                assert last in known, f"{name}: {other}"
            elif room.startswith("sklearn_mer"):
                assert last in import_module(room).__all__, f"{name}: {other}"


@pytest.mark.parametrize("family", FAMILIES, ids="-".join)
def test_shared_parameters_and_attributes_have_one_description(family):
    classes = {
        value
        for module in (import_module(f"sklearn_mer.{subpackage}") for subpackage in family)
        for value in (getattr(module, name) for name in module.__all__)
        if isclass(value) and hasattr(value, "get_params")
    }
    owners = {"Parameters": defaultdict(list), "Attributes": defaultdict(list)}
    for cls in classes:
        doc = NumpyDocString(cls.__doc__)
        for section, by_name in owners.items():
            for name, _, _ in doc[section]:
                by_name[name].append(cls)
    compared = 0
    for section, option in [("Parameters", "include_params"), ("Attributes", "include_attrs")]:
        for name, having in owners[section].items():
            alike = [cls for cls in having if name not in OWN.get(cls.__name__, ())]
            if name in PARAGRAPHS.keys() - {"weights"} and len(alike) > 1:
                # Types contain the defaults, which differ.
                assert_docstring_consistency(alike, **{option: [name]}, ignore_types=(name,))
                compared += 1
    assert compared >= 7


def test_a_name_in_braces_is_replaced_with_the_indent_of_its_line():
    @share_docs
    def function():
        """Do it.

        Parameters
        ----------
        cache : {True, False}
            {cache}
        other : dict
            Not a {cache} of its own.
        """

    lines = [line.strip() for line in PARAGRAPHS["cache"].splitlines()]
    found = function.__doc__.splitlines()
    start = next(i for i, line in enumerate(found) if line.strip() == lines[0])
    assert [line.strip() for line in found[start : start + len(lines)]] == lines
    indents = {len(line) - len(line.lstrip()) for line in found[start : start + len(lines)]}
    assert len(indents) == 1
    assert "cache : {True, False}" in function.__doc__
    assert "Not a {cache} of its own." in function.__doc__


def test_an_unknown_name_is_an_error():
    def function():
        """Do it.

        {no_such_paragraph}
        """

    with pytest.raises(KeyError, match="no_such_paragraph"):
        share_docs(function)
