"""An upload as a file that is there as long as it is needed."""

import asyncio
import os
import re
import uuid
from contextlib import asynccontextmanager, suppress

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from .._files import why_not
from .._text import plain_line
from ._errors import Refusal

# Boundaries and heads of the parts of a form; each piece of a head; parts.
_AROUND, _MOST_HEAD, _MOST_PARTS = 65536, 4096, 100
_FORM = "multipart/form-data"
_KINDS = re.compile(r"(audio|video)/.+|application/(octet-stream|ogg|x-flac|mp4)|")
HOW = "curl -F file=@song.mp3, or -H 'Content-Type: audio/mpeg' --data-binary @song.mp3"


@asynccontextmanager
async def uploaded(request, folder, limits):
    """Write the upload of a request to a file, and delete it in the end.

    Parameters
    ----------
    request : Request
        With a song as body, or as the file of a form.
    folder : str
        Where to.
    limits : Limits
        What is taken.

    Yields
    ------
    tuple of (str, str)
        Path of the file, and the name that the client has for it.

    Raises
    ------
    Refusal
        If it is too large, too slow, or no upload.
    ClientDisconnect
        If it ends early.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    kind = kind.decode("latin-1")
    is_form = kind == _FORM
    if not is_form and not _KINDS.fullmatch(kind):
        raise Refusal(415, f"the body is {kind}; send audio/* or a form with a file: {HOW}")
    most = limits.max_bytes + is_form * _AROUND
    if int(request.headers.get("content-length", 0)) > most:
        raise _too_large(limits)
    path = os.path.join(folder, uuid.uuid4().hex)
    try:
        try:
            with open(path, "xb") as file:
                body = _Form(options, file) if is_form else _Raw(request, file)
                await _receive(request, body.write, most, limits)
                name = body.end()
                n_bytes = file.tell()
            # The end of a name tells some formats.
            if suffix := re.search(r"\.[A-Za-z0-9]{1,5}$", name):
                os.rename(path, path := path + suffix[0])
        except OSError as error:
            raise Refusal(507, f"the upload cannot be kept: {why_not(error)}") from error
        if not n_bytes:
            raise Refusal(422, "the file is empty (0 bytes)")
        if n_bytes > limits.max_bytes:
            raise _too_large(limits)
        yield path, name
    finally:
        with suppress(OSError):
            os.unlink(path)


async def _receive(request, write, most, limits):
    n_bytes = 0
    try:
        async with asyncio.timeout(limits.upload_seconds):
            more = True
            while more:
                message = await asyncio.wait_for(request.receive(), limits.pause_seconds)
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                piece, more = message.get("body", b""), message.get("more_body", False)
                n_bytes += len(piece)
                if n_bytes > most:
                    raise _too_large(limits)
                write(piece)
    except TimeoutError as error:
        raise Refusal(
            408,
            f"the upload is too slow: it may pause for {limits.pause_seconds:g} s, and take "
            f"{limits.upload_seconds:g} s",
        ) from error


def _too_large(limits):
    return Refusal(413, f"larger than {limits.max_bytes / 1e6:g} MB (--max-mb of the service)")


def clean_name(name):
    """Return what a client calls its song as one line, without folders."""
    return plain_line(re.split(r"[/\\]", name)[-1])[:255] or "upload"


class _Raw:
    """A body that is the song."""

    def __init__(self, request, file):
        self.name, self.write = request.query_params.get("name", ""), file.write

    def end(self):
        return clean_name(self.name)


class _Form:
    """A body that is a form, of which one file is taken, and fields are not."""

    def __init__(self, options, file):
        self._file, self._names, self._is_file, self._is_whole = file, [], False, False
        self._head = self._field = self._value = b""
        self._n_parts = 0
        names = ("part_begin", "part_data", "header_field", "header_value", "header_end")
        names += ("headers_finished", "end")
        callbacks = {f"on_{name}": getattr(self, f"_on_{name}") for name in names}
        try:
            self._parser = MultipartParser(options[b"boundary"], callbacks)
        except (KeyError, FormParserError, ValueError) as error:
            raise Refusal(400, f"the form has no boundary; {HOW}") from error

    def write(self, piece):
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise Refusal(400, f"no form can be read from the body ({error})") from error

    def end(self):
        if not self._is_whole:
            raise Refusal(400, "the form is not complete")
        if len(self._names) != 1:
            raise Refusal(400, f"the form has {len(self._names)} files; send one: {HOW}")
        return clean_name(self._names[0])

    def _on_part_begin(self):
        self._head, self._is_file = b"", False
        self._n_parts += 1
        if self._n_parts > _MOST_PARTS:
            raise Refusal(400, f"the form has more than {_MOST_PARTS} parts")

    def _on_header_field(self, data, start, end):
        self._field = _joined(self._field, data[start:end])

    def _on_header_value(self, data, start, end):
        self._value = _joined(self._value, data[start:end])

    def _on_header_end(self):
        if self._field.lower() == b"content-disposition":
            self._head = self._value
        self._field = self._value = b""

    def _on_headers_finished(self):
        _, options = parse_options_header(self._head)
        if b"filename" in options:
            self._is_file = True
            self._names.append(options[b"filename"].decode("utf-8", "replace"))

    def _on_part_data(self, data, start, end):
        if self._is_file and len(self._names) == 1:
            self._file.write(data[start:end])

    def _on_end(self):
        self._is_whole = True


def _joined(head, piece):
    if len(head) + len(piece) > _MOST_HEAD:
        raise Refusal(400, "the form has a head that is too long")
    return head + piece
