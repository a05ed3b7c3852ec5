"""From options to studies that are ready to begin, and what is printed and written of them."""

import sys
from collections import Counter
from dataclasses import dataclass, field

from ..datasets import DatasetNotFoundError
from ._cells import Protocol, plan_cells, select_methods
from ._clusters import count_jobs
from ._data import open_dataset
from ._grids import with_settings
from ._keys import canonical_json, code_digest
from ._options import QUICK_METHODS
from ._progress import Costs
from ._report import gather_report, write_report
from ._results import CellResults
from ._run import run_cells, run_in_turn
from ._tables import (
    SIDE_BY_SIDE_NOTE,
    csv_text,
    make_table,
    replace_file,
    side_by_side,
    side_by_side_markdown,
    table_markdown,
    write_table,
)

# With --quick, methods that train networks run so many folds.
QUICK_FOLDS = 2
# What the paper calls New-4QAED was not published by itself; MERGE continues it.
MERGE_NOTE = (
    "The paper's figures are for New-4QAED, of which this data set is a later, larger state: "
    "the difference compares two data sets, not only two implementations."
)


@dataclass(frozen=True, eq=False)
class Study:
    """Rows on one kind of folds of a data set, and where their results are."""

    options: object
    data: object
    protocol: Protocol
    methods: list
    cells: list
    results: CellResults
    why: str = ""
    notes: list = field(default_factory=list)

    def run(self, *, max_seconds=None, max_cells=None):
        """Compute what is missing; return a RunSummary."""
        return run_cells(
            self.cells,
            self.data,
            self.results,
            n_jobs=self.options.jobs,
            max_seconds=max_seconds,
            max_cells=max_cells,
            **cluster(self.options),
        )

    @property
    def keys(self):
        """Keys of the planned cells."""
        return [cell.key for cell in self.cells]

    @property
    def folds(self):
        """Say whether folds are grouped, and by what."""
        return f"grouped by {self.protocol.groups}" if self.protocol.groups else "not grouped"


def cluster(options):
    """Return the arguments of :func:`run_cells` that name a cluster."""
    gpu = options.device == "cuda"
    return {"scheduler": options.scheduler, "ray_address": options.address, "gpu": gpu}


def open_data(options):
    """Open the data set; with --quick and none named, the first that is there."""
    if options.dataset is not None or not options.quick:
        return open_dataset(options.dataset or "4qaed", data_home=options.data_home), ""
    try:
        return open_dataset("4qaed", data_home=options.data_home), " (found in the data home)"
    except DatasetNotFoundError as error:
        print(f"Synthesised clips are used instead of 4QAED. {error}\n", file=sys.stderr)
        return open_dataset("synthetic"), " (4qaed is not there)"


def select_rows(options, available):
    """Return the rows that are asked for, and a note for each that has settings from a file."""
    found = available(options.recipe)
    if options.quick and options.methods is None:
        found = {key: row for key, row in found.items() if key in QUICK_METHODS}
    rows = select_methods(found, keys=options.methods, device=options.device)
    return with_settings(rows, options.settings) if options.settings is not None else (rows, [])


def new_study(options, opened, methods, *, groups, notes=()):
    """Return a study of some rows on one kind of folds."""
    data, why = opened
    protocol = Protocol(options.folds, options.repeats, groups)
    limits = _quick_limits(methods) if options.quick else {}
    cells = plan_cells(methods, data, protocol, folds_per_method=limits)
    if limits:  # what costs seconds first: the time may not be enough for the rest
        cells.sort(key=lambda cell: cell.method.key in limits)
    results = CellResults(options.results)
    return Study(options, data, protocol, methods, cells, results, why, list(notes))


def _quick_limits(methods):
    trained = [
        method.key
        for method in methods
        if any(name.endswith("max_epochs") for name in method.estimator.get_params())
    ]
    return dict.fromkeys(trained, QUICK_FOLDS)


def open_studies(options, available):
    """Return one study for each kind of folds that is asked for, all on the same data."""
    opened = open_data(options)
    methods, notes = select_rows(options, available)
    return [
        new_study(options, opened, methods, groups=groups, notes=notes)
        for groups in options.groupings
    ]


def describe(study, results):
    """Say what a study is and how much of it is done, in lines of a name and a text."""
    data, protocol = study.data, study.protocol
    done = sum(row["status"] == "done" for row in results.rows(study.keys))
    return {
        "Data set": f"{data.name}, {len(data)} clips in {len(data.labels)} classes{study.why}",
        "Methods": ", ".join(dict.fromkeys(method.key for method in study.methods)),
        "Recipe": study.options.recipe,
        "Protocol": f"{protocol.n_repeats} x {protocol.n_splits} folds, {study.folds}, seed "
        f"{protocol.seed}; {len(study.cells)} cells planned, {done} done",
    }


def lines_of(facts):
    """Return facts as lines, one below the other."""
    return [f"{name + ':':<11}{text}" for name, text in facts.items()]


def heading(study, n_jobs):
    """Say what is about to run."""
    options = study.options
    facts = describe(study, study.results)
    facts |= {"Jobs": f"{n_jobs}, device {options.device}", "Results": str(options.results)}
    if options.max_minutes is not None:
        facts["Limit"] = f"{options.max_minutes:g} minutes"
    return "\n".join(lines_of(facts))


def headings(studies):
    """Say what is about to run, of several studies."""
    options = studies[0].options
    n_jobs = count_jobs(options.jobs, **cluster(options))
    return "\n\n".join(heading(study, n_jobs) for study in studies)


def run_studies(studies):
    """Compute what studies are missing, one after the other; return a RunSummary."""
    options = studies[0].options
    minutes = options.max_minutes
    return run_in_turn(
        [study.run for study in studies],
        max_seconds=None if minutes is None else 60 * minutes,
        max_cells=options.max_cells,
    )


def report_studies(studies):
    """Print and write the table of each kind of folds, then all side by side."""
    options = studies[0].options
    tables = {}
    for study in studies:
        kind = study.protocol.groups or "none"
        if len(studies) > 1:
            print(f"\nFolds {study.folds}:")
        # Those after the first write their own table into a folder inside the report's.
        folder = options.report / kind if tables else options.report
        tables[kind] = report_study(study, folder)
    if len(tables) > 1:
        _report_side_by_side(studies[0], tables)


def report_study(study, folder):
    """Print the table of a study; write it, the comparisons of its rows and the page."""
    results = study.results.snapshot()
    facts = describe(study, results)
    content = gather_report(
        study.methods,
        study.data,
        study.cells,
        results,
        facts=facts,
        notes=table_notes(study, results),
        command=study.options.line,
    )
    lacking = [f"{row.key}: {row.missing}" for row in study.methods if row.missing]
    notes = [*content.notes, *lacking]
    facts["Versions"] = content.versions
    facts["Code"] = code_digest()[:12]
    head = "\n".join(f"    {line}" for line in lines_of(facts))
    # The tables first: whatever becomes of the pictures, they are there.
    paths = write_table(
        content.table, folder, heading="\n\n".join([head, *notes]), comparisons=content.comparisons
    )
    print("", table_markdown(content.table), "", *notes, sep="\n")
    print("Written:", *paths, flush=True)
    print("Written:", write_report(content, folder))
    return make_table(study.methods, study.data, study.cells, results)


def _report_side_by_side(study, tables):
    table = side_by_side(tables)
    text = f"{side_by_side_markdown(table)}\n\n{SIDE_BY_SIDE_NOTE}"
    print("", text, sep="\n")
    facts = {"Data set": f"{study.data.name}, {len(study.data)} clips"}
    facts["Recipe"] = study.options.recipe
    head = "\n".join(f"    {line}" for line in lines_of(facts))
    folder = study.options.report
    paths = [
        replace_file(folder / "groups.csv", csv_text(table)),
        replace_file(folder / "groups.md", f"{head}\n\n{text}\n"),
    ]
    print("Written:", *paths)


def table_notes(study, results):
    """Return what is to be said below the table of a study."""
    notes = [
        "Ours: mean ± standard deviation of macro F1 over the finished folds, percent; "
        "beside it a 95 % interval of the mean, corrected for the overlap of folds."
    ]
    notes += study.notes
    if study.data.name.startswith("merge-"):
        notes.append(MERGE_NOTE)
    return notes + origin_notes(study, results)


def origin_notes(study, results):
    """Say which cells were computed by other sources of the library, and which do not count."""
    keys = set(study.keys)
    rows = results.rows()
    done = [row for row in rows if row["key"] in keys and row["status"] == "done"]
    n_others = sum(row["code"] != code_digest() for row in done)
    notes = []
    if n_others:
        notes.append(
            f"{n_others} of the {len(done)} finished cells were computed by other sources of the "
            "library than those that run here. They count; to compute them anew, give another "
            "folder to --results."
        )
    settings = {_settings(cell.identity) for cell in study.cells}
    named = {_row_of(cell.identity) for cell in study.cells}
    n_more = sum(
        _row_of(row["identity"]) in named and _settings(row["identity"]) not in settings
        for row in rows
    )
    if n_more:
        notes.append(
            f"The results also have {n_more} cells of these methods with other parameters, data or "
            "versions; they do not count here."
        )
    return notes


def _row_of(identity):
    return tuple(identity[name] for name in ("method", "recipe", "dataset", "groups"))


def _settings(identity):
    kept = [identity[name] for name in ("data", "parameters", "versions")]
    return (*_row_of(identity), canonical_json(kept))


def status_lines(study):
    """Yield what of a study is done, failed and missing, and the time left."""
    results = study.results.snapshot()
    n_jobs = count_jobs(study.options.jobs, **cluster(study.options))
    counts, costs = Counter(), Costs()
    for row in results.rows(study.keys):
        counts[row["method"], row["status"]] += 1
        if row["status"] == "done":
            costs.add(row["method"], row["fit_seconds"] + row["score_seconds"])
    yield f"{'method':<24}{'done':>7}{'failed':>8}{'missing':>9}  time left"
    for method, n_planned in Counter(cell.method.key for cell in study.cells).items():
        done, failed = counts[method, "done"], counts[method, "failed"]
        left = _time_left(costs.mean(method), n_planned - done, n_jobs)
        yield f"{method:<24}{done:>7}{failed:>8}{n_planned - done - failed:>9}  {left}"
    yield ""
    yield "Failed cells are tried again by the next run, so they count in the time left."
    yield from origin_notes(study, results)


def _time_left(mean, n_left, n_jobs):
    if not n_left:
        return "none"
    if mean is None:
        return "unknown: no cell is done"
    return f"{mean * n_left / min(n_jobs, n_left) / 60:.1f} min with {n_jobs} jobs"
