"""A case of a fuzzer, and how bytes and values are made odd."""

import contextlib
import copy
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

# Signs, sizes and limits of integers, where headers have numbers of samples or bytes.
EDGES = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**36, 2**63 - 1)
NUMBERS = (0, 1, -1, 2, 0.5, -0.0, 1e-9, 1e9, 1e30, 2**31, 2**63, 2**70, float("nan"), float("inf"))
TEXTS = ("", "a", "=1+1", "$x$", "\x07", "ü", "\ud800", "x" * 300, "../a", "0", "None")


@dataclass
class Case:
    """One input: files by name, and what is done with them."""

    files: dict = field(default_factory=dict)
    params: dict = field(default_factory=dict)

    def write(self, folder):
        """Write the files; return the path of the first."""
        paths = [Path(folder) / name for name in self.files]
        for path, content in zip(paths, self.files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return paths[0] if paths else None


@contextlib.contextmanager
def own_folder():
    """Be in a new folder inside of a new folder: names of cases may be written to, also "../a"."""
    with tempfile.TemporaryDirectory() as outside:
        folder = Path(outside) / "inside"
        folder.mkdir()
        with contextlib.chdir(folder):
            yield str(folder)


class Finding(AssertionError):
    """What must not happen has happened."""


def expect(holds, message):
    """Raise a finding unless something holds."""
    if not holds:
        raise Finding(message)


def expect_told(error, *, raised_by=("sklearn_mer", "sklearn", "imblearn", "joblib")):
    """Check that an error is one for users: of their kind, with a text, not of a dependency."""
    expect(isinstance(error, ValueError | TypeError), f"{type(error).__name__} instead: {error!r}")
    expect(not isinstance(error, UnicodeError), f"a raw {error!r}")
    expect(str(error).strip(), "an error without a text")
    last = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
    # A note says what is allowed where the error itself does not.
    told = getattr(error, "__notes__", False) or any(part in last.parts for part in raised_by)
    expect(told, f"a raw error of a dependency ({last.name}): {error!r:.300}")


def mutated_bytes(random, content, donor=b""):
    """Return bytes with one to six changes."""
    content = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        _change(random, content, donor)
    return bytes(content)


def _change(random, content, donor):
    if not content:
        content.extend(donor[:100] or b"\0")
        return
    # Headers are short and say the most.
    near = random.random() < 0.6
    where = random.randrange(min(len(content), 200) if near else len(content))
    length = random.choice((1, 2, 4, 8, 16, 100, 1000))
    kind = random.randrange(9)
    if kind == 0:
        content[where] ^= 1 << random.randrange(8)
    elif kind == 1:
        content[where] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
    elif kind == 2:
        number = random.choice(EDGES).to_bytes(8, random.choice(("little", "big")))
        width = random.choice((2, 4, 8))
        little = number[:width] if random.random() < 0.5 else number[8 - width :]
        content[where : where + width] = little
    elif kind == 3:
        del content[where : where + length]
    elif kind == 4:
        content[where:where] = content[where : where + length]
    elif kind == 5:
        content[where : where + length] = bytes(min(length, len(content) - where))
    elif kind == 6:
        del content[where:]
    elif kind == 7:
        content[where:where] = bytes(random.randrange(256) for _ in range(min(length, 16)))
    elif donor:
        start = random.randrange(len(donor))
        content[where : where + length] = donor[start : start + length]


def odd_value(random, depth=0):
    """Return a value that is a wrong one almost anywhere."""
    kind = random.randrange(7 if depth < 2 else 5)
    if kind == 0:
        return random.choice((None, True, False))
    if kind <= 2:
        return random.choice(NUMBERS)
    if kind <= 4:
        return random.choice(TEXTS)
    values = [odd_value(random, depth + 1) for _ in range(random.randrange(3))]
    return values if kind == 5 else {random.choice(TEXTS): value for value in values}


def mutated_json(random, value):
    """Return a JSON value with one to three changes somewhere inside."""
    value = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 2, 3))):
        value = _changed_inside(random, value)
    return value


def _changed_inside(random, value):
    if not isinstance(value, dict | list) or not value or random.random() < 0.1:
        return odd_value(random)
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    place = random.choice(places)
    kind = random.random()
    if kind < 0.5:
        value[place] = _changed_inside(random, value[place])
    elif kind < 0.65:
        del value[place]
    elif kind < 0.8:
        value[place] = value[random.choice(places)]
    elif isinstance(value, dict):
        value[random.choice(TEXTS)] = odd_value(random)
    elif kind < 0.9:
        value.insert(place, value[place])
    elif isinstance(value[place], int | float):
        value[place] += random.choice((-1, 1, 1e-6))
    return value
