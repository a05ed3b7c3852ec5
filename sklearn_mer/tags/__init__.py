"""Moods in the tags of music files: shown, written in one step, and taken back."""

from ._errors import TagError
from ._fields import FIELDS, KINDS, emotion_fields
from ._formats import read_fields
from ._journal import Journal, default_journal
from ._write import Written, check_writable, undo_fields, write_fields

__all__ = ["Journal", "TagError", "emotion_fields", "read_fields", "undo_fields", "write_fields"]

# For the command line and the plugin of beets.
__all__ += ["FIELDS", "KINDS", "Written", "check_writable", "default_journal"]
