"""``sklearn-mer evaluate``: how well a model predicts songs whose classes are known."""

import sys

import numpy as np
import pandas as pd

from .._files import replace_file
from ..models import describe_data, load_model, model_info
from ..songs import (
    UNFAMILIAR,
    check_song_classifier,
    check_window,
    iter_songs,
    short_note,
    tells_familiarity,
    unfamiliar_note,
)
from ._labelled import counts_text, load_labelled
from ._predict import song_bar
from ._rows import name_of
from ._scores import calibration_error, class_f1, confusion, macro_f1_interval
from ._train import check_free


def evaluate(options):
    """Predict songs and score the model; return the exit status."""
    if options.csv is not None:
        check_free(options.csv, "--csv")
    model = load_model(options.model)
    check_song_classifier(model)
    shortest = check_window(model, None, None).shortest  # complains of models that hear nothing
    data = load_labelled(options, on_error="skip")
    classes = [str(label) for label in model.classes_]
    check_known(data.target, classes, options.model)
    if is_training_data(options.model, data):
        print(
            "sklearn-mer: warning: the model was trained on these very clips. The scores say what "
            "it has kept, not what it makes of other music.",
            file=sys.stderr,
        )
    table = predicted_table(model, data, classes, options.jobs)
    if options.csv is not None:
        replace_file(options.csv, table.round(6).to_csv(index=False, lineterminator="\n"))
    heard = table[table["error"] == ""]
    if heard.empty:
        raise ValueError("None of the songs can be used.")
    groups = None if data.groups is None else data.groups.to_numpy()[heard.index]
    print("\n".join(report(heard, classes, groups)))
    if note := short_note((heard["seconds"] < shortest).sum(), len(heard), shortest):
        print(note, file=sys.stderr)
    failed = table.loc[table["error"] != "", ["path", "error"]]
    for path, error in failed.itertuples(index=False):
        print(f"left out: {path}: {error}", file=sys.stderr)
    return int(len(failed) + len(data.skipped) > 0)


def check_known(labels, classes, name):
    """Raise an error if the model does not know all labels."""
    unknown = [label for label in labels if label not in classes]
    if unknown:
        raise ValueError(
            f"{name} knows the classes {', '.join(classes)}, and not those of {len(unknown)} of "
            f"{len(labels)} songs: {counts_text(unknown)}. Give them the names of its classes, or "
            "leave them out."
        )


def is_training_data(name, data):
    """Return whether the model was trained on the same clips and labels."""
    known = model_info(name)["training_data"]
    if known is None or known["n_clips"] != len(data.data):
        return False
    return describe_data(data.data[["audio"]], data.target)["digest"] == known["digest"]


def predicted_table(model, data, classes, n_jobs):
    """Return a row per song: its label and what is predicted of it."""
    rows, paths = [], data.data["audio"].tolist()
    with song_bar(len(paths)) as bar:
        for song in iter_songs(model, paths, n_jobs=n_jobs):
            predicted = None if song.error else str(song.predicted)
            numbers = dict(zip(classes, song.probabilities, strict=True))
            rows.append({"path": name_of(song.path), "predicted": predicted, **numbers})
            rows[-1] |= {"familiarity": song.familiarity, "seconds": song.seconds}
            rows[-1]["error"] = " ".join(song.error.split())
            bar.update()
    table = pd.DataFrame(rows)
    table.insert(1, "label", data.target.to_numpy())
    return table if tells_familiarity(model) else table.drop(columns="familiarity")


def report(table, classes, groups):
    """Yield the scores of songs that could be predicted, as lines."""
    number = {label: i for i, label in enumerate(classes)}
    true = table["label"].map(number).to_numpy()
    predicted = table["predicted"].map(number).to_numpy()
    matrix = confusion(true, predicted, len(classes))
    f1 = class_f1(matrix)
    low, high = 100 * macro_f1_interval(true, predicted, len(classes), groups)
    drawn = "songs" if groups is None else "groups of songs"
    yield f"accuracy           {100 * np.mean(true == predicted):.1f} %"
    yield (
        f"macro F1           {100 * np.nanmean(f1):.1f} % (95 % interval: {low:.1f} to {high:.1f}, "
        f"bootstrap of {drawn})"
    )
    each = ", ".join(
        f"{one} {100 * f:.1f} %" for one, f in zip(classes, f1, strict=True) if not np.isnan(f)
    )
    yield f"F1 of each class   {each}"
    error = calibration_error(true, table[classes].to_numpy(float))
    yield f"calibration error  {error:.3f} (expected, ten bins of the largest probability)"
    if "familiarity" in table:
        unfamiliar = int((table["familiarity"] < UNFAMILIAR).sum())
        yield f"unfamiliar         {unfamiliar} of {len(table)} songs (below {UNFAMILIAR})"
        if note := unfamiliar_note(unfamiliar, len(table)):
            yield note
    yield ""
    yield "Songs of each class, a row, and what they are taken for, a column:"
    yield pd.DataFrame(matrix, classes, classes).to_string()
