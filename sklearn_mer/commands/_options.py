"""Sub-commands and their options."""

import argparse
from functools import partial

from .._study_commands import COMMANDS as STUDY
from .._text import did_you_mean
from .._words import count, not_empty, path, positive

COMMANDS = {
    "predict": "Predict the emotion of songs. Each song is heard to its end, window by window. A "
    "file that cannot be used is a row with the reason.",
    "page": "Make a page of songs that predict has heard: a file for a browser, with each song a "
    "point on Russell's plane, to name, play, filter and sort, and to save as playlists. Nothing "
    "is heard again.",
    "track": "Follow the emotion of one song over time.",
    "tag": "Show what would be written into the tags of songs, and write it with --write: the mood "
    "as a word (MOOD), and as numbers (MOOD_HAPPY, MOOD_AGGRESSIVE, MOOD_SAD, MOOD_RELAXED, "
    "VALENCE, AROUSAL). Audio, pictures and other tags stay; fields that are there too, without "
    "--overwrite.",
    "serve": "Predict songs over HTTP: a page to drop a song on, and POST /predict for programs. "
    "Only this machine reaches it, unless --host says otherwise. Ctrl-C ends it.",
    "train": "Train a model on clips of one's own. Its cross-validated score is printed before it "
    "is saved.",
    "evaluate": "Predict songs whose classes are known, and score the model. They should be songs "
    "that it was not trained on.",
    "info": "Say what a model is, what it was trained on, and what its card says.",
    "build-model": "Train a ready model on 4QAED, cross-validate how it is made, and write the "
    "model with these scores to a file. The same command gives the same bytes with the same "
    "versions of the libraries, whatever --jobs says.",
    "weights": "List pre-trained weights, or fetch some. The list says licence, size, whether they "
    "are here, and what uses them; `weights fetch` downloads them.",
}
MEANING = """\
columns of predict, the same in CSV, JSON and Parquet:
  path              the song, as given or found
  quadrant          the most probable quadrant of Russell's plane: Q1 happy, Q2 angry,
                    Q3 sad, Q4 serene
  Q1 Q2 Q3 Q4       probability of each quadrant, the mean over the windows; they add up to 1
  valence, arousal  2 P(Q1 or Q4) - 1 and 2 P(Q1 or Q2) - 1, from -1 to 1: the expected side of the
                    plane, not a rating
  familiarity       from 1 to 0; below 0.05 the song is unlike the music that the model was trained
                    on: do not rely on its row. Mean over the windows; empty (JSON: null) for
                    models that cannot tell
  seconds           how much of the song was heard
  mood_happy, mood_aggressive, mood_sad, mood_relaxed
                    Q1 to Q4 again, under the names that music players know
  model             digest of the model file, the window and the hop
  error             why the file cannot be used; the columns before are then empty (JSON: null)

exit status: 0 all songs, 1 some could not be used, 2 wrong use, 130 after Ctrl-C"""
#: What ``tag --fields`` takes.
TAGS = ("mood", "numbers")
_MODEL = (
    "default or full, the ready models, or the file of a classifier of quadrants, written by "
    "sklearn_mer.save_model"
)


def parse_options(argv):
    """Read the command line; a study's sub-command is left to the study."""
    parser = make_parser()
    names = COMMANDS | STUDY
    if argv and not argv[0].startswith("-") and argv[0] not in names:
        parser.error(
            f"{argv[0][:40]!r} is no sub-command.{did_you_mean(argv[0], names)} Choose from "
            f"{', '.join(names)}."
        )
    options = parser.parse_args(argv)
    if options.command == "predict":
        _check_predict(options, parser.error)
    if options.command == "tag" and options.undo and (options.overwrite or options.table):
        parser.error("--undo takes back what was written; it goes without --overwrite and --from")
    return options


def _check_predict(options, complain):
    if options.resume and options.csv is None and options.parquet is None:
        complain("--resume goes on with a file: name it with --csv FILE")
    for name in ("backend", "batch"):
        if getattr(options, name) is not None and options.parquet is None:
            complain(f"--{name} needs --parquet FOLDER, where the batches are written")
    if options.page is not None and options.parquet is not None:
        complain("--page goes without --parquet; a page of millions of songs shows nothing")
    if options.scheduler is not None and options.backend is None:
        complain("--scheduler ADDRESS needs --backend dask or ray")
    if options.backend == "dask" and options.scheduler is None:
        complain("--backend dask needs --scheduler ADDRESS, such as tcp://10.0.0.1:8786")
    if options.backend is not None and options.jobs != 1:
        complain("--jobs is for this machine; on a cluster its workers count")
    options.batch = options.batch or 64


def make_parser():
    """Return the parser of the whole command line."""
    about = "Music emotion recognition. Each sub-command has a --help of its own."
    parser = argparse.ArgumentParser(prog="sklearn-mer", description=about, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    added = {}
    for name, text in (COMMANDS | STUDY).items():
        # The study adds the options of its own.
        how = {
            "description": text,
            "allow_abbrev": False,
            "help": text.partition(". ")[0].rstrip("."),
        }
        if name == "predict":
            how |= {"epilog": MEANING, "formatter_class": argparse.RawDescriptionHelpFormatter}
        added[name] = commands.add_parser(name, **how)
    _add_predict(added["predict"])
    _add_page(added["page"])
    _add_track(added["track"])
    _add_tag(added["tag"])
    _add_serve(added["serve"])
    _add_train(added["train"])
    _add_evaluate(added["evaluate"])
    added["info"].add_argument("model", type=not_empty, metavar="MODEL", help=_MODEL)
    _add_build_model(added["build-model"])
    _add_weights(added["weights"])
    return parser


def _add_predict(parser):
    add = parser.add_argument
    add(
        "songs",
        nargs="+",
        type=not_empty,
        metavar="SONG|FOLDER|PLAYLIST",
        help="audio files; "
        "folders, of which all songs at any depth are taken; playlists (m3u, m3u8)",
    )
    _add_model(add)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--csv",
        type=path,
        metavar="FILE",
        help="write a table to a new file, a row as a song is done",
    )
    where.add_argument("--json", action="store_true", help="print one JSON array")
    where.add_argument("--jsonl", action="store_true", help="print a JSON object a line")
    where.add_argument(
        "--parquet",
        type=path,
        metavar="FOLDER",
        help="write a file for each batch of songs to a folder; songs that have a row there, also "
        "of an error, are left out. For collections of any size; needs the extra parquet",
    )
    add("--jobs", type=count, default=1, metavar="N", help="processes (default: 1)")
    add(
        "--resume",
        action="store_true",
        help="go on with the --csv file of a run that was "
        "stopped: songs that have a row are left out, those with an error too",
    )
    add(
        "--backend",
        choices=("dask", "ray"),
        help="with --parquet: the workers of a cluster that runs, which have songs and FOLDER "
        "under the same names (default: this machine)",
    )
    add(
        "--scheduler",
        type=not_empty,
        metavar="ADDRESS",
        help="of the Dask scheduler, or of the Ray cluster (there default: auto)",
    )
    add("--batch", type=count, metavar="N", help="with --parquet: songs a batch (default: 64)")
    add(
        "--page",
        type=_html,
        metavar="FILE.html",
        help="write a page too, when all songs are done: see sklearn-mer page; with the curves of "
        "the songs that were heard now",
    )


def _add_page(parser):
    add = parser.add_argument
    add("table", type=path, metavar="TABLE.csv", help="a table of predict --csv")
    add("--out", type=_html, metavar="FILE.html", help="the page (default: TABLE.html)")


def _add_track(parser):
    add = parser.add_argument
    add("song", type=not_empty, metavar="SONG", help="an audio file")
    _add_model(add)
    add("--csv", type=path, metavar="FILE", help="write the curve there (default: print it)")
    add("--plot", type=path, metavar="FILE", help="draw it: FILE.png, .svg or .pdf")


def _add_tag(parser):
    add = parser.add_argument
    add(
        "songs",
        nargs="+",
        type=not_empty,
        metavar="SONG|FOLDER|PLAYLIST",
        help="as for predict: mp3, flac, ogg, opus, m4a, wav and aiff files; if named, others too",
    )
    add(
        "--fields",
        type=_fields,
        default=TAGS,
        metavar="mood,numbers",
        help="the word, the numbers, or both (default)",
    )
    add("--write", action="store_true", help="write (default: only show)")
    add("--overwrite", action="store_true", help="replace other values of these fields")
    add(
        "--unfamiliar",
        action="store_true",
        help="tag songs too that are unlike the music that the model was trained on",
    )
    add(
        "--undo",
        action="store_true",
        help="show which songs would be as before they were tagged, byte for byte; with --write, "
        "do it",
    )
    add(
        "--from",
        type=path,
        dest="table",
        metavar="FILE",
        help="a table of predict --csv, so that no song is heard again",
    )
    add(
        "--journal",
        type=path,
        metavar="FILE",
        help="where writes are noted, and found by --undo (default: tags.jsonl in the user's "
        "folder for states; on Linux ~/.local/state/sklearn_mer)",
    )
    _add_model(add)
    add("--jobs", type=count, default=1, metavar="N", help="processes (default: 1)")


def _add_serve(parser):
    add = parser.add_argument
    _add_model(add)
    add(
        "--host",
        type=not_empty,
        default="127.0.0.1",
        metavar="NAME",
        help="where to listen (default: 127.0.0.1, for this machine alone; 0.0.0.0 is for whoever "
        "reaches it, without a password)",
    )
    port = partial(count, least=0, most=65535)
    add("--port", type=port, default=8000, metavar="N", help="default: 8000; 0: a free one")
    add(
        "--name",
        type=not_empty,
        action="append",
        default=[],
        metavar="NAME",
        help="how clients call this machine, beside its addresses and the names that it knows; may "
        "be given several times",
    )
    add("--jobs", type=count, default=1, metavar="N", help="songs at a time (default: 1)")
    add(
        "--max-mb",
        type=positive,
        default=200.0,
        metavar="MB",
        help="of a song; larger uploads are refused (default: 200)",
    )
    add(
        "--timeout",
        type=positive,
        default=300.0,
        metavar="S",
        help="seconds until a song must be predicted (default: 300)",
    )


def _add_train(parser):
    add = parser.add_argument
    _add_labelled(add)
    add(
        "--method",
        type=not_empty,
        default="svm",
        metavar="KEY",
        help="a row of the study, such as svm, cnn, fusion_audio (default: svm, descriptors of the "
        "audio in a support vector machine; needs no weights)",
    )
    add("--out", type=path, metavar="FILE", help="the model (default: NAME.mer, of the data)")
    folds = partial(count, least=2)
    add("--folds", type=folds, default=5, metavar="N", help="of the cross-validation (default: 5)")
    add(
        "--on-error",
        choices=("raise", "skip"),
        default="raise",
        help="for clips that cannot be used: name them and stop, or leave them out (default: "
        "raise)",
    )
    add("--jobs", type=count, default=1, metavar="N", help="threads (default: 1)")


def _add_evaluate(parser):
    add = parser.add_argument
    add("model", type=not_empty, metavar="MODEL", help=_MODEL.replace(" of quadrants", ""))
    _add_labelled(add)
    add("--csv", type=path, metavar="FILE", help="write what is predicted of each song")
    add("--jobs", type=count, default=1, metavar="N", help="processes (default: 1)")


def _add_labelled(add):
    add(
        "data",
        type=path,
        metavar="FOLDER|TABLE.csv",
        help="a folder with one sub-folder of clips per class, or a table with the columns "
        "path,label and, optionally, group",
    )
    add(
        "--groups",
        type=not_empty,
        metavar="COLUMN",
        help="of the table, such as artist: clips of a group stay together (default: group, if "
        "there is one)",
    )


def _add_build_model(parser):
    add = parser.add_argument
    add("--model", choices=("default", "full"), default="default", help="default: default")
    add("--out", type=path, required=True, metavar="FILE", help="where it is written")
    add("--data-home", type=path, metavar="DIR", help="where 4QAED is")
    add("--repeats", type=count, default=10, metavar="N", help="of ten folds (default: 10)")
    add("--jobs", type=count, default=1, metavar="N", help="processes (default: 1)")


def _add_weights(parser):
    home = {"type": path, "metavar": "DIR", "help": "the folder that holds the folder weights"}
    parser.add_argument("--data-home", **home)
    text = (
        "Download the files that the authors publish, check them by size and sha256, and convert "
        "them. What was broken off is continued by the same command. Exit status 1 if some could "
        "not be fetched."
    )
    parser.usage = f"{parser.prog} [-h] [--data-home DIR] [fetch ...]"
    actions = parser.add_subparsers(
        dest="action", metavar="fetch", prog=parser.prog, title="to download"
    )
    fetch = actions.add_parser(
        "fetch", description=text, help="see sklearn-mer weights fetch --help", allow_abbrev=False
    )
    add = fetch.add_argument
    add("names", nargs="*", type=not_empty, metavar="NAME", help="see sklearn-mer weights")
    add("--table1", action="store_true", help="what the rows of the study need")
    add("--model", choices=("full",), help="what a ready model needs")
    add(
        "--from",
        dest="source",
        type=not_empty,
        metavar="FILE|FOLDER|URL",
        help="where the published files are: a file or folder, whatever their names in it are, or "
        "the URL of a mirror, in place of https://HOST",
    )
    add("--force", action="store_true", help="replace files that are there")
    add("--data-home", **home, default=argparse.SUPPRESS)


def _add_model(add):
    add("--model", type=not_empty, default="default", metavar="NAME|FILE", help=_MODEL)
    add(
        "--window",
        type=positive,
        metavar="S",
        help="seconds of a window (default: what the model hears of a clip, 30 for most)",
    )
    add(
        "--hop",
        type=positive,
        metavar="S",
        help="seconds from one window to the next (default: half of a window)",
    )


def _fields(text):
    kinds = [word.strip() for word in text.split(",")]
    wrong = [kind for kind in kinds if kind not in TAGS]
    if wrong:
        raise argparse.ArgumentTypeError(f"must be of {','.join(TAGS)}, got {wrong[0][:40]!r}")
    return tuple(kind for kind in TAGS if kind in kinds)


def _html(text):
    """Read the name of a page: no other file is replaced by mistake."""
    if path(text).suffix.lower() not in (".html", ".htm"):
        raise argparse.ArgumentTypeError(f"must be named .html, got {text[:40]!r}")
    return path(text)
