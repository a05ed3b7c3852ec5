import numpy as np
import pandas as pd
import pytest

from .small_networks import TAGS, artist_classifier, sounds, tagger


@pytest.fixture(scope="module")
def tagged():
    """Sixteen clips of 1.6 s at 16 kHz, and a table of their tags."""
    tags = np.array([[n & 1, n >> 1 & 1, n >> 2 & 1] for n in range(16)])
    return sounds(tags, 1.6, 16000), pd.DataFrame(tags, columns=TAGS)


@pytest.fixture(scope="module")
def by_artists():
    """Twelve clips of 6.1 s (two segments) at 22,050 Hz of three artists."""
    artists = np.tile(TAGS, 4)
    return sounds(np.array([artists == tag for tag in TAGS]).T, 6.1, 22050), artists


@pytest.fixture(params=["tagger", "artists"])
def case(request, tagged, by_artists):
    """An estimator, clips and what to learn of them."""
    return (tagger(), *tagged) if request.param == "tagger" else (artist_classifier(), *by_artists)
