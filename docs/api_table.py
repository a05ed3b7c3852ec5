"""The pages of the API reference, made from the public names of each sub-package.

All classes and functions in the ``__all__`` of a sub-package are listed. A name is on the page for
users unless `DEVELOPER` or `DEVELOPER_BUT` put it on the page for developers.
"""

from importlib import import_module
from inspect import isclass, isfunction

#: Module, title and summary of each section, in the order of the pages.
SECTIONS = (
    (
        "sklearn_mer.methods",
        "Methods",
        "The rows of Table 1: classifiers of clips. The classes are in ``sklearn_mer`` too.",
    ),
    (
        "sklearn_mer.songs",
        "Songs",
        "Whole songs of any length, their curves over time, and what the numbers mean.",
    ),
    (
        "sklearn_mer.features",
        "Features",
        "Clips to tables of descriptors. All columns of `EmotionFeatures`: :doc:`/descriptors`.",
    ),
    ("sklearn_mer.spectrogram", "Spectrograms", "Clips to mel-spectrograms."),
    (
        "sklearn_mer.embeddings",
        "Embeddings",
        "Clips to tables by pre-trained networks.",
    ),
    (
        "sklearn_mer.weights",
        "Weights",
        "The register of pre-trained weights, and how to get them.",
    ),
    (
        "sklearn_mer.embeddings.pretraining",
        "Pre-training",
        "Classifiers whose networks are saved as weights for embeddings.",
    ),
    (
        "sklearn_mer.augmentation",
        "Augmentation",
        "Samplers that add altered copies of clips, or new spectrograms, to a training set.",
    ),
    ("sklearn_mer.datasets", "Data sets", "Clips with their quadrants and artists."),
    ("sklearn_mer.audio", "Audio", "Files to waveforms, and the cache of what is computed."),
    (
        "sklearn_mer.tags",
        "Tags",
        "Moods in the tags of music files; they need the extra ``tags``.",
    ),
    (
        "sklearn_mer.models",
        "Models on disk",
        "Fitted estimators as files without code, and back.",
    ),
    (
        "sklearn_mer.model_selection",
        "Model selection",
        "Splitters and searches beside those of scikit-learn, and statistics of overlapping folds.",
    ),
    (
        "sklearn_mer.plotting",
        "Plotting",
        "Displays in the style of scikit-learn; they need the extra ``plot``.",
    ),
    ("sklearn_mer.training", "Training", "From arrays and settings to a trained network."),
    (
        "sklearn_mer.nets",
        "Networks",
        "The networks of the methods: plain torch modules.",
    ),
    ("sklearn_mer.commands", "Command line", "What ``sklearn-mer`` runs."),
    ("sklearn_mer.serve", "Service", "HTTP before worker processes; knows nothing of music."),
    (
        "sklearn_mer.study",
        "Study",
        "Cross-validation of many methods, its table and its report.",
    ),
)
#: For developers: these names of a module.
DEVELOPER = {
    "sklearn_mer.embeddings": {"PretrainedEmbedding", "load_network"},
    "sklearn_mer.weights": {"file_sha256", "how_to_get", "missing_weights", "openl3_name"}
    | {"registered_as"},
    "sklearn_mer.augmentation": {"append_copies", "as_samplers"},
    "sklearn_mer.nets": {"note_arguments"},
    "sklearn_mer.model_selection": {"equal_runs", "printed_interval"},
    "sklearn_mer.datasets": {"stream_songs"},
    "sklearn_mer.models": {"describe_data"},
    "sklearn_mer.songs": {
        "Song",
        "check_song_classifier",
        "check_window",
        "iter_songs",
        "tells_familiarity",
        "unfamiliar_note",
    },
    "sklearn_mer.tags": {"Written", "check_writable", "default_journal"},
    "sklearn_mer.plotting": {"find_history", "inline_svg", "name_points"},
}
#: For developers: all names of a module but these.
DEVELOPER_BUT = {
    "sklearn_mer.audio": {"AudioError", "AudioLoader", "ClipCache", "default_cache_folder"},
    "sklearn_mer.spectrogram": {"MelSpectrogram"},
    "sklearn_mer.training": {"resumable_training"},
    "sklearn_mer.commands": set(),
    "sklearn_mer.serve": set(),
    "sklearn_mer.study": {
        "CellResults",
        "Protocol",
        "StudyData",
        "fold_scores",
        "make_table",
        "open_dataset",
        "plan_cells",
        "run_cells",
        "table1",
        "write_report",
    },
}


def public_names(module):
    """Return the public classes and functions of a module, in the order of its ``__all__``."""
    loaded = import_module(module)
    named = {name: getattr(loaded, name) for name in loaded.__all__}
    return [name for name, thing in named.items() if isclass(thing) or isfunction(thing)]


def user_names(module):
    """Return the names of a module that are on the page for users."""
    if module in DEVELOPER_BUT:
        return [name for name in public_names(module) if name in DEVELOPER_BUT[module]]
    return [name for name in public_names(module) if name not in DEVELOPER.get(module, ())]


def developer_names(module):
    """Return the names of a module that are on the page for developers."""
    users = user_names(module)
    return [name for name in public_names(module) if name not in users]


def pages():
    """Return the pages of the reference as reStructuredText, by their names."""
    users = (
        "What users of the library call. Names for those who extend it are in :doc:`developer/api`."
    )
    developers = (
        "Public names for those who write new estimators, networks or studies. They change more "
        "often than those in :doc:`/api`."
    )
    return _pages("api", "API reference", users, user_names) | _pages(
        "developer/api", "API for developers", developers, developer_names
    )


def _pages(root, title, about, names_of):
    """Return a page that lists the sections, and one page a section: groups in the sidebar."""
    found = {}
    index = [title, "=" * len(title), "", about, ""]
    tree = ["", ".. toctree::", "   :hidden:", ""]
    for module, heading, summary in SECTIONS:
        names = names_of(module)
        if names:
            name = f"{root}/{module.removeprefix('sklearn_mer.').replace('.', '_')}"
            generated = "../" * name.count("/") + "generated"
            found[f"{name}.rst"] = _section(module, heading, summary, names, generated)
            index += [heading, "-" * len(heading), "", summary, "", *_summary(module, names), ""]
            tree.append(f"   /{name}")
    found[f"{root}.rst"] = "\n".join([*index, *tree, ""])
    return found


def _section(module, heading, summary, names, generated):
    about = [heading, "=" * len(heading), "", summary, ""]
    return "\n".join([*about, *_summary(module, names, toctree=generated), ""])


def _summary(module, names, toctree=None):
    options = [f"   :toctree: {toctree}"] if toctree else []
    names = [f"   {name}" for name in names]
    start = [f".. currentmodule:: {module}", "", ".. autosummary::", *options, "   :nosignatures:"]
    return [*start, "", *names]
