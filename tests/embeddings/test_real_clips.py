"""The published weights on clips of 4QAED."""

import numpy as np
import pandas as pd
import pytest
import torch

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    TaggerEmbedding,
    available_weights,
    find_weights,
)
from sklearn_mer.embeddings._frontend import mel_filters
from sklearn_mer.embeddings._weights import read_weights

pytestmark = pytest.mark.data

TAGGERS = [name for name, info in available_weights().items() if info.network in {"crnn", "fcn"}]
# What one would call rock and metal, and chamber music, in the three vocabularies.
LOUD = {"rock", "metal", "loud", "hard_rock", "heavy_metal", "punk", "alternative_rock", "drums"}
LOUD |= {"fast", "genre_rock", "genre_metal", "instrument_electricguitar", "instrument_drums"}
CALM = {"classical", "piano", "slow", "ambient", "strings", "quiet", "soft", "solo", "violin"}
CALM |= {"instrumental", "beautiful", "classic", "cello", "genre_classical", "genre_soundtrack"}
CALM |= {"instrument_piano", "instrument_strings", "instrument_violin", "genre_orchestral"}
CALM |= {"jazz", "genre_ambient", "acoustic", "instrument_acousticguitar"}


@pytest.fixture(scope="module")
def clips(real_data_home):
    """The first two clips of a quadrant by the genre that their metadata give."""
    folder = real_data_home / "datasets" / "4QAED"
    table = pd.read_csv(folder / "panda_dataset_taffc_metadata.csv")

    def first(quadrant, genre):
        of_genre = table["GenresStr"].fillna("").str.contains(genre)
        fits = (table["Quadrant"] == quadrant) & of_genre
        songs = sorted(table.loc[fits, "Song"])
        assert len(songs) >= 2
        return [str(folder / quadrant / f"{song}.mp3") for song in songs[:2]]

    return first("Q2", "Pop/Rock") + first("Q4", "Classical")


def tag_table(embedding, clips):
    table = embedding.set_output(transform="pandas").fit_transform(clips)
    table.columns = [name.split("_tag_")[1] for name in table.columns]
    return table


def top_tags(embedding, clips, n=6):
    return [set(row.nlargest(n).index) for _, row in tag_table(embedding, clips).iterrows()]


def check_tags(tags):
    for rock, classical in zip(tags[:2], tags[2:], strict=True):
        assert len(rock & LOUD) >= 2 > len(rock & CALM), rock
        assert len(classical & CALM) >= 2 > len(classical & LOUD), classical


# The weights of OpenL3 were not at hand: what the register cannot say, nobody can compare.
KNOWN_FILES = [name for name, info in available_weights().items() if info.sha256]


@pytest.mark.parametrize("name", KNOWN_FILES)
def test_the_files_are_those_of_the_register(name, real_data_home):
    path = find_weights(name, real_data_home)
    assert path.stat().st_size == available_weights()[name].n_bytes


@pytest.mark.parametrize("name", [name for name in TAGGERS if "msd" not in name])
def test_tags_of_a_tagger(name, clips):
    check_tags(top_tags(TaggerEmbedding(weights=name, output="tags"), clips))


def test_rock_clips_say_rock(clips):
    tags = top_tags(TaggerEmbedding(weights="mtat_crnn", output="tags"), clips, n=5)
    assert ["rock" in of_clip for of_clip in tags] == [True, True, False, False]


@pytest.mark.parametrize("name", TAGGERS)
def test_rock_and_classical_clips_change_places(name, clips):
    # The tags of the Million Song Dataset have no "classical": there, only the order counts.
    table = tag_table(TaggerEmbedding(weights=name, output="tags"), clips)
    loud = table[[tag for tag in table if tag in LOUD]].sum(axis=1)
    calm = table[[tag for tag in table if tag in CALM]].sum(axis=1)
    assert loud[:2].min() > loud[2:].max()
    assert calm[:2].max() < calm[2:].min()


@pytest.mark.parametrize(
    "name", ["MSD_musicnn", pytest.param("MTT_musicnn", marks=pytest.mark.slow)]
)
def test_tags_of_musicnn(name, clips):
    check_tags(top_tags(MusiCNNEmbedding(weights=name, output="tags"), clips))


def test_names_of_the_tags_are_those_beside_the_weights(real_data_home):
    names = np.load(real_data_home / "weights" / "mtat_tags.npy", allow_pickle=False)
    assert available_weights()["mtat_crnn"].tags == tuple(names)


def test_sizes_and_names(clips):
    for embedding, width, first in [
        (TaggerEmbedding(), 32, "mtat_crnn_state_00"),
        (TaggerEmbedding(weights="msd_fcn"), 64, "msd_fcn_state_00"),
        (MusiCNNEmbedding(), 1506, "msd_musicnn_max_000"),
        (MusiCNNEmbedding(output="penultimate"), 200, "msd_musicnn_penultimate_000"),
        (ArtistEmbedding(), 256, "artist_000"),
    ]:
        values = embedding.fit_transform(clips[:2])
        assert values.shape == (2, width)
        assert np.isfinite(values).all()
        assert embedding.get_feature_names_out()[0] == first


def test_the_front_end_without_a_file_is_that_of_the_file(real_data_home):
    state = read_weights(find_weights("mtat_crnn", real_data_home))
    torch.testing.assert_close(state["spec.spectrogram.window"], torch.hann_window(512))
    filters = mel_filters(16000, 512, 96, htk=True, equal_area=False)
    torch.testing.assert_close(state["spec.mel_scale.fb"], filters, rtol=0, atol=2e-5)
