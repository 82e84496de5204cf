"""Archives and compressed files: read by their content, one in another at most, bombs and links stopped."""

import bz2
import gzip
import io
import json
import lzma
import os
import re
import stat
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from corpus import store
from corpus.articles import containers
from corpus.articles.convert import convert
from corpus.articles.readers import REASONS
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings
from corpus.articles.sources import walk
from corpus.records import Article, Reject
from corpus.text.clean import FORBIDDEN


def row(text):
    return json.dumps({"text": text}).encode()


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(*members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zstd(data):
    return pyarrow.compress(data, "zstd", asbytes=True)


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}


def outcome(space, path):
    report = convert(space, [path])
    articles, rejects = list(store.read(space.articles, Article)), list(store.read(space.rejects, Reject))
    assert report.records == report.articles + report.rejected == len(articles) + len(rejects)
    assert all(reject.reason in REASONS for reject in rejects)
    return sorted(article.text for article in articles), [(reject.file, reject.reason) for reject in rejects]


@pytest.mark.parametrize("packer", PACKERS)
def test_a_compressed_file_is_read_by_its_content_whatever_its_name(corpus_folder, tmp_path, packer):
    path = tmp_path / "x.html"
    path.write_bytes(PACKERS[packer](b"\n".join(row(f"{n} " + "س" * 3000) for n in range(20))))
    texts, rejects = outcome(corpus_folder, path)
    assert (len(texts), rejects) == (20, [])


@pytest.mark.parametrize("packer", ["gz", "bz2", "xz"])
def test_files_that_were_compressed_in_pieces_are_read_to_the_end(corpus_folder, tmp_path, packer):
    path = tmp_path / "x"
    path.write_bytes(b"".join(PACKERS[packer](row(str(n)) + b"\n") for n in range(3)))
    assert outcome(corpus_folder, path) == (["0", "1", "2"], [])


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("length", [200, 100_000])
def test_a_compressed_file_that_breaks_off_is_a_reject(corpus_folder, tmp_path, packer, length):
    data = PACKERS[packer](b"\n".join(row(os.urandom(500).hex()) for _ in range(length // 100)))
    path = tmp_path / "x"
    path.write_bytes(data[: len(data) * 2 // 3])
    texts, rejects = outcome(corpus_folder, path)
    assert len(rejects) == 1 and len(texts) < length // 100


@pytest.mark.parametrize("packer", PACKERS)
def test_records_before_the_break_of_a_compressed_file_are_read(corpus_folder, tmp_path, packer):
    record = "<DOC>\n<DOCNO>{0}</DOCNO>\n<TEXT>\n{1}\n</TEXT>\n</DOC>\n"
    data = PACKERS[packer]("".join(record.format(n, os.urandom(1000).hex()) for n in range(500)).encode())
    path = tmp_path / "x"
    path.write_bytes(data[: len(data) * 9 // 10])
    texts, rejects = outcome(corpus_folder, path)
    assert rejects == [("x", "unreadable")] and len(texts) > 350, "500 kB are not lost with the piece that breaks off"


def test_one_archive_in_another_is_read_and_a_third_is_a_reject(corpus_folder, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped(
            ("1.gz", gzip.compress(row("gz in zip"))),
            ("2.tgz", gzip.compress(tarred(("x", row("tgz in zip")), ("y.gz", gzip.compress(row("deep")))))),
            ("3.zip", zipped(("x", row("zip in zip")), ("y.zip", zipped(("z", row("deep")))))),
            ("4.gz", gzip.compress(gzip.compress(row("deep")))),
            ("5.gz", gzip.compress(zipped(("x", row("zip in gz"))))),
        )
    )
    texts, rejects = outcome(corpus_folder, path)
    assert texts == ["gz in zip", "tgz in zip", "zip in gz", "zip in zip"]
    assert rejects == [(f"a.zip/{name}", "nested") for name in ("2.tgz/y.gz", "3.zip/y.zip", "4.gz")]


def test_hostile_members_of_a_zip_reach_nothing_and_are_counted(corpus_folder, tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = zipped(
        ("../../up", row("up")), ("/etc/x", row("etc")), ("folder/", b""), (link, b"/etc/passwd"), ("bad", row("bad"))
    )
    broken = data.replace(zipped(("bad", row("bad")))[30:50], b"bad" + b"\xff" * 17, 1)
    assert broken != data
    path = tmp_path / "in" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(broken)
    before = sorted(tmp_path.rglob("*"))
    texts, rejects = outcome(corpus_folder, path)
    assert texts == ["etc"]
    assert rejects == [
        ("a.zip/../../up", "outside"),
        ("a.zip/bad", "bad_archive"),
        ("a.zip/link", "link"),
    ]
    assert [p for p in sorted(tmp_path.rglob("*")) if corpus_folder.root not in p.parents] == [
        p for p in before if corpus_folder.root not in p.parents
    ]


def test_a_member_without_a_name_is_read(corpus_folder, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("xyz", row("nameless")), ("b", row("b"))).replace(b"xyz", b"\0yz"))
    assert outcome(corpus_folder, path) == (["b", "nameless"], [])


def test_an_encrypted_member_and_an_unknown_method_are_rejects(corpus_folder, tmp_path):
    data = bytearray(zipped(("a", row("a")), ("b", row("b")), ("c", row("c"))))
    names = [n for n in range(len(data)) if data[n : n + 4] == b"PK\x01\x02"]
    data[names[0] + 8] |= 1
    data[names[1] + 10] = 99
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert outcome(corpus_folder, path) == (["c"], [("a.zip/a", "encrypted"), ("a.zip/b", "bad_archive")])


BOMB = """
import sys
from pathlib import Path
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings
from corpus.articles.sources import walk
records = [record for source in walk([Path(sys.argv[1])]) for record, _ in records_of(source, Settings())]
status = Path("/proc/self/status").read_text().splitlines()  # ru_maxrss would begin with the peak of the tests' process
peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(len(records), records[0].reason, peak // 1024, records[0].detail)
"""


LINES = {
    "a line of JSON": b'{"text":"',
    "an array": b'[{"text":"',
    "a table": b"text\n",
    "a table's header": b"text,",
    "a TREC file": b"<DOC>\n<TEXT>",
    "a page": b"<html><p>",
    "a feed": b"<rss><channel><item><description>",
    "a portal page": "ع\nتاريخ النشر: 6th, November 2024 GMT\n".encode(),
    "a WARC": b"WARC/1.0\r\nA: ",
    "no format": b"",
}


@pytest.mark.parametrize("kind", ["gz", "xz", "zst", "zip", "tar.gz", *LINES, "brotli", "parquet"])
def test_a_bomb_is_a_reject_in_less_than_a_gigabyte(tmp_path, kind):
    spaces = b" " * 2**20
    path = tmp_path / "bomb"
    if kind in LINES:
        path.write_bytes(LINES[kind] + b"a" * 100 * 2**20)
    elif kind == "brotli":
        page = pyarrow.compress(b"<html>" + spaces * 100, "brotli", asbytes=True)
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n" + page
        head = "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n"
        path.write_bytes(head.format(len(block)).encode() + block + b"\r\n\r\n")
    elif kind == "parquet":
        table = pyarrow.table({"text": pyarrow.array(["x" * 2**27] * 5)})
        parquet.write_table(table, path, compression="zstd", use_dictionary=False)
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x", "w") as member:
            member.write(b"<html>")
            for _ in range(300):
                member.write(spaces)
    elif kind == "tar.gz":  # a name of 300 MB, which tarfile would hold
        header = tarfile.TarInfo("././@LongLink")
        header.type, header.size = tarfile.GNUTYPE_LONGNAME, 300 * 2**20
        with gzip.open(path, "wb", 1) as file:
            file.write(header.tobuf(tarfile.GNU_FORMAT))
            for _ in range(300):
                file.write(spaces)
    else:
        path.write_bytes(PACKERS[kind](b"<DOC>" + spaces * 300))
    command = [sys.executable, "-c", BOMB, str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[2])
    count, _, megabytes, _ = output.stdout.split(maxsplit=3)
    assert count == "1" and int(megabytes) < 1000, output.stdout


def test_a_stream_is_stopped_where_it_unpacks_to_too_much(monkeypatch, tmp_path):
    monkeypatch.setattr(containers, "FREE", 10_000)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"".join(row("a" * 90) + b"\n" for _ in range(20_000))))
    limit = containers.MAX_RATIO * path.stat().st_size
    records = [record for source in walk([path]) for record, _ in records_of(source, Settings())]
    *articles, last = records
    assert isinstance(last, Reject) and "200 times" in last.detail
    assert 0 < len(articles) <= limit // 103 < 20_000


def test_a_zip_whose_list_of_names_is_too_long_is_a_reject(monkeypatch, tmp_path):
    monkeypatch.setattr(containers, "MAX_DIRECTORY", 100)
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(*((str(n), b"x") for n in range(5))))
    (source,) = walk([path])
    assert source.content.reason == "bad_archive" and "list of names" in source.content.detail


WRAPS = [*PACKERS.values(), lambda data: zipped(("a", data)), lambda data: tarred(("a", data))]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(WRAPS), st.integers(0, 400), st.binary(max_size=6), st.booleans())
def test_any_bytes_in_any_container_never_raise_and_are_never_lost(tmp_path_factory, data, wrap, place, noise, harmed):
    packed = wrap(data)
    if harmed:
        packed = packed[:place] + noise + packed[place + len(noise) :]
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(packed)
    records = [record for source in walk([path]) for record, _ in records_of(source, Settings())]
    for record in records:
        store.encode(record)
        assert isinstance(record, Article) or record.reason in REASONS
    if not harmed:
        assert records


@given(st.binary(max_size=12) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_a_name_that_can_be_printed_is_left_and_any_other_escaped(raw):
    name = os.fsdecode(raw)
    written = containers.printable(name)
    assert "\n" not in written and not FORBIDDEN.search(written)
    escapes = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[nrt])")
    kept = [char for char in name if not "\ud800" <= char <= "\udfff" and char != "\n" and not FORBIDDEN.search(char)]
    if "\\" not in name:
        assert escapes.sub("", written) == "".join(kept) and (len(kept) == len(name)) == (written == name)


def test_as_many_bytes_of_a_file_decide_on_the_disk_as_in_an_archive(tmp_path):
    sentence = "قال مدير المرفأ إنّ السفن الصغيرة تعود إلى رصيفها القديم بعد انتهاء أشغال الترميم. "
    page = f"<!--{'-' * 6000}--><html><body><article><p>{sentence * 3}</p></article></body></html>".encode()
    (tmp_path / "page").write_bytes(page)
    (tmp_path / "packed").write_bytes(zipped(("page", page)))
    found = [record for source in walk([tmp_path]) for record, _ in records_of(source, Settings())]
    assert [article.origin.format for article in found] == ["html", "html"]
    assert found[0].id == found[1].id
