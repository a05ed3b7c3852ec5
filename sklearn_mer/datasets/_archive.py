import errno
import lzma
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from tqdm.auto import tqdm

from ._errors import DatasetError, first_few

MAX_MEMBERS = 20_000
# Files that file managers add to archives.
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


# What Python's readers raise for damaged archives and for kinds of compression they do not know.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
_BROKEN += (struct.error, UnicodeDecodeError, OverflowError)


def install(archive, target, required, *, max_bytes, verbose=0):
    """Check all members of an archive, and unpack it into a folder.

    Files are unpacked next to the target and moved at the end, so that the target is either
    unchanged or complete. Files of the target with the same names are replaced, others are kept.

    Parameters
    ----------
    archive : pathlib.Path
        Zip file.
    target : pathlib.Path
        Folder to create.
    required : sequence of str
        Patterns relative to the folder of the data set inside the archive. Each of them must match
        a member. Folders above that folder are not unpacked.
    max_bytes : int
        Maximal total size of the unpacked members.
    verbose : int
        Show a progress bar if positive.

    Raises
    ------
    DatasetError
        If the archive is broken, unsafe or has another layout. The target is unchanged.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _safe_members(opened, archive, max_bytes)
            root = _find_root(members, required, archive)
            with tempfile.TemporaryDirectory(prefix=".unpack-", dir=target.parent) as folder:
                unpacked = Path(folder, "content")
                _extract(opened, _below(members, root), unpacked, verbose)
                _swap(unpacked, target)
    except (*_BROKEN, OSError) as error:
        # Those without a number are of bz2, and that of wrong arguments is of offsets in the file.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise DatasetError(
            f"{archive} is not a complete zip archive ({error}); a download may have been "
            "interrupted. Nothing was unpacked."
        ) from error


def _safe_members(opened, archive, max_bytes):
    """Return the members of all files by path; raise an error if one is unsafe."""
    infos = opened.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or total > max_bytes:
        raise DatasetError(
            f"{archive} would unpack to {len(infos)} files of {total} bytes; at most "
            f"{MAX_MEMBERS} files and {max_bytes} bytes are accepted. Nothing was unpacked."
        )
    unsafe = [f"{info.orig_filename!r} ({why})" for info in infos if (why := _unsafe(info))]
    if unsafe:
        raise DatasetError(
            f"{archive} has {len(unsafe)} unsafe members: {first_few(unsafe)}. "
            "Nothing was unpacked."
        )
    members = {}
    for info in infos:
        path = _path(info)
        if info.is_dir() or any(part in _JUNK for part in path.parts):
            continue
        if path in members:
            raise DatasetError(f"{archive} contains {path} twice. Nothing was unpacked.")
        members[path] = info
    return members


def _path(info):
    # Some archivers write "\", which separates folders on Windows only.
    return PurePosixPath(info.orig_filename.replace("\\", "/"))


def _unsafe(info):
    """Return why a member must not be unpacked, or None."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    path = _path(info)
    if path.is_absolute() or re.match(r"[A-Za-z]:", name):
        return "absolute path"
    if ".." in path.parts:
        return "path outside the folder"
    if any(ord(letter) < 32 for letter in name):
        return "control characters in the name"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "link or device"
    if info.flag_bits & 1:
        return "encrypted"
    return None


def _find_root(members, required, archive):
    """Return the outermost folder of the archive that contains all required files."""
    folders = {parent for path in members for parent in path.parents}
    for folder in sorted(folders, key=lambda path: (len(path.parts), path)):
        inside = _below(members, folder)
        if all(any(_matches(path, pattern) for path in inside) for pattern in required):
            return folder
    found = first_few(sorted(map(str, members))) or "no files"
    raise DatasetError(
        f"{archive} has another layout than the published archive: it should contain "
        f"{', '.join(required)}, but contains {found}. Nothing was unpacked."
    )


def _matches(path, pattern):
    # PurePath.match compares from the right and ignores leading folders.
    return len(path.parts) == len(PurePosixPath(pattern).parts) and path.match(pattern)


def _below(members, root):
    return {path.relative_to(root): info for path, info in members.items() if root in path.parents}


def _extract(opened, members, folder, verbose):
    folder.mkdir()
    for path, info in tqdm(members.items(), desc="unpacking", unit="file", disable=not verbose):
        file = folder.joinpath(*path.parts)
        file.parent.mkdir(parents=True, exist_ok=True)
        # Reads at most the declared size, which was checked above, and verifies the checksum.
        with opened.open(info) as source, open(file, "xb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)


def _swap(new, target):
    """Replace `target` by `new`, and keep the entries that only `target` has."""
    if not target.exists():
        os.replace(new, target)
        return
    # Not a TemporaryDirectory: if the process is killed, all files are still on disk.
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    old, kept = aside / "old", []
    os.replace(target, old)
    try:
        for entry in list(old.iterdir()):
            if not (new / entry.name).exists():
                os.replace(entry, new / entry.name)
                kept.append(entry.name)
        os.replace(new, target)
    except BaseException:
        for name in kept:
            os.replace(new / name, old / name)
        os.replace(old, target)
        aside.rmdir()
        raise
    shutil.rmtree(aside)
