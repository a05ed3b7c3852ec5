"""Batches of songs and their Parquet parts; this runs on the workers of a cluster."""

import os
import socket
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from .._files import replace_file
from .._optional import import_optional
from .._version import __version__
from ..songs import iter_songs
from ._model import open_model
from ._rows import COLUMNS, TEXTS, name_of, row_of

# What the driver has to see of a part again.
_READ = ["path", "familiarity", "seconds", "model", "error"]
# Shared storage may show a new file late.
_LATE = 30.0


@dataclass(frozen=True)
class Collection:
    """The folder of a collection of songs, and how it is predicted; it travels with each batch.

    Parameters
    ----------
    folder : Path
        Where the parts are: absolute, on storage that all workers see.
    model : str
        Digest of the model, the window and the hop.
    window, hop : float or None
        Seconds.
    root : str
        What relative paths of songs are relative to.
    n_jobs : int, default=1
        Processes of each worker.
    version : str
        Of this package, which workers must have.
    """

    folder: Path
    model: str
    window: float | None
    hop: float | None
    root: str
    n_jobs: int = 1
    version: str = __version__

    @property
    def model_file(self):
        """Return the path of the copy of the model that the workers load.

        Readers of Parquet folders skip names with an underscore.
        """
        return self.folder / f"_model-{self.model}.mer"

    def part_of(self, paths):
        """Return the path of the part of a batch, named by its content."""
        names = "\n".join([self.model, *map(name_of, paths)])
        return self.folder / f"part-{blake2b(names.encode(), digest_size=12).hexdigest()}.parquet"

    def write(self, paths, rows):
        """Write a part in one step."""
        arrow, parquet = load_parquet()
        sink = arrow.BufferOutputStream()
        parquet.write_table(arrow.Table.from_pylist(rows, schema=_schema()), sink)
        replace_file(self.part_of(paths), sink.getvalue())

    def read(self, part):
        """Return rows of a part, with some of the columns.

        Raises
        ------
        ValueError
            If it was written with another model, is damaged, or no part.
        """
        arrow, parquet = load_parquet()
        try:
            with parquet.ParquetFile(part) as file:
                is_ours = file.schema_arrow.equals(_schema())
                rows = file.read(columns=_READ).to_pylist() if is_ours else []
        except (arrow.ArrowException, OSError) as error:
            if getattr(error, "errno", None) is not None:  # of the file system
                raise
            raise ValueError(
                f"{part} is damaged ({error}). Delete it: the same command computes it again."
            ) from error
        if not is_ours:
            raise ValueError(
                f"{part} was not written by sklearn-mer predict of this version; name another "
                "folder with --parquet."
            )
        if any(row["model"] != self.model for row in rows):
            raise ValueError(
                f"{part} was written with another model, --window or --hop; name another folder "
                "with --parquet, so that one folder holds one kind of numbers."
            )
        return rows

    def read_new(self, part):
        """Return rows of a part that a worker has just written."""
        end = time.monotonic() + _LATE
        while True:
            try:
                return self.read(part)
            except FileNotFoundError as error:
                if time.monotonic() > end:
                    raise ValueError(
                        f"A worker has written {part}, which is not seen here. Give --parquet a "
                        "folder on storage that this machine and all workers have under the same "
                        "name."
                    ) from error
            time.sleep(1.0)


def load_parquet():
    """Return pyarrow and its Parquet."""
    import_optional("pyarrow", "--parquet", "parquet")
    import pyarrow
    import pyarrow.parquet

    return pyarrow, pyarrow.parquet


@lru_cache(maxsize=1)
def _schema():
    arrow, _ = load_parquet()
    kinds = {True: arrow.string(), False: arrow.float64()}
    return arrow.schema([(name, kinds[name in TEXTS]) for name in COLUMNS])


def predict_batch(collection, paths):
    """Predict a batch and write its part; a worker's model is loaded once.

    Raises
    ------
    RuntimeError
        If this worker cannot do it; it names the machine.
    """
    try:
        if collection.version != __version__:
            raise ImportError(
                f"here is sklearn_mer {__version__}, and {collection.version} is where the "
                "command runs"
            )
        collection.write(paths, _rows(collection, paths))
    except Exception as error:
        raise RuntimeError(f"{socket.gethostname()}: {type(error).__name__}: {error}") from error


def _rows(collection, paths):
    model = _model(str(collection.model_file))
    how = {name: getattr(collection, name) for name in ("window", "hop", "n_jobs")}
    songs = iter_songs(model, [os.path.join(collection.root, path) for path in paths], **how)
    classes = model.classes_.tolist()
    return [
        row_of(replace(song, path=path), classes, collection.model)
        for path, song in zip(paths, songs, strict=True)
    ]


@lru_cache(maxsize=1)
def _model(path):
    return open_model(path)
