"""``sklearn-mer serve``: predictions over HTTP."""

import json
import sys
import tempfile
from dataclasses import replace

from ..serve import Limits, run_service, run_worker


def serve(options):
    """Serve until Ctrl-C or SIGTERM; return the exit status."""

    def command(folder):
        how = {name: getattr(options, name) for name in ("model", "window", "hop")}
        worker = f"from {__name__} import hear; raise SystemExit(hear())"
        return [sys.executable, "-P", "-c", worker, json.dumps(how | {"folder": folder})]

    limits = Limits(max_bytes=round(options.max_mb * 1e6), song_seconds=options.timeout)
    how = {"host": options.host, "port": options.port, "names": options.name}
    run_service(command, limits, n_workers=options.jobs, **how)
    return 0


def hear():
    """Be a worker of the service; return the exit status."""
    how = json.loads(sys.argv[1])
    # Uploads are of others: nothing of them is kept.
    from ..audio import never_cached

    with never_cached(how["folder"]):
        return run_worker(lambda: prepare(**how))


def prepare(model, window, hop, folder):
    """Return what is told of a model, and how it answers; see `run_worker`.

    Parameters
    ----------
    model : str
        Name or file.
    window, hop : float or None
        Seconds.
    folder : str
        Of the uploads, of which clients are told nothing.

    Returns
    -------
    tuple of (dict, callable)
        What `model_info` says, with the digest of rows; the answer is a row of
        ``sklearn-mer predict``, and ``curve`` if it is asked for.
    """
    # Here: the service, which starts this as another process, has no use for them.
    from ..models import model_info
    from ..songs import check_window, iter_songs
    from ._model import digest_of_run, open_model
    from ._rows import row_of

    classifier = open_model(model)
    windows = check_window(classifier, window, hop)
    digest = digest_of_run(model, window, hop)
    classes = classifier.classes_.tolist()

    def answer(path, name, curve):
        songs = iter_songs(classifier, [path], window=window, hop=hop, curves=curve)
        (song,) = songs
        error = song.error.replace(path, name)
        for place in (folder, tempfile.gettempdir()):
            error = error.replace(place, "")
        row = row_of(replace(song, path=name, error=error), classes, digest)
        return row | {"curve": _points(song.curve)} if curve else row

    about = {"model": digest, "window": windows.window, "hop": windows.hop}
    return about | model_info(model), answer


def _points(curve):
    """Return the windows of a song, of JSON's types; None where nothing is known."""
    if curve is None:
        return None
    known = curve.astype(float).round(6).astype(object)
    return known.where(curve.notna(), None).to_dict("records")
