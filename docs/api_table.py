"""The one table that the pages of the API reference are made from."""

from importlib import import_module
from inspect import isclass, isfunction

#: Title, module, what it is about, public names.
SECTIONS = (
    (
        "Methods",
        "sklearn_mer.methods",
        "The rows of Table 1, each a classifier of clips, what they are made of, and the "
        "classifiers that embeddings are pre-trained with. The classes are also in "
        "``sklearn_mer`` itself.",
        [
            "SVMBaseline",
            "CNNBaseline",
            "CNNGRU",
            "CRNN",
            "ShortChunkCNN",
            "SampleCNN",
            "ArtistCNN",
            "PretrainedCRNN",
            "HybridMER",
            "DeepSMOTE",
            "AutoencoderEmbedding",
            "EmbeddingForest",
            "CRNNTagger",
            "ArtistClassifier",
            "available_methods",
            "make_method",
            "Method",
            "resumable_training",
        ],
    ),
    (
        "Data sets",
        "sklearn_mer.datasets",
        "Clips with their quadrants and artists.",
        [
            "load_4qaed",
            "load_merge",
            "load_folder",
            "load_magnatagatune",
            "make_quadrant_clips",
            "fetch_4qaed",
            "fetch_merge",
            "get_data_home",
            "DatasetError",
            "DatasetNotFoundError",
            "DownloadError",
        ],
    ),
    (
        "Audio",
        "sklearn_mer.audio",
        "Clips to waveforms, and the cache of what is computed from a clip.",
        ["AudioLoader", "ClipCache", "default_cache_folder", "AudioError"],
    ),
    (
        "Spectrograms",
        "sklearn_mer.spectrogram",
        "Clips to spectrograms.",
        ["MelSpectrogram"],
    ),
    (
        "Features",
        "sklearn_mer.features",
        "Clips to tables. All columns of `EmotionFeatures`: :doc:`descriptors`.",
        ["EmotionFeatures", "SummaryFeatures", "describe_columns"],
    ),
    (
        "Embeddings",
        "sklearn_mer.embeddings",
        "Clips to tables by pre-trained networks, and the register of their weights.",
        [
            "TaggerEmbedding",
            "MusiCNNEmbedding",
            "ArtistEmbedding",
            "OpenL3Embedding",
            "available_weights",
            "find_weights",
            "load_network",
            "WeightsInfo",
            "WeightsError",
            "WeightsNotFoundError",
        ],
    ),
    (
        "Augmentation",
        "sklearn_mer.augmentation",
        "Samplers that add altered copies of clips to a training set.",
        [
            "TimeShift",
            "PitchShift",
            "TimeStretch",
            "PowerShift",
            "TimeMask",
            "BandStop",
            "SevenBandEQ",
            "Gain",
            "Chain",
            "WaveformSampler",
        ],
    ),
    (
        "Model selection",
        "sklearn_mer.model_selection",
        "Splitters and searches beside scikit-learn's.",
        ["RepeatedStratifiedGroupKFold", "BayesSearchCV"],
    ),
    (
        "Plotting",
        "sklearn_mer.plotting",
        "Displays in scikit-learn's style; they need the extra ``plot``.",
        [
            "QuadrantConfusionDisplay",
            "ValenceArousalDisplay",
            "LearningHistoryDisplay",
            "find_history",
        ],
    ),
    (
        "Networks",
        "sklearn_mer.nets",
        "Plain torch modules, as the methods build them.",
        [
            "MelCNN",
            "MelCNNGRU",
            "MelCRNN",
            "ShortChunkNet",
            "SampleNet",
            "GRU",
            "MelAutoencoder",
            "RowAutoencoder",
            "FeatureDNN",
            "HybridHead",
            "HybridNet",
            "Dropout",
            "Conv3x3",
            "convolve3x3",
            "convolve_and_norm",
            "MaxPoolReLU",
            "max_pool_relu",
            "TaggingCRNN",
            "TaggingFCN",
            "MusiCNN",
            "ArtistNet",
            "ArtistLabelNet",
            "OpenL3Net",
            "TransferHead",
            "TransferNet",
        ],
    ),
    (
        "Study",
        "sklearn_mer.study",
        "Cells, the store that keeps them, the runner, the table, its statistics and the report.",
        [
            "table1",
            "open_dataset",
            "study_methods",
            "plan_cells",
            "run_cells",
            "score_cell",
            "make_table",
            "table_markdown",
            "write_table",
            "gather_report",
            "write_report",
            "fold_scores",
            "compare_rows",
            "comparisons_markdown",
            "corrected_interval",
            "corrected_t_test",
            "equivalence_probabilities",
            "holm_correction",
            "cell_seed",
            "Cell",
            "CellResult",
            "CellStore",
            "Protocol",
            "ReportContent",
            "RunSummary",
            "StudyData",
            "StudyMethod",
            "StoreError",
        ],
    ),
    (
        "Parts for new estimators",
        "sklearn_mer.audio",
        "What the library's own transformers and samplers are written with.",
        [
            "Clips",
            "check_clips",
            "apply_step",
            "apply_lazily",
            "LazyRows",
            "apply_to_first",
            "check_cache",
            "decode",
            "digest_of",
            "holds_audio",
            "stack_rows",
            "UnusableAudio",
        ],
    ),
)


def public_names(module):
    """Return the classes and functions that a module declares public."""
    loaded = import_module(module)
    named = {name: getattr(loaded, name) for name in loaded.__all__}
    return {name for name, thing in named.items() if isclass(thing) or isfunction(thing)}


def page():
    """Return the API reference as reStructuredText."""
    lines = ["API reference", "=" * 13, ""]
    for title, module, about, names in SECTIONS:
        lines += [title, "-" * len(title), "", about, "", f".. currentmodule:: {module}", ""]
        lines += [".. autosummary::", "   :toctree: generated", "   :nosignatures:", ""]
        lines += [*(f"   {name}" for name in names), ""]
    return "\n".join(lines)
