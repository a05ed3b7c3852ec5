import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from tqdm.auto import tqdm

from ._errors import DatasetError, some

MAX_MEMBERS = 20_000
# What file managers put into archives besides the data.
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def install(archive, target, required, *, max_bytes, verbose=0):
    """Unpack an archive into a folder, after looking at all of its members.

    All is unpacked beside the target and moved there at the end, so that the
    target is either as it was or complete. What the target held under other
    names stays; what it held under the same names is replaced.

    Parameters
    ----------
    archive : pathlib.Path
        A zip file.
    target : pathlib.Path
        The folder to make.
    required : sequence of str
        Patterns relative to the folder of the data set inside the archive, each
        of which must match a member. Folders around it are left out.
    max_bytes : int
        Bound on the size of all members together, unpacked.
    verbose : int
        Whether to show a progress bar.

    Raises
    ------
    DatasetError
        If the archive is broken, unsafe or laid out differently. The target is
        left as it was.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _safe_members(opened, archive, max_bytes)
            root = _find_root(members, required, archive)
            with tempfile.TemporaryDirectory(prefix=".unpack-", dir=target.parent) as folder:
                unpacked = Path(folder, "content")
                _extract(opened, _below(members, root), unpacked, verbose)
                _swap(unpacked, target)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DatasetError(
            f"{archive} is no complete zip archive ({error}); a download may have been cut "
            "short. Nothing was installed."
        ) from error


def _safe_members(opened, archive, max_bytes):
    """Return {path: member} of all files; refuse the archive if one member is unsafe."""
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
            f"{archive} has {len(unsafe)} unsafe members, nothing was unpacked: {some(unsafe)}."
        )
    members = {}
    for info in infos:
        path = _path(info)
        if info.is_dir() or any(part in _JUNK for part in path.parts):
            continue
        if path in members:
            raise DatasetError(f"{archive} holds {path} twice. Nothing was unpacked.")
        members[path] = info
    return members


def _path(info):
    # Some packers write "\", which is a separator on Windows, and only there.
    return PurePosixPath(info.orig_filename.replace("\\", "/"))


def _unsafe(info):
    """Return why a member must not be unpacked, or None."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    path = _path(info)
    if path.is_absolute() or re.match(r"[A-Za-z]:", name):
        return "absolute path"
    if ".." in path.parts:
        return "leaves the folder"
    if any(ord(letter) < 32 for letter in name):
        return "control characters in the name"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or a device"
    if info.flag_bits & 1:
        return "encrypted"
    return None


def _find_root(members, required, archive):
    """Return the outermost folder of the archive that holds all that is required."""
    folders = {parent for path in members for parent in path.parents}
    for folder in sorted(folders, key=lambda path: (len(path.parts), path)):
        inside = _below(members, folder)
        if all(any(_matches(path, pattern) for path in inside) for pattern in required):
            return folder
    raise DatasetError(
        f"{archive} is laid out differently from the published archive: it should hold "
        f"{', '.join(required)}; it holds {some(sorted(map(str, members))) or 'nothing'}. Nothing "
        "was unpacked."
    )


def _matches(path, pattern):
    # PurePath.match compares from the right: the depth must be compared as well.
    return len(path.parts) == len(PurePosixPath(pattern).parts) and path.match(pattern)


def _below(members, root):
    return {path.relative_to(root): info for path, info in members.items() if root in path.parents}


def _extract(opened, members, folder, verbose):
    folder.mkdir()
    for path, info in tqdm(members.items(), desc="unpacking", unit="file", disable=not verbose):
        file = folder.joinpath(*path.parts)
        file.parent.mkdir(parents=True, exist_ok=True)
        # Reading stops at the size that was added up above, and checks the checksum.
        with opened.open(info) as source, open(file, "xb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)


def _swap(new, target):
    """Put `new` in the place of `target`, and into it what only `target` held."""
    if not target.exists():
        os.replace(new, target)
        return
    # No folder that cleans up after itself: if the process is killed here, all is still on disk.
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
