"""Tables of measured scores in README.md and docs, made from ``benchmarks/results``.

python docs/results_table.py

A table stands between the lines ``table: NAME`` and ``end of table``, which are comments in both
formats. The command replaces what is between them; a test checks that the files are up to date.
"""

import re
from pathlib import Path

import pandas as pd
from sklearn.pipeline import Pipeline

from sklearn_mer.methods import EmotionFusion, SVMBaseline, available_methods, make_method
from sklearn_mer.model_selection import compare_rows, printed_interval
from sklearn_mer.models import model_info

ROOT = Path(__file__).parent.parent
FOLDS = ROOT / "benchmarks" / "results"
PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "results.rst",
    ROOT / "docs" / "user_guide" / "new_music.rst",
    ROOT / "docs" / "user_guide" / "descriptors.rst",
    ROOT / "docs" / "user_guide" / "best_scores.rst",
    ROOT / "docs" / "user_guide" / "which_method.rst",
    ROOT / "docs" / "user_guide" / "labels.rst",
    ROOT / "docs" / "user_guide" / "paper.rst",
    ROOT / "docs" / "user_guide" / "folds.rst",
)
DATASET = "4qaed"
RECIPES = ("default", "paper")
ALL_FOLDS = 100
BEST = ("fusion", "fusion_audio", "svm")
NO_WEIGHTS = "openl3"  # the row whose weights were not available
PUBLISHED_COLUMNS = ("svm", "hybrid", "fusion")  # rows whose scores use the features of 4QAED

_COMPARED = ("Difference", "95 % interval", "p (Holm)")
_BLOCK = re.compile(
    r"(?P<start>^(?:<!--|\.\.) table: (?P<name>[\w ]+?)(?: -->)?\n)"
    r".*?"
    r"(?P<end>^(?:<!--|\.\.) end of table)",
    re.DOTALL | re.MULTILINE,
)


def main():
    """Bring the tables of all pages up to date."""
    for path in PAGES:
        path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")


def updated(page):
    """Return the text of a page with its tables made anew."""
    return _BLOCK.sub(lambda block: block["start"] + _table(block["name"]) + block["end"], page)


def _table(name):
    """Return a table as it stands in a page; in reStructuredText, a blank line ends a comment."""
    tables = {
        "rows": rows,
        "rows by artist": lambda: rows("artist"),
        "plain and by artist": plain_and_by_artist,
        "pairs": pairs,
        "new music": new_music,
        "descriptor truth": descriptor_truth,
        "best pairs": best_pairs,
        "fusion groups": fusion_groups,
        "never right": never_right,
        "which method": which_method,
        "short clips": short_clips,
        "training clips": training_clips,
        "confusion": confusion,
        "paper and ours": paper_and_ours,
    }
    return f"{summary()}\n" if name == "summary" else f"\n{tables[name]()}\n\n"


def read_folds(groups=None):
    """Return the folds on 4QAED of all files as one table, each fold once.

    Parameters
    ----------
    groups : str, optional
        "artist" for the folds that keep artists together; the plain folds by default.
    """
    tables = [pd.read_csv(path) for path in sorted(FOLDS.glob("folds_*.csv"))]
    folds = pd.concat(tables, ignore_index=True)
    folds = folds[folds["dataset"] == DATASET]
    kinds = folds["groups"] if "groups" in folds else pd.Series(None, folds.index, dtype=object)
    folds = folds[kinds.isna() if groups is None else kinds == groups]
    identity = ["method", "recipe", "repeat", "fold"]
    twice = folds.duplicated(identity)
    if twice.any():
        raise ValueError(
            f"{FOLDS} has folds twice: {folds.loc[twice, identity].to_dict('records')[:3]}"
        )
    return folds


def summary():
    """Return a Markdown table with one line per row of the register."""
    folds = read_folds()
    lines = [
        "| row | key | estimator | published | recipe `default` | recipe `paper` | time per fold |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, row in available_methods().items():
        found = {recipe: _select(folds, key, recipe) for recipe in _recipes(key)}
        scores = [_score(part, short=True) or "not run" for part in found.values()]
        costs = [_cost_class(part) for part in found.values() if len(part)]
        scores += [""] * (len(RECIPES) - len(scores))
        if key == NO_WEIGHTS:
            scores = ["weights not available", ""]
        cells = [row.title, f"`{key}`", _estimator(key), _published(row)]
        cells += [*scores, " / ".join(dict.fromkeys(costs))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def rows(groups=None):
    """Return a list-table with one line per row and recipe that was run."""
    folds, lines, missing = read_folds(groups), [], []
    for key, row in available_methods().items():
        for recipe in _recipes(key):
            found = _select(folds, key, recipe)
            if len(found):
                lines.append(_line(key, row, recipe, found))
            elif key != NO_WEIGHTS:
                missing.append(f"``{key}`` ({recipe})")
            elif groups is None:
                where = "weights not available"
                cells = [row.title, f"``{key}``", recipe, where, _published(row)]
                lines.append([*cells, "", "", ""])
    titles = ["Row", "Key", "Recipe", "Macro F1", "Paper", "Folds", "Epochs", "Seconds"]
    table = _list_table(titles, lines)
    if missing and groups is None:
        table += f"\n\nNot run: {', '.join(missing)}."
    return table


def plain_and_by_artist():
    """Return a list-table of the rows that have both kinds of folds, best first."""
    tables = [read_folds(), read_folds("artist")]
    tables = [100 * _by_method(table[table["recipe"] == "default"]) for table in tables]
    plain, grouped = (table.agg(["mean", "std"]).T for table in tables)
    how = {"left_index": True, "right_index": True, "suffixes": ("", "_grouped")}
    both = plain.merge(grouped, **how).sort_values("mean", ascending=False)
    lines = [
        [
            f"``{row.Index}``",
            f"{row.mean:.2f} ± {row.std:.2f}",
            f"{row.mean_grouped:.2f} ± {row.std_grouped:.2f}",
            f"{row.mean_grouped - row.mean:+.2f}",
        ]
        for row in both.itertuples()
    ]
    return _list_table(["Row", "Plain", "By artist", "Difference"], lines)


def _by_method(folds):
    return folds.pivot(index=["repeat", "fold"], columns="method", values="f1_macro")


def pairs():
    """Return a list-table of pairs: the paper's rows with all folds in the recipe ``default``."""
    folds = read_folds()
    published = [key for key, row in available_methods().items() if row.published]
    folds = folds[folds["method"].isin(published) & (folds["recipe"] == "default")]
    scores = _by_method(folds)
    means = scores.mean()[scores.count() == ALL_FOLDS].sort_values(ascending=False)
    compared = compare_rows(100 * scores[means.index], 1 / 9)
    return _list_table(["First", "Second", *_COMPARED], _pair_lines(compared))


def best_pairs():
    """Return a list-table that compares the fusions and the SVM, plain and by artist."""
    lines = []
    for kind, groups in (("plain", None), ("by artist", "artist")):
        folds = read_folds(groups)
        folds = folds[folds["method"].isin(BEST) & (folds["recipe"] == "default")]
        compared = compare_rows(100 * _by_method(folds)[list(BEST)].dropna(), 1 / 9)
        lines += [
            [kind, *line[:2], str(pair.n_folds), *line[2:]]
            for line, pair in zip(_pair_lines(compared), compared.itertuples(), strict=True)
        ]
    return _list_table(["Folds", "First", "Second", "Number", *_COMPARED], lines)


def _pair_lines(table):
    return [
        [
            f"``{pair.first}``",
            f"``{pair.second}``",
            f"{pair.difference:+.2f}",
            f"{pair.ci95_low:+.2f} to {pair.ci95_high:+.2f}",
            f"{pair.p_holm:.3f}" if pair.p_holm >= 0.001 else "below 0.001",
        ]
        for pair in table.itertuples()
    ]


def fusion_groups():
    """Return a list-table of the scores of the kernel fusion by groups."""
    table = pd.read_csv(FOLDS / "fusion_groups.csv")
    scores = table.pivot(index="fold", columns="groups", values="macro_f1")
    lines = []
    for what in table["groups"].unique():
        base = "audio" if what.startswith("audio without") else "audio and columns"
        differences = scores[what] - scores[base]
        low, high = printed_interval(differences, 1 / 9, lowest=-100.0)
        line = [what, f"{scores[what].mean():.2f} ± {scores[what].std():.2f}"]
        same = what == base or what == "audio"
        lines.append(
            [*line, *["" if same else f"{v:+.2f}" for v in (differences.mean(), low, high)]]
        )
    return _list_table(["Groups", "Macro F1", "Difference", "From", "To"], lines)


def never_right():
    """Return a list-table of the clips that no repeat gets right, by quadrant."""
    table = pd.read_csv(FOLDS / "fusion_never.csv")
    counts = table.pivot(index="true", columns="taken for", values="clips").fillna(0).astype(int)
    lines = [
        [true, *("" if true == taken else str(counts.at[true, taken]) for taken in counts)]
        for true in counts.index
    ]
    return _list_table(["True", *(f"Taken for {taken}" for taken in counts)], lines)


def new_music():
    """Return a list-table of ``new_music.csv``."""
    table = pd.read_csv(FOLDS / "new_music.csv")
    lines = []
    for row in table.itertuples():
        adapted = {0: "no", row.n_clips: f"all {row.n_clips}"}.get(row.n_adapted, row.n_adapted)
        values = row.accuracy, row.largest_share, row.arousal_auc, row.valence_auc
        figures = ["" if pd.isna(value) else f"{value:.2f}" for value in values]
        lines.append([f"``{row.method}``", row.collection, adapted, *figures])
    titles = ["Method", "Collection", "Adapted to", "Accuracy", "Largest share"]
    return _list_table([*titles, "Arousal", "Valence"], lines)


def descriptor_truth():
    """Return a list-table of ``descriptor_truth.csv``, beside what it was before."""
    table, before = (pd.read_csv(FOLDS / f"descriptor_truth{name}.csv") for name in ("", "_before"))
    names = ["descriptor", "truth", "measure"]
    table = table.merge(before[[*names, "value"]], on=names, suffixes=("", "_before"))
    lines = [
        [
            f"``{row.descriptor}``",
            row.truth,
            row.measure,
            f"{row.value_before:.2f}",
            f"{row.value:.2f}",
            "" if pd.isna(row.goal) else f"{row.goal:.2f}",
            str(row.n),
        ]
        for row in table.itertuples()
    ]
    return _list_table(["Descriptor", "Truth", "Measure", "Before", "Now", "Goal", "Scores"], lines)


def which_method():
    """Return a list-table of what each row scores, costs and needs, the best score first."""
    plain, grouped = read_folds(), read_folds("artist")
    lines = []
    for key, row in available_methods().items():
        found = _select(plain, key, "default")
        if len(found):
            scores = 100 * found["f1_macro"]
            by_artist = 100 * _select(grouped, key, "default")["f1_macro"].mean()
            cells = [_brief(scores.mean(), scores.std()), str(len(found)), _brief(by_artist)]
            cells += [_duration(found["fit_seconds"].mean()), _needs(row), _calibrated(key)]
            lines.append((scores.mean(), [f"``{key}``", *cells]))
    for name in ("default", "full"):
        card = model_info(name)["card"]
        random, by_artist = card["random folds"], card["folds by artist"]
        mean = random["macro F1 in percent"]
        cells = [_brief(mean, random["standard deviation over folds"]), str(random["folds"])]
        cells += [_brief(by_artist["macro F1 in percent"]), "trained"]
        cells += ["weights" if name == "full" else "", "yes"]
        lines.append((mean, [f"model ``{name}``", *cells]))
    titles = ["Method", "Macro F1", "Folds", "By artist", "Training", "Needs", "Calibrated"]
    return _list_table(titles, [cells for _, cells in sorted(lines, key=lambda line: -line[0])])


def short_clips():
    """Return a list-table of the macro F1 of methods on clips cut to their first seconds."""
    table = pd.read_csv(FOLDS / "short_clips.csv")
    table = table[table["way"] == "cut"]
    n_folds = table.groupby("method")["fold"].transform("nunique")
    table = table[n_folds > 1]
    lengths = sorted(table["seconds"].unique(), reverse=True)
    means = table.pivot_table(index="method", columns="seconds", values="macro_f1")[lengths]
    lines = [[f"``{key}``", *(f"{score:.1f}" for score in means.loc[key])] for key in means.index]
    return _list_table(["Method", *(f"{length} s" for length in lengths)], lines)


def training_clips():
    """Return a list-table of the macro F1 of the fusions on shares of the training clips."""
    table = pd.read_csv(FOLDS / "fusion_curve.csv")
    means = table.pivot_table(index="method", columns="n_train", values="macro_f1")
    lines = [[f"``{key}``", *(f"{score:.1f}" for score in means.loc[key])] for key in means.index]
    return _list_table(["Method", *(f"{number} clips" for number in means)], lines)


def confusion():
    """Return a list-table of what the fusion takes each quadrant for, in percent of its clips."""
    table = pd.read_csv(FOLDS / "fusion_confusion.csv", index_col="true")
    shares = 100 * table.div(table.sum(axis=1), axis=0)
    lines = [[true, *(f"{share:.0f} %" for share in shares.loc[true])] for true in shares.index]
    return _list_table(["True", *(f"Taken for {quadrant}" for quadrant in shares)], lines)


def paper_and_ours():
    """Return a list-table of the rows of the paper: its figure and both of our recipes."""
    folds, lines = read_folds(), []
    for key, row in available_methods().items():
        if not row.published:
            continue
        scores = [_score(_select(folds, key, recipe), short=True) for recipe in RECIPES]
        scores = [score or ("no weights" if key == NO_WEIGHTS else "not run") for score in scores]
        lines.append([row.title, _published(row), *scores])
    titles = ["Row", "Paper", "Recipe ``default``", "Recipe ``paper``"]
    return _list_table(titles, lines)


def _brief(mean, deviation=float("nan")):
    """Return a score with one decimal, in one line of a narrow cell."""
    if pd.isna(mean):
        return ""
    return f"{mean:.1f}" + ("" if pd.isna(deviation) else f"\u00a0±\u00a0{deviation:.1f}")


def _needs(row):
    """Return what a row needs beside the clips."""
    needs = ["weights"] if row.weights else []
    return ", ".join([*needs, "columns"] if row.key in PUBLISHED_COLUMNS else needs)


def _calibrated(key):
    """Return whether `fit` calibrates the probabilities."""
    return "yes" if isinstance(make_method(key), (SVMBaseline, EmotionFusion)) else ""


def _duration(seconds):
    """Return a time in the unit that suits it, with one or two digits."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1g} s"


def _published(row):
    """Return the paper's figure, empty for a method that the paper lacks."""
    return f"{row.published[DATASET]:.2f}" if row.published else ""


def _recipes(key):
    """Return the recipes of a row, ``both`` where they are the same."""
    default, paper = (repr(make_method(key, recipe)) for recipe in RECIPES)
    return ("both",) if default == paper else RECIPES


def _select(folds, key, recipe):
    ran = folds["recipe"].isin(RECIPES if recipe == "both" else [recipe])
    found = folds[(folds["method"] == key) & ran]
    # Where both recipes are the same and both were run, the folds are the same too.
    return found.drop_duplicates(["repeat", "fold"])


def _line(key, row, recipe, found):
    seconds, epochs = found["fit_seconds"].mean(), found.get("epochs", pd.Series()).mean()
    return [
        row.title,
        f"``{key}``",
        recipe,
        _score(found),
        _published(row),
        _folds(found),
        "" if pd.isna(epochs) else f"{epochs:.0f}",
        f"{float(format(seconds, '.3g')):,g}",
    ]


def _score(found, *, short=False):
    """Return mean and standard deviation, with the number of folds for the README."""
    if not len(found):
        return ""
    percent = 100 * found["f1_macro"]
    spread = f" ± {percent.std():.2f}" if len(found) > 1 else ""
    return f"{percent.mean():.2f}{spread}" + (f" ({len(found)})" if short else "")


def _folds(found):
    repeats = found.groupby("repeat").size()
    return f"{len(repeats)} x 10" if (repeats == 10).all() else f"first {len(found)}"


def _cost_class(found):
    seconds = found["fit_seconds"].mean()
    limits = {60: "seconds", 600: "minutes", 3600: "tens of minutes"}
    return next((name for limit, name in limits.items() if seconds < limit), "hours")


def _estimator(key):
    estimator = make_method(key)
    steps = (
        [step for _, step in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    )
    return " + ".join(f"`{type(step).__name__}`" for step in steps)


def _list_table(titles, lines):
    head = [".. list-table::", "   :header-rows: 1", ""]
    return "\n".join([*head, *map(_list_item, [titles, *lines])])


def _list_item(cells):
    lines = [f"   * - {cells[0]}", *(f"     - {cell}" for cell in cells[1:])]
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    main()
