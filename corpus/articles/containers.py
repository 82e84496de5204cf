"""What one open file holds: itself, or what is packed in it (tar, zip, gzip, bzip2, xz, zstd), told by its first bytes.

Everything is read as a stream and never unpacked to disk, so no path inside an archive is followed. An archive or compressed
file may hold one more. What comes out of a file is limited by how long the file is (`Budget`).
"""

import bz2
import gzip
import io
import lzma
import os
import posixpath
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import IO, Any, BinaryIO

from corpus.articles.draft import Fault
from corpus.text import clean

MAX_DEPTH = 2
"""So many archives or compressed files may be around a file."""
MAX_RATIO = 200
"""What is unpacked may be so many times as long as it was packed. Texts reach 5 to 50; zeros in gzip reach 1,000."""
FREE = 64 * 2**20
"""So many bytes may be unpacked whatever the ratio."""
MAX_HELD = 64 * 2**20
"""A zip or Parquet file inside an archive is held in memory, because it is read from its end; so long may it be."""
MAX_DIRECTORY = 32 * 2**20
"""The list of names of a zip may have so many bytes, about 300,000 names: it is held in memory."""
MAX_HEADER = 2**20
"""A long name or other extension in a tar may have so many bytes: it is held in memory."""
XZ_MEMORY = 256 * 2**20
"""What a decoder of xz may ask for; `xz -9` asks for 65 MiB."""

_BROKEN = (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, ValueError, NotImplementedError)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_TAR_EXTENSIONS = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE)
_BLOCK = 2**16
_UNPRINTABLE = re.compile(f"\n|{clean.FORBIDDEN.pattern}")


@dataclass(frozen=True)
class Source:
    """One file: its name relative to what the user named, and its bytes, or why they cannot be read.

    `file` is the name of the file on disk: of the archive, for what is inside one.
    """

    name: str
    file: str
    content: BufferedReader | Fault


class Budget:
    """How many bytes may still be unpacked from something that has `packed` bytes."""

    def __init__(self, packed: int) -> None:
        self._left = max(FREE, MAX_RATIO * packed)

    def spend(self, count: int) -> None:
        """Take some. Raises OSError when nothing is left."""
        self._left -= count
        if self._left < 0:
            raise OSError(f"it unpacks to more than {FREE:,} bytes and to more than {MAX_RATIO} times its length")


class _Unpacked(RawIOBase):
    """A packed file as a plain one: every fault of a decoder is an OSError and stays, and what comes out is counted."""

    def __init__(self, content: Any, *budgets: Budget) -> None:
        self._content = content
        self._budgets = budgets
        self._fault: OSError | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; less only at the end, since who peeks sees no more than this."""
        filled = 0
        while filled < len(buffer) and (data := self._read(len(buffer) - filled)):
            buffer[filled : filled + len(data)] = data
            filled += len(data)
        if self._fault and not filled:
            raise self._fault
        return filled

    def _read(self, size: int) -> bytes:
        try:
            # `read1`, in small pieces: what one call has read when the file breaks off is lost
            data = b"" if self._fault else self._content.read1(min(size, _BLOCK))
            for budget in self._budgets:
                budget.spend(len(data))
            return data
        except (OSError, *_BROKEN) as error:
            text = str(error) if isinstance(error, OSError) else f"the archive is broken here: {error}"
            self._fault = OSError(text)
            return b""


class _Xz:
    """An xz file of one or more streams. lzma's own file object has no limit to its memory."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._decoder = lzma.LZMADecompressor(memlimit=XZ_MEMORY)

    def read1(self, size: int) -> bytes:
        """The next bytes, up to `size`; none at the end."""
        while True:
            rest = self._decoder.unused_data
            if self._decoder.eof:
                rest = (rest or self._packed.read(_BLOCK)).lstrip(b"\0")  # streams may be padded
                if not rest:
                    return b""
                self._decoder = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
            elif self._decoder.needs_input and not (rest := self._packed.read(_BLOCK)):
                raise EOFError("it breaks off")
            if data := self._decoder.decompress(rest, size):
                return data


class _Directory:
    """A seekable file that refuses to be read in pieces over MAX_DIRECTORY: zipfile reads all names of a zip in one."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.seek, self.tell, self.seekable = content.seek, content.tell, content.seekable

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes."""
        if size > MAX_DIRECTORY:
            raise zipfile.BadZipFile(f"the list of names has {size:,} bytes; up to {MAX_DIRECTORY:,} are read")
        return self._content.read(size)


class _TarHeader(tarfile.TarInfo):
    """A member's header. tarfile takes a broken one for the end of the archive, and holds any extension in memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_TarHeader":
        """Read a header of 512 bytes. Raises TarError where tarfile would go on."""
        try:
            header = super().frombuf(buf, encoding, errors)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(str(error)) from None
        if header.type in _TAR_EXTENSIONS and header.size > MAX_HEADER:
            raise tarfile.ReadError(f"a header has {header.size:,} bytes; up to {MAX_HEADER:,} are read")
        return header


def _zstd(packed: Any) -> Any:
    import pyarrow  # here, since to load it takes as long as to read a thousand files

    return pyarrow.CompressedInputStream(pyarrow.PythonFile(packed, "r"), "zstd")


_DECODERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": _Xz,
    b"\x28\xb5\x2f\xfd": _zstd,
}
"""By the first bytes of a file, what makes a stream of plain bytes of it."""
_OUTSIDE = Fault(1, b"", "outside", "its name leads out of the archive by `../`; unpack the archive first")


def opened(stream: BufferedReader, name: str, file: str, depth: int, budget: Budget) -> Iterator[Source]:
    """Yield what a stream holds, each to be read before the next is asked for.

    `depth` archives or compressed files are around it; a .tar.gz counts as one.
    """
    content = stream
    try:
        head = inner = stream.peek(1)
        magic = next(filter(head.startswith, _DECODERS), None)
        if magic:
            content = BufferedReader(_Unpacked(_DECODERS[magic](stream), budget))
            inner = content.peek(1)
    except (OSError, *_BROKEN) as error:
        yield Source(name, file, _broken(error))
        return
    members = _tar if inner[257:262] == b"ustar" else _zip if inner.startswith(_ZIP) else None
    if not magic and not members:
        yield Source(name, file, stream)
    elif depth == MAX_DEPTH:
        yield Source(name, file, Fault(1, head, "nested", "an archive inside an archive inside an archive; unpack one first"))
    elif members:
        yield from members(content, name, file, depth + 1, budget)
    else:
        yield from opened(content, name, file, depth + 1, budget)


def _tar(stream: BufferedReader, name: str, file: str, depth: int, budget: Budget) -> Iterator[Source]:
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_TarHeader) as archive:
            while member := archive.next():
                archive.members.clear()  # type: ignore[attr-defined]  # tarfile would hold every header to the end
                inner = printable(f"{name}/{member.name.lstrip('/')}")
                if _leads_out(member.name):
                    yield Source(inner, file, _OUTSIDE)
                elif member.issym() or member.islnk():
                    yield Source(inner, file, Fault(1, b"", "link", f"a link to {member.linkname!r} inside the archive"))
                elif member.issparse() or not (member.isfile() or member.isdir()):
                    yield Source(inner, file, Fault(1, b"", "unreadable", "a pipe, device or sparse file, not a plain file"))
                elif content := archive.extractfile(member):
                    yield from opened(BufferedReader(_Unpacked(content)), inner, file, depth, budget)
    except (OSError, *_BROKEN) as error:
        yield Source(name, file, _broken(error))


def _zip(stream: BufferedReader, name: str, file: str, depth: int, budget: Budget) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(_Directory(seekable(stream, "a zip")))
    except (OSError, *_BROKEN) as error:
        yield Source(name, file, _broken(error))
        return
    for member in archive.infolist():
        if member.filename.endswith("/") and not member.file_size:  # `is_dir` fails on an empty name
            continue
        inner = printable(f"{name}/{member.filename.lstrip('/')}")
        content = _member(archive, member)
        if isinstance(content, Fault):
            yield Source(inner, file, content)
        else:
            unpacked = _Unpacked(content, budget, Budget(member.compress_size))
            yield from opened(BufferedReader(unpacked), inner, file, depth, budget)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes] | Fault:
    """Open a file of a zip."""
    if _leads_out(member.filename):
        return _OUTSIDE
    if stat.S_ISLNK(member.external_attr >> 16):
        return Fault(1, b"", "link", "a symbolic link inside the archive")
    if member.flag_bits & 1:
        return Fault(1, b"", "encrypted", "it is encrypted; unpack the archive first")
    if member.compress_type not in _ZIP_METHODS:
        return Fault(1, b"", "bad_archive", f"it is packed by method {member.compress_type}; stored, deflate, bzip2 are read")
    try:
        return archive.open(member)
    except (OSError, *_BROKEN) as error:
        return _broken(error)


def _leads_out(name: str) -> bool:
    return posixpath.normpath(name).startswith("../")


def seekable(stream: BinaryIO, what: str) -> BinaryIO:
    """The stream itself if it is a file of the disk, else what is in it, held in memory.

    Raises:
        OSError: it is longer than MAX_HELD.
    """
    if stream.seekable():
        return stream
    data = stream.read(MAX_HELD + 1)
    if len(data) > MAX_HELD:
        raise OSError(f"{what} inside another archive may have {MAX_HELD:,} bytes; unpack the outer one first")
    return io.BytesIO(data)


def _broken(error: Exception) -> Fault:
    return Fault(1, b"", "bad_archive", f"the rest of the archive cannot be read: {error}")


def printable(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8, and characters that no text may hold, are written like `\\xff`."""
    if name.isprintable():
        return name
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return _UNPRINTABLE.sub(lambda char: ascii(char[0])[1:-1], text)
