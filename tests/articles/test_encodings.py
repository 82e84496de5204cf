"""The same pages saved in every encoding, well or through a wrong one: the same articles, or a reject; nothing else."""

import hashlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import shared

from corpus import store
from corpus.articles.containers import Source
from corpus.articles.convert import convert
from corpus.articles.readers import REASONS
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings
from corpus.records import Article, Reject
from corpus.text.clean import FORBIDDEN
from corpus.text.encoding import HEAD

TEXT = "اجتمعت الحكومة اليوم في العاصمة لمناقشة الميزانية، وقال الوزير إن قانون النقل يدخل حيز التنفيذ غدا."
TITLE = "الحكومة تناقش الميزانية"
PORTAL = f"{TITLE}\nتاريخ النشر: 6th, November 2024 GMT\n{TEXT}\nالمصدر: صحيفة المدينة\nإقرأ أيضاً:\nعنوان آخر\n{TEXT} أيضا.\n"
TREC = f"<DOC>\n<SRC>إذاعة</SRC>\n<TITLE>{TITLE}</TITLE>\n<TIME>20/01/2017</TIME>\n<TEXT>\n{TEXT}\n{{}}\n</TEXT>\n</DOC>\n"
JSONL = "".join(
    json.dumps({"title": TITLE, "text": f"{TEXT} {n}", "keywords": [TITLE]}, ensure_ascii=False) + "\n" for n in range(3)
)
CSV = "title,text\n" + "".join(f'{TITLE},"{TEXT}\n{n}"\n' for n in range(3))
FILES = {"portal": PORTAL, "trec": TREC.format(1) + TREC.format(2), "jsonl": JSONL, "csv": CSV}
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "iso8859_6"]


def read(data: bytes) -> list[Article | Reject]:
    return [record for record, _ in records_of(Source("x", "x", io.BufferedReader(io.BytesIO(data))), Settings())]


def seen(data: bytes) -> list[tuple]:
    """What a reader sees of each article of a file; no reject may be among them."""
    return [(a.id, a.title, a.text, a.source, a.published, a.keywords, a.parent, a.origin.format) for a in read(data)]


def misread(data: bytes, wrong: str) -> str:
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("format", FILES)
def test_a_file_gives_the_same_articles_with_the_same_ids_in_every_encoding(format, name):
    text = FILES[format]
    plain = seen(text.encode())
    assert len(plain) == text.count(TEXT) and {row[-1] for row in plain} == {format}
    assert seen(text.encode(name)) == plain
    assert seen(text.replace("\n", "\r\n").encode(name)) == seen(text.replace("\n", "\r\n").encode())


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
@pytest.mark.parametrize("right", ["utf-8", "cp1256", "iso8859_6"])
@pytest.mark.parametrize("format", FILES)
def test_mojibake_is_mended_before_it_is_read(format, right, wrong):
    data = misread(FILES[format].encode(right), wrong).encode()
    assert [row[1:6] for row in seen(data)] == [row[1:6] for row in seen(FILES[format].encode())]


def test_a_portal_page_keeps_its_id_through_mojibake():
    plain = seen(PORTAL.encode())
    assert (
        seen(misread(PORTAL.encode(), "cp1252").encode())
        == seen(misread(PORTAL.encode("cp1256"), "latin-1").encode())
        == plain
    )


def test_mojibake_behind_json_escapes_is_mended():
    row = {name: misread(value.encode(), "latin-1") for name, value in {"title": TITLE, "text": TEXT}.items()}
    (article,) = read(json.dumps(row).encode())
    assert (article.title, article.text) == (TITLE, TEXT)


@pytest.mark.parametrize("field", ["title", "text", "source", "author", "section", "keywords"])
@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_mojibake_that_lost_letters_is_a_reject_wherever_it_stands(field, errors):
    lossy = "قال في الملف إنه رفض كل المقترحات".encode().decode("cp1252", errors)
    row = {"title": TITLE, "text": TEXT} | {field: lossy}
    good, bad = read("".join(json.dumps(each) + "\n" for each in ({"text": TEXT}, row)).encode())
    assert good.text == TEXT
    assert (bad.record, bad.reason) == (2, "mojibake") and bad.reason in REASONS and bad.head


STATED = {"title": TITLE, "source": "صحيفة المدينة", "author": "ليلى الحسن", "section": "سياسة", "keywords": "الميزانية"}
HTML = (
    "<html><head><title>{title}</title><meta property='og:site_name' content='{source}'>"
    "<meta name='author' content='{author}'><meta property='article:section' content='{section}'>"
    "<meta name='keywords' content='{keywords}'></head><body><p>"
    f"{TEXT}</p><p>{TEXT}</p></body></html>"
)
FEED = (
    "<rss><channel><title>{source}</title><item><title>{title}</title><author>{author}</author><category>{section}</category>"
    f"<category>{{keywords}}</category><description>{TEXT}</description></item></channel></rss>"
)
JSON = '{{"title":"{title}","source":"{source}","author":"{author}","section":"{section}","keywords":"{keywords}",' + (
    f'"text":"{TEXT}"}}}}'
)
MENDED = {"html": False, "feed": True, "jsonl": True}
"""Whether a format's mojibake is mended; that of HTML is a reject."""


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
@pytest.mark.parametrize("field", STATED)
@pytest.mark.parametrize("format", MENDED)
def test_mojibake_in_any_field_is_mended_or_a_reject_and_never_stored(format, field, wrong):
    template = {"html": HTML, "feed": FEED, "jsonl": JSON}[format]
    stated = STATED | {field: misread(STATED[field].encode(), wrong)}
    (found,) = read(template.format(**stated).encode())
    (plain,) = read(template.format(**STATED).encode())
    if MENDED[format]:
        assert (found.title, found.source, found.author, found.section, found.keywords) == (
            (plain.title, plain.source, plain.author, plain.section, plain.keywords)
        )
    else:
        assert found.reason == "mojibake"


def test_mojibake_in_a_page_inside_a_page_is_a_reject():
    lossy = PORTAL.replace("عنوان آخر", "في الملف رفض".encode().decode("cp1252", "ignore"))
    (reject,) = read(lossy.encode())
    assert reject.reason == "mojibake"


def test_a_broken_record_in_another_encoding_is_one_reject_and_the_rest_goes_on():
    for name, broken in (("iso8859_6", b"\xdb"), ("utf-16-le", b"\x00\xd8")):
        records = [TREC.format(f"{n}.").encode(name) for n in range(60)]
        records[50] = records[50].replace("50.".encode(name), broken)
        assert len(b"".join(records[:50])) > HEAD
        found = [(record.record, record.reason) for record in read(b"".join(records)) if isinstance(record, Reject)]
        assert found == [(51, "not_text")]


def test_a_large_file_in_another_encoding_is_read_to_its_end():
    text = "".join(json.dumps({"text": f"{TEXT} {n}"}, ensure_ascii=False) + "\n" for n in range(3000))
    for name in ("cp1256", "utf-16"):
        assert [a.text for a in read(text.encode(name))] == [f"{TEXT} {n}" for n in range(3000)]


def test_the_hash_of_a_record_is_of_its_utf_8():
    (article, *_) = read(PORTAL.encode("cp1256"))
    assert article.origin.sha256 == hashlib.sha256(PORTAL.encode()).hexdigest()


def test_the_real_page_keeps_its_ids_in_windows_1256():
    page = shared("seed", "portal-article.txt").read_text("utf-8-sig").encode("cp1256", "ignore").decode("cp1256")
    plain = seen(page.encode())
    assert len(plain) == 2 and seen(page.encode("cp1256")) == plain


@pytest.mark.parametrize("name", ["cp1256", "iso8859_6", "utf-16"])
def test_real_articles_are_the_same_in_every_encoding(corpus_folder, ant_folder, ant_corpus, tmp_path, name):
    written = {}
    for path in sorted((ant_folder / "sport").iterdir())[:200]:
        text = path.read_text("utf-8").encode(name, "ignore").decode(name)
        written[path.name] = text
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / path.name).write_bytes(text.encode(name))
    report = convert(corpus_folder, [tmp_path / "in"])
    assert report.records == len(written) and set(report.reasons) <= {"empty_text", "repeated"}
    for article in store.read(corpus_folder.articles, Article):
        (same,) = read(written[article.origin.file.split("/")[1]].encode())
        assert (article.id, article.text, article.published) == (same.id, same.text, same.published)


PIECES = st.sampled_from([TEXT, PORTAL, TREC, JSONL, CSV, "\n", "<DOC>", "\0", "Ø§Ù„", "Ù\ufffd", "é", '{"text": "', "\ud800"])
DATA = st.tuples(
    st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join),
    st.sampled_from([*ENCODINGS, "utf-8", "cp1252"]),
    st.binary(max_size=4),
    st.integers(0, 3000),
)


@settings(max_examples=300, deadline=None)
@given(DATA)
def test_any_bytes_in_any_encoding_become_articles_and_rejects_and_never_an_exception(made):
    text, name, noise, place = made
    data = text.encode("utf-8", "ignore").decode().encode(name, "ignore")
    for record in read(data[:place] + noise + data[place:]):
        store.encode(record)
        if isinstance(record, Reject):
            assert record.reason in REASONS and record.detail
        else:
            assert record.text and not FORBIDDEN.search(record.text) and "Ø§Ù„" not in record.text
