"""Small synthetic copies of the published data sets, with tones as clips."""

import csv
import functools
import io
import shutil
import zipfile

import numpy as np
import pandas as pd
import pytest
import soundfile

from sklearn_mer.datasets import _4qaed, _merge, fetch_4qaed
from sklearn_mer.datasets._quadrants import QUADRANTS, Expected

RATE = 16000
N_PER_QUADRANT = 3


@functools.cache
def _encoded(file_format):
    """Return a tone of 0.2 s as the bytes of a file."""
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE // 5) / RATE)
    buffer = io.BytesIO()
    soundfile.write(buffer, tone, RATE, format=file_format)
    return buffer.getvalue()


@pytest.fixture
def write_clip():
    """Write a short clip in the format of the extension."""

    def write(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_encoded(path.suffix[1:].upper()))
        return path

    return write


@pytest.fixture
def write_table():
    """Write a table as CSV with the index as first column."""

    def write(path, table, encoding="utf-8", **options):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(table.to_csv(**options).encode(encoding))
        return path

    return write


@pytest.fixture
def rewrite():
    """Apply a function to a table of a synthetic copy."""

    def apply(path, change, **options):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        change(table).to_csv(path, index=False, **options)

    return apply


@pytest.fixture(scope="session")
def read_columns():
    """Read columns of a CSV file without pandas: {id: values}."""

    def read(path, *columns):
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        id_column = next(iter(rows[0]))
        return {row[id_column]: [row[column] for column in columns] for row in rows}

    return read


@pytest.fixture
def all_files():
    """Return all files in a folder, including hidden and temporary ones, with their content."""

    def read(folder):
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if not path.is_dir()
        }

    return read


@pytest.fixture
def data_home(tmp_path, monkeypatch):
    """An empty data home instead of the real one."""
    monkeypatch.delenv("SKLEARN_MER_DATA", raising=False)
    return tmp_path / "home"


def _songs(prefix):
    """Ids in an order that differs from that of the quadrants and is not sorted."""
    n = N_PER_QUADRANT * len(QUADRANTS)
    ids = [f"{prefix}{number:010d}" for number in np.random.RandomState(0).permutation(n) + 1]
    quadrants = [QUADRANTS[row % len(QUADRANTS)] for row in range(n)]
    return pd.Series(quadrants, index=pd.Index(ids, name="Song"), name="Quadrant")


@pytest.fixture
def songs_4qaed(monkeypatch):
    songs = _songs("MT")
    monkeypatch.setattr(_4qaed, "EXPECTED", Expected(len(songs), N_PER_QUADRANT))
    return songs


@pytest.fixture
def copy_4qaed(data_home, songs_4qaed, write_clip, write_table):
    """Folder of a synthetic copy of 4QAED in `data_home`."""
    root = data_home / "datasets" / "4QAED"
    songs = songs_4qaed
    for clip, quadrant in songs.items():
        write_clip(root / quadrant / f"{clip}.mp3")
    write_table(root / _4qaed.ANNOTATIONS, songs.to_frame())
    metadata = pd.DataFrame(
        {
            "Artist": ["Béla", "NA", "", "Béla", *(f"Artist {i}" for i in range(7)), ""],
            "Title": [f"Title, {i}" for i in range(len(songs))],
            "Quadrant": songs,
        }
    )
    # Sorted and quoted, unlike the annotations.
    write_table(root / _4qaed.METADATA, metadata.sort_index(), quoting=1)
    rng = np.random.RandomState(1)
    for name, id_column, n_features in [
        ("top100_features.csv", "SongID", 3),
        ("all_features.csv", "IDSong", 6),
        ("all_features_decorrelated.csv", "IDSong", 4),
    ]:
        columns = [f"F{i:04d}" for i in range(1, n_features)] + ["ORIGINAL-TEXTURE-Layers (Mean)"]
        table = pd.DataFrame(rng.randn(len(songs), n_features), songs.index, columns)
        if name.startswith("top100"):
            table["Quadrant"] = songs
        write_table(root / "Features" / name, table.sort_index(), index_label=id_column)
    return root


@pytest.fixture
def songs_merge(monkeypatch):
    songs = _songs("A")
    expected = {
        "complete": Expected(len(songs)),
        "balanced": Expected(len(songs), N_PER_QUADRANT),
    }
    monkeypatch.setattr(_merge, "EXPECTED", expected)
    return songs


@pytest.fixture
def copy_merge(data_home, songs_merge, write_clip, write_table):
    """Folder of a synthetic copy of the balanced MERGE audio data set."""
    root = data_home / "datasets" / "MERGE" / "MERGE_Audio_Balanced"
    songs = songs_merge
    for clip, quadrant in songs.items():
        write_clip(root / quadrant / f"{clip}.mp3")
    years = ["1998", "1998.0", "", "unknown", "1965-1968", "0", "c. 2001", "198?", "19999"]
    metadata = pd.DataFrame(
        {
            "Quadrant": songs,
            "Artist": ["Null", "", "Someone", *(f"Artist {i}" for i in range(len(songs) - 3))],
            "Year": years + ["2010"] * (len(songs) - len(years)),
        }
    )
    write_table(root / "merge_audio_balanced_metadata.csv", metadata)
    values = pd.DataFrame(
        {"Arousal": np.linspace(0, 1, len(songs)), "Valence": np.linspace(1, 0, len(songs))},
        index=songs.index,
    )
    write_table(root / "merge_audio_balanced_av_values.csv", values.sort_index())
    for split in _merge.SPLITS:
        for number, part in enumerate(_merge.PARTS):
            path = root / "tvt_dataframes" / f"tvt_{split}"
            path /= f"tvt_{split}_{part}_audio_balanced.csv"
            write_table(path, songs.iloc[number::3].sort_index().to_frame())
    return root


@pytest.fixture
def zip_folder():
    """Return the bytes of a zip archive of a folder, inside a folder `top`."""

    def pack(folder, top="published"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, f"{top}/{path.relative_to(folder).as_posix()}")
        return buffer.getvalue()

    return pack


@pytest.fixture
def published(copy_4qaed, zip_folder, server, all_files, tmp_path):
    """Serve the synthetic copy of 4QAED as two archives, and remove it from the data home."""
    tables = tmp_path / "tables"
    shutil.move(copy_4qaed / "Features", tables)
    server.files["/clips.zip"] = zip_folder(copy_4qaed, "MER_audio_taffc_dataset")
    server.files["/features.zip"] = zip_folder(tables, "Features - Audio MER")
    server.expected = all_files(copy_4qaed)
    shutil.rmtree(copy_4qaed)
    return server


@pytest.fixture
def fetch(published, data_home):
    """Fetch the synthetic copy from the local server."""

    def call(**parameters):
        parameters = {"url": published.url + "/clips.zip", "verbose": 0, **parameters}
        return fetch_4qaed(data_home=data_home, **parameters)

    return call


@pytest.fixture
def make_folder(tmp_path, write_clip):
    """Make a folder with clips of the given names; return it."""

    def make(*names):
        for name in names:
            write_clip(tmp_path / "songs" / name)
        return tmp_path / "songs"

    return make
