"""Plugin of beets: predict the mood of songs, for the library and the tags of the files."""

import os

from beets import plugins, ui
from beets.dbcore import types
from mediafile import (
    ASFStorageStyle,
    MediaField,
    MP3DescStorageStyle,
    MP3StorageStyle,
    MP4StorageStyle,
    StorageStyle,
)

from sklearn_mer.tags import FIELDS, TagError, emotion_fields

NUMBERS = [name.lower() for name in FIELDS if name != "MOOD"]


def _media_field(name):
    """Return where beets reads and writes a field: where `sklearn-mer tag` does."""
    keys, how = FIELDS[name], {"float_places": 4}
    return MediaField(
        MP3StorageStyle(keys["id3"]) if keys["id3"] else MP3DescStorageStyle(name, **how),
        MP4StorageStyle(f"----:com.apple.iTunes:{keys['mp4']}", **how),
        StorageStyle(keys["plain"], **how),
        ASFStorageStyle(keys["asf"], **how),
        out_type=str if name == "MOOD" else float,
    )


class SklearnMerPlugin(plugins.BeetsPlugin):
    """Fields ``mood``, ``mood_happy`` and others, of new songs and by the command ``beet mood``."""

    item_types = {
        name.lower(): types.STRING if name == "MOOD" else types.Float(4) for name in FIELDS
    }

    def __init__(self):
        super().__init__()
        self.config.add({"auto": True, "force": False, "threads": 1, "model": "default"})
        self.config.add({"unfamiliar": False})
        self._model = None
        for name in FIELDS:
            self.add_media_field(name.lower(), _media_field(name))
        if self.config["auto"].get(bool):
            self.import_stages = [self._imported]

    def commands(self):
        """Return the command of the plugin."""
        command = ui.Subcommand("mood", help="predict the mood of songs")
        add = command.parser.add_option
        add("-f", "--force", action="store_true", help="also songs that have all fields; replace")
        add("-t", "--threads", type="int", help="number of songs at a time")
        command.func = self._command
        return [command]

    def _command(self, library, options, arguments):
        force = options.force or self.config["force"].get(bool)
        self._predict(library.items(arguments), options.threads, force, ui.should_write())

    def _imported(self, session, task):
        # beets writes the tags of new songs itself, after the last stage.
        self._predict(task.imported_items(), None, self.config["force"].get(bool), False)

    def _predict(self, items, threads, force, write):
        from sklearn_mer.songs import iter_songs

        items = [item for item in items if force or _lacks(item)]
        if not items:
            return
        threads = threads or self.config["threads"].get(int)
        paths = [os.fsdecode(item.path) for item in items]
        songs = iter_songs(self._classifier(), paths, n_jobs=threads)
        for item, song in zip(items, songs, strict=True):
            try:
                found = self._found(song)
            except TagError as error:
                self._log.warning("{}: {}", song.path, error)
                continue
            new = {name: value for name, value in found.items() if force or not _has(item, name)}
            self._log.info("{}: {}", item, found["mood"])
            item.update(new)
            item.store()
            if write:
                item.try_write()

    def _classifier(self):
        if self._model is None:
            from sklearn_mer.models import load_model

            try:
                self._model = load_model(self.config["model"].as_str())
            except (OSError, ValueError, TypeError, ImportError) as error:
                raise ui.UserError(f"sklearn_mer: {error}") from error
        return self._model

    def _found(self, song):
        from sklearn_mer.songs import UNFAMILIAR, valence_arousal

        if song.error:
            raise TagError(song.error)
        if song.familiarity < UNFAMILIAR and not self.config["unfamiliar"].get(bool):
            raise TagError("unlike the music that the model was trained on; see `unfamiliar`")
        classes = self._classifier().classes_.tolist()
        row = {"quadrant": str(song.predicted)} | dict.fromkeys(("Q1", "Q2", "Q3", "Q4"), 0.0)
        row |= dict(zip(classes, song.probabilities.tolist(), strict=True))
        valence, arousal = valence_arousal([song.probabilities], classes)
        row |= {"valence": float(valence[0]), "arousal": float(arousal[0])}
        fields = {name.lower(): text for name, text in emotion_fields(row).items()}
        return {name: text if name == "mood" else float(text) for name, text in fields.items()}


def _has(item, name):
    if name == "mood":
        return bool(item.get("mood"))
    # beets reads numbers that a file lacks as 0, and probabilities are not all 0.
    return any(item.get(number) for number in NUMBERS)


def _lacks(item):
    return not all(_has(item, name.lower()) for name in FIELDS)
