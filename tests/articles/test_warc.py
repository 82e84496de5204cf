"""WARC: the HTML answers of a crawl, each with its address; broken records and answers that are no page are rejects."""

import gzip
import io
import random
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import store
from corpus.articles import warc
from corpus.articles.convert import convert
from corpus.articles.draft import Draft
from corpus.articles.readers import REASONS, detect
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings
from corpus.articles.sources import walk
from corpus.records import Article, Reject

TEXT = "أعلنت بلدية تلوان اليوم عن افتتاح السوق الجديد قرب المرفأ بعد عامين من الأعمال المتواصلة."
PAGE = f"<html><head><title>السوق</title></head><body><p>{TEXT}</p></body></html>".encode()


def record(block, kind="response", uri="http://a.example/1", type="application/http; msgtype=response", extra=""):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n{extra}"
    return f"{head}Content-Type: {type}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def answer(body=PAGE, status="200 OK", type="text/html", extra=""):
    return f"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{extra}\r\n".encode("latin-1") + body


def drafts(data):
    return list(warc.read(io.BufferedReader(io.BytesIO(data))))


def chunked(body):
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(body[n : n + 50]), body[n : n + 50]) for n in range(0, len(body), 50)) + b"0\r\n\r\n"
    )


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PAGE, ""),
        (chunked(PAGE), "Transfer-Encoding: chunked\r\n"),
        (PAGE, "Transfer-Encoding: chunked\r\nContent-Encoding: br\r\n"),
        (gzip.compress(PAGE), "Content-Encoding: gzip\r\n"),
        (chunked(gzip.compress(PAGE)), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        (zlib.compress(PAGE), "Content-Encoding: deflate\r\n"),
        (raw_deflate(PAGE), "Content-Encoding: deflate\r\n"),
    ],
)
def test_a_page_is_read_however_it_was_sent(body, headers):
    (draft,) = drafts(record(answer(body, extra=headers)))
    assert [p.text for p in draft.paragraphs] == [TEXT]
    assert (draft.url, draft.title, draft.published, draft.raw) == ("http://a.example/1", "السوق", None, PAGE)


def test_the_page_says_its_address_first_and_the_server_its_charset_last():
    link = PAGE.replace(b"</title>", b'</title><link rel=canonical href="http://a.example/canonical">')
    arabic = PAGE.decode().encode("cp1256")
    russian = "<html><p>Вчера в городе открылась новая библиотека, и жители пришли посмотреть на книги</p>".encode("koi8-r")
    first, second, third, fourth = drafts(
        record(answer(link))
        + record(answer(arabic, type="text/html; charset=windows-1256"), uri="<http://a.example/خبر>")
        + record(answer(russian, type="text/html; charset=koi8-r"))
        + record(answer(russian))
    )
    assert first.url == "http://a.example/canonical"
    assert (second.paragraphs[0].text, second.url, second.raw) == (TEXT, "http://a.example/خبر", arabic)
    assert third.paragraphs[0].text.startswith("Вчера")
    assert fourth.reason == "not_text"


def test_what_is_no_page_is_no_input_record_and_what_is_no_article_is_a_reject(corpus_folder, tmp_path):
    records = [
        record(b"software: x\r\n", "warcinfo", type="application/warc-fields"),
        record(b"GET / HTTP/1.1\r\n\r\n", "request", type="application/http; msgtype=request"),
        record(answer()),
        record(answer(b"\x89PNG\0\0", type="image/png")),
        record(answer(status="404 Not Found")),
        record(answer(b"", status="301 Moved")),
        record(answer(), extra="WARC-Truncated: length\r\n"),
        record(answer(b"\x0b\x02\x80", extra="Content-Encoding: br\r\n")),
        record(answer(b"x" * 9 * 2**20)),
        record(answer(extra="X: y\r\n" * 200)),
        record(b"no status"),
        record(answer(b"5000\r\nabc", extra="Transfer-Encoding: chunked\r\n")),
        record(answer(gzip.compress(b"x" * 5 * 2**20), extra="Content-Encoding: gzip\r\n")),
        record(b"1 2 3 4", type="text/dns", uri="dns:a.example"),
    ]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, records)))  # as crawlers write it: each record by itself
    report = convert(corpus_folder, [path])
    (article,) = store.read(corpus_folder.articles, Article)
    rejects = [(reject.record, reject.reason) for reject in store.read(corpus_folder.rejects, Reject)]
    assert (article.url, article.origin.record, article.origin.format) == ("http://a.example/1", 3, "warc")
    assert rejects == [
        (5, "not_served"),
        (6, "not_served"),
        (7, "unclosed"),
        (8, "bad_record"),
        (9, "too_long"),
        (10, "bad_record"),
        (11, "bad_record"),
        (12, "bad_record"),
        (13, "too_long"),
    ]
    assert report.records == report.articles + report.rejected == 10


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"garbage\r\n\r\n", "bad_record"),
        (record(answer()).replace(b"Content-Length: ", b"Content-Length: -"), "bad_record"),
        (record(answer()).replace(b"Content-Length: ", b"X: "), "bad_record"),
        (record(answer()).replace(b"Content-Length: ", b"Content-Length: 99999999"), "unclosed"),
        (record(answer())[:-40], "unclosed"),
        (b"WARC/1.0\r\nX: " + b"a" * 2**20, "bad_record"),
        (b"WARC/1.0\r\n" + b"X: a\r\n" * 2**20, "bad_record"),
    ],
)
def test_a_broken_record_ends_the_file_with_a_reject_and_what_came_before_is_kept(bad, reason):
    first, second = drafts(record(answer()) + bad)
    assert isinstance(first, Draft) and (second.record, second.reason) == (2, reason)


def test_binary_records_do_not_hide_the_format_and_long_ones_are_not_held(tmp_path):
    data = record(b"\0\1\2" * 3000, "resource", type="image/png")
    assert detect(data).name == "warc"

    head = record(b"", "resource", type="image/png").replace(b"Content-Length: 0", b"Content-Length: 300000000")[:-4]

    class Long(io.RawIOBase):
        rest = head
        left = 300_000_000
        asked = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            if self.rest:
                size = min(len(buffer), len(self.rest))
                buffer[:size], self.rest = self.rest[:size], self.rest[size:]
                return size
            size = min(len(buffer), self.left)
            self.asked = max(self.asked, size)
            buffer[:size] = b"a" * size
            self.left -= size
            return size

    stream = Long()
    assert list(warc.read(io.BufferedReader(stream))) == [] and stream.asked <= warc.MAX_RECORD


PIECES = st.sampled_from(
    [record(answer()), record(answer(b"")), answer(), b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 5\r\n", b"\0", PAGE]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=9), max_size=6).map(b"".join), st.randoms(use_true_random=False))
def test_any_bytes_after_a_record_never_raise(data, chance: random.Random):
    data = bytearray(record(answer()) + data)
    for _ in range(3):
        data[chance.randrange(len(data))] = chance.randrange(256)
    for found in drafts(bytes(data)):
        assert isinstance(found, Draft) or (found.reason in REASONS and found.detail)


def test_a_warc_in_a_zip_is_read_record_by_record(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.warc.gz", gzip.compress(record(answer()) + record(answer(), uri="http://a.example/2")))
    found = [record for source in walk([tmp_path / "a.zip"]) for record, _ in records_of(source, Settings())]
    assert [article.url for article in found] == ["http://a.example/1", "http://a.example/2"]


def test_a_compressed_crawl_that_breaks_off_gives_the_pages_before(tmp_path):
    first, second = (gzip.compress(record(answer(), uri=f"http://a.example/{n}")) for n in (1, 2))
    (tmp_path / "x.warc.gz").write_bytes(first + second[:-60])
    (source,) = walk([tmp_path / "x.warc.gz"])
    (article, _), (reject, _) = records_of(source, Settings())
    assert article.url == "http://a.example/1" and (reject.record, reject.reason) == (2, "unreadable")
