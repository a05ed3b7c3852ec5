"""The pre-trained weights that the library knows."""

from dataclasses import dataclass

from ._tags import TAGS

_WON = (
    'Won, Ferraro, Bogdanov, Serra, "Evaluation of CNN-based automatic music tagging models", '
    "SMC 2020."
)
_PONS = (
    'Pons, Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging", '
    "ISMIR 2019, late-breaking."
)
_PARK = (
    'Park, Lee, Park, Ha, Nam, "Representation learning of music using artist labels", ISMIR 2018.'
)

_CRAMER = (
    'Cramer, Wu, Salamon, Bello, "Look, listen, and learn more: design choices for deep audio '
    'embeddings", ICASSP 2019.'
)


_WON_MTAT = "1f4d282693ac19cde4d30b86811fe0ae2452f406"
_WON_OTHERS = "ffcd1f90b97a1e923a50c6e5283f147cf9dd7dfd"
_PONS_COMMIT = "516acb2a0ff5ef73f64547898e018e793152c506"
_PARK_COMMIT = "68841d227fef71ac76b44e704007e50452042a38"
_RAW = "https://raw.githubusercontent.com"

#: The embedding that takes the weights of a network.
EMBEDDINGS = {
    "crnn": "TaggerEmbedding",
    "fcn": "TaggerEmbedding",
    "musicnn": "MusiCNNEmbedding",
    "artist": "ArtistEmbedding",
    "openl3": "OpenL3Embedding",
}


@dataclass(frozen=True)
class Original:
    """A file that weights are made from, as its authors publish it.

    Parameters
    ----------
    url : str
        Its address, pinned to a commit where one is known.
    sha256 : str or None
        SHA-256 digest. If None, that of the first download is noted and checked from then on.
    n_bytes : int or None
        Size in bytes; None if unknown.
    """

    url: str
    sha256: str | None
    n_bytes: int | None

    @property
    def file(self):
        """The last part of the address."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True)
class WeightsInfo:
    """A file of pre-trained weights.

    Parameters
    ----------
    name : str
        Value of the parameter `weights` of estimators.
    network : {"crnn", "fcn", "musicnn", "artist", "openl3"}
        The network that the weights are of.
    file : str
        Name of the file in the sub-folder ``weights`` of the data home.
    url : str
        Page that the weights come from.
    sha256 : str or None
        SHA-256 digest. If None, that of the first download is noted and checked from then on.
    n_bytes : int or None
        Size in bytes; None if unknown.
    licence : str
        Licence of the weights.
    citation : str
        Publication to cite.
    how : str
        How `fetch_weights` makes the file from the originals.
    trained_on : str
        Training data.
    tags : tuple of str, default=()
        Names of the outputs in order, if they are tags.
    originals : tuple of Original, default=()
        What the authors publish.
    rows : tuple of str, default=()
        Rows of the study that need the weights.
    models : tuple of str, default=()
        Ready models that need the weights.

    See Also
    --------
    available_weights : All entries of the register.
    fetch_weights : Download the file of an entry.
    """

    name: str
    network: str
    file: str
    url: str
    sha256: str | None
    n_bytes: int | None
    licence: str
    citation: str
    how: str
    trained_on: str
    tags: tuple = ()
    originals: tuple = ()
    rows: tuple = ()
    models: tuple = ()

    @property
    def embedding(self):
        """Name of the embedding that takes the weights."""
        return EMBEDDINGS[self.network]

    @property
    def download_bytes(self):
        """Size of the originals in bytes; None if unknown."""
        sizes = [original.n_bytes for original in self.originals]
        return None if None in sizes else sum(sizes)


def _tagger(name, sha256, n_bytes):
    data, network = name.split("_")
    commit = _WON_MTAT if data == "mtat" else _WON_OTHERS
    path = f"{commit}/models/{data}/{network}/best_model.pth"
    fusion = network == "fcn"
    return WeightsInfo(
        name=name,
        network=network,
        file=f"{name}.pth",
        url="https://github.com/minzwon/sota-music-tagging-models",
        sha256=sha256,
        n_bytes=n_bytes,
        licence="MIT",
        citation=_WON,
        how=f"the {network.upper()} trained on {data} of that repository, renamed",
        trained_on=data,
        tags=TAGS[data],
        originals=(Original(f"{_RAW}/minzwon/sota-music-tagging-models/{path}", sha256, n_bytes),),
        rows=("fusion_audio", "fusion") if fusion else ("crnn_mtat",) * (name == "mtat_crnn"),
        models=("full",) if fusion else (),
    )


def _musicnn(name, data, sha256, of_data, of_index):
    folder = f"{_RAW}/jordipons/musicnn/{_PONS_COMMIT}/musicnn/{name}"
    return WeightsInfo(
        name=name,
        network="musicnn",
        file=f"{name}.npz",
        url="https://github.com/jordipons/musicnn",
        sha256=sha256,
        n_bytes=3186420,
        licence="ISC",
        citation=_PONS,
        how=f"the variables of the checkpoint {name} as arrays under their names",
        trained_on=data,
        tags=TAGS[data],
        originals=(
            Original(f"{folder}/.index", of_index, 4948),
            Original(f"{folder}/.data-00000-of-00001", of_data, 9465596),
        ),
    )


_OPENL3_DATA = {
    "music": "videos of music of AudioSet",
    "env": "videos of environmental sounds of AudioSet",
}


def openl3_name(input_repr, content_type):
    """Return the register's name of an OpenL3 model.

    Parameters
    ----------
    input_repr : {"mel256", "mel128", "linear"}
        Input of the network.
    content_type : {"music", "env"}
        Training data.

    Returns
    -------
    str
        The name.
    """
    return f"openl3_{input_repr}_{content_type}"


def _openl3(input_repr, content_type):
    # The files "..._6144" hold the same arrays; the pooling, which has none, is what differs.
    file = f"torchopenl3_{input_repr}_{content_type}_512.pth.tar"
    name = openl3_name(input_repr, content_type)
    url = "https://github.com/torchopenl3/torchopenl3-models"
    return WeightsInfo(
        name=name,
        network="openl3",
        file=file,
        url=url,
        sha256=None,
        n_bytes=None,
        licence="CC BY 4.0",
        citation=_CRAMER,
        how=f"{file} of that repository, as it is (a port of https://github.com/marl/openl3)",
        trained_on=_OPENL3_DATA[content_type],
        # The address that torchopenl3 itself downloads from; no commit is known.
        originals=(Original(f"{url}/raw/master/{file}", None, None),),
        rows=("openl3",) if name == "openl3_mel256_music" else (),
    )


_ALL = (
    _tagger(
        "mtat_crnn", "cd22fc70cafd06f8f2bfc7dd795abccb1f4b50d5b09094c39ad100baf87475a3", 1687630
    ),
    _tagger(
        "msd_crnn", "ebb99855ed0c83f38845db9cfb383dd6fc70938bc58701dcb66e18af9ee7fbea", 1687711
    ),
    _tagger(
        "jamendo_crnn", "0a558989c0793f488cb677d188464c91f47c007f7c70473230e55537ca598215", 1687626
    ),
    _tagger(
        "mtat_fcn", "e89d751202d38c3ae69855782bc27010f87051958dbec64f5aa762364dbac271", 1902811
    ),
    _tagger("msd_fcn", "6012aa7eecf864a8081faedca56af054521e8dfb9c5c98659a3dd5d3e1e66f21", 1902815),
    _tagger(
        "jamendo_fcn", "7bce08a66dbc70d096b0a330f44b4cacd9aa25519b83489fbb98f2164a194e2b", 1902815
    ),
    _musicnn(
        "MSD_musicnn",
        "msd",
        "adcdf23301bc7d964725d8db9dd7190618f341e4b253717d4b5735585b501667",
        of_data="8579734ee6388f799ed0def4bbd0d1fdcbeaf213ef2a9dc860917bd76a303de6",
        of_index="87f3e0f3550c8d3bafc840374003e5c8af5eeb5ecf6add61af09a7822d3282c8",
    ),
    _musicnn(
        "MTT_musicnn",
        "mtat",
        "682859d0b2f2a6e0623797fd652eddb8065b57799afe911ef02782a234187862",
        of_data="041f3935e981a65cea739842d30c188d3a7d2adf4410955c8668eb3de4a5acab",
        of_index="da2d7bb670b2b31e9bc441bb1bd75eca31b5b061f963cc1f9630c1aff3238f57",
    ),
    WeightsInfo(
        name="artist_siamese_10000",
        network="artist",
        file="artist_siamese_10000.npz",
        url="https://github.com/jongpillee/ismir2018-artist",
        sha256="bf46823bd726145e5d3f158c8b62b67c25b0026aeb79a840a2d92d1d98a857ed",
        n_bytes=1072428,
        licence="MIT",
        citation=_PARK,
        how="the arrays of the siamese model of 10,000 artists, under their names",
        trained_on="10,000 artists of the Million Song Dataset",
        originals=(
            Original(
                f"{_RAW}/jongpillee/ismir2018-artist/{_PARK_COMMIT}"
                "/models/model_siamese_10000_4_0.40/model_siamese_10000.h5",
                "3b3ad09c321786c8ea388269ee3c35ab540734ce5209f40a430f1c9b0a25f753",
                2210360,
            ),
        ),
        rows=("artist_cnn",),
    ),
    *(
        _openl3(input_repr, content_type)
        for input_repr in ("mel256", "mel128", "linear")
        for content_type in _OPENL3_DATA
    ),
)


def available_weights():
    """Return the registered files of weights, available locally or not.

    Returns
    -------
    dict of str to WeightsInfo
        By name.

    See Also
    --------
    fetch_weights : Download a file.
    find_weights : Path of a file.

    Examples
    --------
    >>> from sklearn_mer.weights import available_weights
    >>> weights = available_weights()
    >>> list(weights)
    ['mtat_crnn', 'msd_crnn', 'jamendo_crnn', 'mtat_fcn', 'msd_fcn', 'jamendo_fcn',
     'MSD_musicnn', 'MTT_musicnn', 'artist_siamese_10000', 'openl3_mel256_music', ...]
    >>> weights["mtat_crnn"].licence, weights["mtat_crnn"].n_bytes
    ('MIT', 1687630)
    """
    return {info.name: info for info in _ALL}
