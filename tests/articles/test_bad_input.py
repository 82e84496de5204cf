"""Bad input of every kind: one reject with a reason each, the rest goes on, and the counts add up."""

import gzip
import io
import json
import os
import socket
import tarfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stored_well import assert_stored_well

from corpus import store, workspace
from corpus.articles import jsonl, table, trec
from corpus.articles.containers import Source
from corpus.articles.convert import convert
from corpus.articles.readers import READERS, REASONS
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings
from corpus.records import Article, Reject

GOOD = "عنوان\nتاريخ النشر: 6th, November 2024 GMT\nفقرة سليمة لا عيب فيها.\n".encode()
DOC = "<DOC>\n<DOCNO>{0}</DOCNO>\n<TITLE>ع</TITLE>\n<TEXT>\nنص رقم {0}.\n</TEXT>\n</DOC>\n"


def outcome(space, folder):
    """Convert a folder; the texts, and (file, record, reason) of the rejects, once the counts are seen to add up."""
    report = convert(space, [folder])
    articles, rejects = list(store.read(space.articles, Article)), list(store.read(space.rejects, Reject))
    assert report.records == report.articles + report.rejected
    assert (len(articles), len(rejects)) == (report.articles, report.rejected)
    assert sum(report.reasons.values()) == report.rejected
    for reject in rejects:
        assert reject.reason in REASONS and len(reject.detail.split()) >= 3 and len(reject.head) <= 200
    return sorted(a.text for a in articles), [(r.file.partition("/")[2], r.record, r.reason) for r in rejects]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n \n", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "not_text"),
        (GOOD[:30] + b"\xff\xfe" + GOOD[30:], "not_text"),
        (GOOD + "س".encode() * 5000 + b"\xc3\x28", "not_text"),
        (GOOD.decode().encode("utf-16"), "repeated"),
        (GOOD.decode().encode("cp1256"), "repeated"),
        (GOOD + b"\0", "not_text"),
        ("كلام بلا شكل معروف".encode(), "unknown_format"),
        (b"abc\rdef", "unknown_format"),
        (b"title,body\na,b\n", "unknown_format"),
        (b"<html><body>text</body></html>", "no_article"),
        (DOC.format(1).replace("</DOC>", "").encode(), "unclosed"),
        (b'{"text": ' + b"[" * 200_000, "bad_json"),
        (b"\x1f\x8b broken", "bad_archive"),
        (gzip.compress(GOOD), "repeated"),
    ],
)
def test_a_bad_file_is_one_reject_and_its_neighbour_an_article(corpus_folder, tmp_path, content, reason):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bad").write_bytes(content)
    (folder / "good.txt").write_bytes(GOOD)
    assert outcome(corpus_folder, folder) == (["فقرة سليمة لا عيب فيها."], [("bad", 1, reason)])


@pytest.mark.parametrize(
    ("name", "content", "texts", "faults"),
    [
        (
            "x.jsonl",
            b'{"text":"a"}\nnope\n[1]\n\n{"text":"b","title":5}\n{"title":"c"}\n{"text":"\\ud800"}\n"x"\n{"text":"\xff"}\n'
            b'{"text":" \\u0000"}\n'
            b'{"text":"k","keywords":[1]}\n{"text":null}\n{"text":"d","id":1}',
            ["a", "d"],
            [
                (2, "bad_json"),
                (3, "bad_json"),
                (5, "bad_field"),
                (6, "missing_field"),
                (7, "bad_json"),
                (8, "bad_json"),
                (9, "bad_json"),
                (10, "empty_text"),
                (11, "bad_field"),
                (12, "empty_text"),
            ],
        ),
        (
            "x.csv",
            b"text,title\na,b\nshort\nc,d,e\n,f\n\ng,h\n",
            ["a", "g"],
            [(2, "bad_row"), (3, "bad_row"), (4, "empty_text")],
        ),
        ("x.csv", b'text,title\na,b\n"never,closed\nc,d\n', ["a"], [(2, "bad_row")]),
        ("x.tsv", b'text\ttitle\na\tb\n"c" d\te\nf\tg\n', ["a"], [(2, "bad_row")]),
        ("x.csv", b"Text;title;text\na;b;c\n", [], [(1, "bad_row")]),
        ("x.csv", b"text;note;note\na;b;c\n", ["a"], []),
        ("x.csv", b"text\na\n" + b"b" * 9000 + b"\n\xff\nc\n", ["a", "b" * 9000, "c"], [(3, "not_text")]),
        ("x.csv", b"text," + b"x" * 9000 + b"\xff\na,b\n", ["a"], []),
        ("x.csv", b"text\na\nb\x00c\n", [], [(1, "not_text")]),  # a NUL in the head: the file is no text
        (
            "x.trec",
            f"{DOC.format(1)}{DOC.format(2).replace('</DOC>', '')}{DOC.format(3)}".encode(),
            ["نص رقم 1.", "نص رقم 3."],
            [(2, "unclosed")],
        ),
        (
            "x.trec",
            DOC.format(1).encode() + b"<DOC><TEXT>\xff</TEXT></DOC>" + DOC.format(3).encode() + b"tail",
            ["نص رقم 1.", "نص رقم 3."],
            [(2, "not_text"), (4, "unclosed")],
        ),
        ("x.trec", b"<DOC></DOC><DOC><TEXT> </TEXT></DOC>", [], [(1, "empty_text"), (2, "empty_text")]),
    ],
)
def test_a_bad_record_is_one_reject_and_the_records_around_it_articles(corpus_folder, tmp_path, name, content, texts, faults):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(content)
    found, rejects = outcome(corpus_folder, folder)
    assert (found, rejects) == (sorted(texts), [(name, record, reason) for record, reason in faults])


def test_lines_and_records_longer_than_the_limit_are_rejects_not_memory(monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE", 50)
    first, second = jsonl.read(io.BytesIO(b'{"text":"a"}\n{"text":"' + b"x" * 100), {})
    assert first.paragraphs and (second.record, second.reason, len(second.raw)) == (2, "too_long", 50)
    monkeypatch.setattr(table, "MAX_FIELD", 50)
    first, second = table.read(io.BytesIO(b"text\na\n" + b"x" * 100 + b"\n"), {})
    assert first.paragraphs and (second.record, second.reason) == (2, "bad_row")
    monkeypatch.setattr(trec, "MAX_RECORD", 50)
    monkeypatch.setattr(trec, "_CHUNK", 60)
    *_, last = trec.read(io.BytesIO(DOC.format(1).encode() + b"<DOC>" + b"x" * 1000))
    assert last.reason == "unclosed" and len(last.raw) < 200


def test_links_pipes_and_sockets_are_not_followed_and_not_forgotten(corpus_folder, tmp_path):
    folder, secret = tmp_path / "in", tmp_path / "secret"
    folder.mkdir()
    secret.mkdir()
    (secret / "s.txt").write_bytes(GOOD)
    (folder / "file").symlink_to(secret / "s.txt")
    (folder / "folder").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    (folder / "gone").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(folder / "socket"))
        texts, rejects = outcome(corpus_folder, folder)
    assert texts == []
    links = [(name, 1, "link") for name in ("file", "folder", "gone", "loop")]
    assert rejects == [*links, ("pipe", 1, "unreadable"), ("socket", 1, "unreadable")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_or_folder_without_read_rights_is_a_reject(corpus_folder, tmp_path):
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    (folder / "file.txt").write_bytes(GOOD)
    for path in (folder / "closed", folder / "file.txt"):
        path.chmod(0)
    try:
        _, rejects = outcome(corpus_folder, folder)
    finally:
        (folder / "closed").chmod(0o700)
    assert rejects == [("closed", 1, "unreadable"), ("file.txt", 1, "unreadable")]


def test_the_same_file_under_two_names_is_one_article_and_one_reject(corpus_folder, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes(GOOD)
    assert outcome(corpus_folder, folder) == (["فقرة سليمة لا عيب فيها."], [("a.txt", 1, "repeated")])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("خبر ١ \u200c.txt", "خبر ١ \u200c.txt"),
        ("e\u0301 \u202e.txt", "e\u0301 \\u202e.txt"),
        ("new\nline", "new\\nline"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("😀", "😀"),
        (b"\xff\xfe.txt", "\\xff\\xfe.txt"),
    ],
)
def test_odd_file_names_are_read_and_written_down_as_a_terminal_can_show_them(corpus_folder, tmp_path, name, written):
    folder = tmp_path / "in"
    folder.mkdir()
    raw = os.fsencode(name)
    (folder / os.fsdecode(raw)).write_bytes(GOOD)
    (folder / os.fsdecode(b"z" + raw)).write_bytes(b"?")
    texts, ((file, _, reason),) = outcome(corpus_folder, folder)
    assert len(texts) == 1 and reason == "unknown_format"
    assert file == "z" + written


def tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                archive.addfile(info)


def test_hostile_names_and_links_inside_an_archive_reach_nothing_outside_it(corpus_folder, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(GOOD)
    rows = [json.dumps({"text": str(n)}).encode() for n in range(3)]
    members = [
        ("../../up.jsonl", rows[0]),
        ("/etc/absolute.jsonl", rows[1]),
        ("sub/../x.jsonl", rows[2]),
        ("soft", (tarfile.SYMTYPE, str(tmp_path / "secret"))),
        ("hard", (tarfile.LNKTYPE, "../../secret")),
        ("pipe", (tarfile.FIFOTYPE, "")),
        ("folder", (tarfile.DIRTYPE, "")),
        ("inner.tar", b"\0" * 1024),
    ]
    tar(folder / "a.tar", members)
    before = sorted(p for p in tmp_path.rglob("*") if corpus_folder.root not in p.parents)
    texts, rejects = outcome(corpus_folder, folder)
    assert texts == ["1", "2"]
    reasons = {"../../up.jsonl": "outside", "hard": "link", "inner.tar": "not_text", "pipe": "unreadable", "soft": "link"}
    assert rejects == [(f"a.tar/{name}", 1, reason) for name, reason in reasons.items()]
    assert sorted(p for p in tmp_path.rglob("*") if corpus_folder.root not in p.parents) == before


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_an_archive_that_breaks_off_gives_what_comes_before_and_says_so(corpus_folder, tmp_path, mode, share):
    folder = tmp_path / "in"
    folder.mkdir()
    noise = [os.urandom(40_000).hex() for _ in range(6)]
    tar(folder / "a.tar", [(f"{n}.csv", f"text\n{text}\n".encode()) for n, text in enumerate(noise)], mode)
    whole = (folder / "a.tar").read_bytes()
    (folder / "a.tar").write_bytes(whole[: int(len(whole) * share)])
    texts, rejects = outcome(corpus_folder, folder)
    assert set(texts) < set(noise)
    assert ("a.tar", 1, "bad_archive") in rejects
    if mode == "w":
        assert len(texts) == int(6 * share)


def test_every_format_is_read_inside_an_archive_as_outside(corpus_folder, tmp_path):
    from golden import INPUTS, converted

    inputs = [path for path in INPUTS if path.name != "archive"]  # which has another inside: three deep are a reject
    with tarfile.open(tmp_path / "all.tar.bz2", "w:bz2") as archive:
        for path in inputs:
            archive.add(path, path.name)
    convert(corpus_folder, [tmp_path / "all.tar.bz2"])
    outside, _ = converted(inputs)
    assert corpus_folder.articles.read_bytes().replace(b'"all.tar.bz2/', b'"') == outside


# Any bytes at all.

PIECES = st.sampled_from(
    [
        b"<DOC>",
        b"</DOC>",
        b"<TEXT>",
        b"</TEXT>",
        b"<URL>http://a.b/",
        b"</URL>",
        b"<DOCNO>",
        b"</DOCNO>",
        b"\n<DOC>\n",
        b'{"text":"',
        b'"}\n',
        b'{"text":"a","url":"',
        b"\\ud800",
        b"\\u0000",
        b'{"text":"b","language":"\\u0007',
        b'"id":',
        b"[",
        b"text",
        b"text,title\n",
        b"a;text\r\n",
        b"\ttext\n",
        b'"',
        b",",
        b"\r",
        b"\n",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xae",
        b"\x1f\x8b",
        "عنوان\nتاريخ النشر: ".encode(),
        "المصدر:".encode(),
        "\nكلمات دلالية: أ ب ب أ المزيد في".encode(),
        "\nإقرأ أيضاً:\n".encode(),
        "\n— أ (@a) May 3, 2024".encode(),
        "ص".encode(),
        "\u2028".encode(),
        "كلمة ".encode(),
    ]
)
BYTES = st.lists(PIECES | st.binary(max_size=8), max_size=40).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(BYTES)
@example(b"abc\rdef")
@example(b"text," + b"x" * 8190 + b"\xff")
@example(b'{"text":"' + b"[" * 5000)
def test_any_bytes_become_articles_and_rejects_and_never_an_exception(data):
    for content in (io.BytesIO(data), io.BytesIO(b"\xef\xbb\xbf" + data)):
        for record, _ in records_of(Source("x", "x", io.BufferedReader(content)), Settings()):
            store.encode(record)
            if isinstance(record, Reject):
                assert record.reason in REASONS and record.detail
            else:
                assert_stored_well(record)


@settings(max_examples=100, deadline=None)
@given(BYTES)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_reader_falls_over_what_another_should_have_read(reader, data):
    for draft in reader.read(io.BufferedReader(io.BytesIO(data))):
        assert draft.record >= 1


FORBIDDEN_CHARACTERS = "\u202e\x07\u200f\x9f\u2066"
PROSE = "عادت الحافلات إلى شوارع المدينة هذا الصباح بعد إضراب دام ثلاثة أيام، وقال السائقون إنهم راضون. " * 3
FIELDS = ("id", "url", "title", "source", "author", "published", "section", "keywords", "language")
HOSTILE = {
    "jsonl": json.dumps({name: f"https://a.example/ص{{0}}ع {name}" for name in FIELDS} | {"text": PROSE + "{0}"})
    .replace("{", "{{", 1)
    .replace("{{0}}", "{0}")[:-1]
    + "}}",
    "trec": "<DOC>\n<DOCNO>1{0}</DOCNO><URL>https://a.example/{0}</URL><SRC>س{0}س</SRC><CAT>{0}ق</CAT><AUTHOR>ك{0}</AUTHOR>"
    "<TITLE>ع{0}ع</TITLE><TIME>{0}</TIME><TEXT>" + PROSE + "{0}</TEXT></DOC>",
    "portal": "ع{0}ع\nتاريخ النشر: {0}\n" + PROSE + "\nقول{0} https://x.example/{0}x\n— ا{0}ا (@handle) March 3, 2024\n"
    "المصدر: س{0}س\nكلمات دلالية: أ{0}ب ت{0}ث ت{0}ث أ{0}ب\n",
    "html": "<html lang='a{0}r'><head><title>ع{0}ع</title><meta name='author' content='ك{0}ك'><meta property='og:site_name'"
    " content='س{0}س'><meta property='article:section' content='ق{0}'><meta name='keywords' content='أ{0}ب,{0}'>"
    "<link rel='canonical' href='https://a.example/{0}x'></head><body><p>" + PROSE + "{0}</p><blockquote"
    " class='twitter-tweet'><p>قول{0}</p>— ا{0} (@handle) <a href='https://x.example/{0}x'>March 3, 2024</a></blockquote>"
    "<p>" + PROSE + "</p></body></html>",
    "feed": "<rss><channel><title>س{0}س</title><language>a{0}r</language><item><title>ع{0}ع</title><author>ك{0}</author>"
    "<category>أ{0}ب</category><link>https://a.example/{0}x</link><guid>{0}</guid><description>" + PROSE + "{0}"
    "</description></item></channel></rss>",
}


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("format", HOSTILE)
def test_no_field_of_an_article_holds_a_forbidden_character(format, escaped):
    bad = FORBIDDEN_CHARACTERS
    if escaped:
        bad = json.dumps(bad)[1:-1] if format == "jsonl" else "".join(f"&#{ord(char)};" for char in bad)
    elif format in ("jsonl", "feed"):
        bad = bad.replace("\x07", "")  # which JSON and XML do not allow
    if format == "feed" and escaped:
        bad = bad.replace("&#7;", "")
    source = Source("x", "x", io.BufferedReader(io.BytesIO(HOSTILE[format].format(bad).encode())))
    ((article, _),) = records_of(source, Settings())
    assert isinstance(article, Article) and article.origin.format == format, article
    assert_stored_well(article)


def test_the_address_of_a_post_is_a_web_address_or_null():
    page = HOSTILE["html"].replace("https://x.example/{0}x", "{0}")
    for address, kept in (("javascript:alert(1)", None), ("/status/1", None), ("https://x.example/1", "https://x.example/1")):
        source = Source("x", "x", io.BufferedReader(io.BytesIO(page.format(address).encode())))
        ((article, _),) = records_of(source, Settings())
        assert [embed.url for embed in article.embeds] == [kept]


@settings(max_examples=60, deadline=None)
@given(st.lists(BYTES, min_size=1, max_size=4))
def test_the_counts_add_up_for_any_files(tmp_path_factory, contents):
    folder = tmp_path_factory.mktemp("any")
    (folder / "in").mkdir()
    for n, content in enumerate(contents):
        (folder / "in" / str(n)).write_bytes(content)
    workspace.create(folder / "corpus")
    texts, rejects = outcome(workspace.find(folder / "corpus"), folder / "in")
    assert len(texts) + len(rejects) >= len(contents), "no file is without a record"
