"""``sklearn-mer predict``."""

import os
import sys
from contextlib import nullcontext

from tqdm import tqdm

from ..datasets import DatasetError, load_songs
from ..songs import check_window, iter_songs
from ._model import digest_of_run, open_model
from ._rows import Tally, name_of, read_table, row_of, sink_of

_PLAYLISTS = (".m3u", ".m3u8")


def predict(options):
    """Predict songs; return the exit status."""
    if options.parquet is not None:
        from ._collection import predict_collection

        return predict_collection(options)
    paths = find_songs(options.songs)
    model = open_model(options.model)
    digest = digest_of_run(options.model, options.window, options.hop)
    how = {"window": options.window, "hop": options.hop, "n_jobs": options.jobs}
    how["curves"] = options.page is not None
    windows = check_window(model, options.window, options.hop)  # complains before a file is made
    if options.page is not None:
        from ._page import check_page, write_page

        check_page(options.page)
    tally, rows, curves = Tally(windows.shortest), [], {}
    sink = sink_of(options, digest, tally)
    try:
        done = getattr(sink, "done", set())
        left = [path for path in paths if name_of(path) not in done]
        classes = model.classes_.tolist()
        with song_bar(len(paths), len(paths) - len(left)) as bar:
            for song in iter_songs(model, left, **how):
                row = row_of(song, classes, digest)
                tally.add(row)
                with _above(bar):
                    sink.write(row)
                if options.page is not None:
                    rows.append(row)
                    curves[row["path"]] = song.curve
                bar.update()
    finally:
        sink.close()
    if options.page is not None:
        if options.csv is not None:  # with the rows that were there
            rows = read_table(options.csv, ("path",))
        write_page(options.page, rows, curves)
    for line in tally.lines(len(paths), options.csv):
        print(line, file=sys.stderr)
    return int(tally.n_failed > 0)


def find_songs(given):
    """Return the paths of all songs that are given, each once."""
    paths = {}
    for name in given:
        expanded = os.path.expanduser(name)
        if is_list(expanded):
            paths |= dict.fromkeys(load_songs(expanded)["audio"])
        else:  # a song that is not there is a row with the reason
            paths[expanded] = None
    if not paths:
        raise DatasetError("There are no songs.")
    return list(paths)


def is_list(path):
    """Return whether a path is a folder or a playlist, and not a song.

    Raises
    ------
    DatasetError
        If such a one is not there: rows of songs cannot say that.
    """
    is_playlist = path.lower().endswith(_PLAYLISTS)
    if os.path.isdir(path) or (is_playlist and os.path.exists(path)):
        return True
    if (is_playlist or not os.path.splitext(path)[1]) and not os.path.lexists(path):
        raise DatasetError(f"{name_of(path)}: no such {'playlist' if is_playlist else 'folder'}.")
    return False


def _above(bar):
    """Make room for a line where both bar and lines are shown."""
    both = sys.stdout.isatty() and sys.stderr.isatty()
    return bar.external_write_mode(file=sys.stdout) if both else nullcontext()


def song_bar(total, n_done=0):
    """Return a progress bar of songs."""
    # In a log, a line now and then.
    every = 0.5 if sys.stderr.isatty() else 30.0
    layout = "{percentage:3.0f}%|{bar:20}| {n_fmt}/{total_fmt} songs [{elapsed}, {rate_noinv_fmt}, "
    return tqdm(
        total=total,
        initial=n_done,
        unit=" songs",
        mininterval=every,
        file=sys.stderr,
        bar_format=layout + "{remaining} left]",
    )
