from concurrent.futures import ThreadPoolExecutor

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_data import ant_corpus, ant_folder  # noqa: F401
from run_warraq import warraq
from test_verify import edit, reseal
from tiny_corpus import A, B, C

from corpus import store
from corpus.records import Article, Embed, Span, text_sha256
from corpus.release.check import verify
from corpus.release.dataset.publish import publish
from corpus.release.layout import features, manifest
from corpus.release.withhold import personal

FOUND = [
    ("راسلنا على desk.one+x@mail.example.org.", "e-mail address", "desk.one+x@mail.example.org"),
    ("الهاتف: +216 71 000 111", "telephone number", "+216 71 000 111"),
    ("اتصل بـ ٠٠٩٧١-٤-٣٠٥٠٠٠٠ الآن", "telephone number", "٠٠٩٧١-٤-٣٠٥٠٠٠٠"),
    ("على الرَّقم 71.000.111، أو", "telephone number", "71.000.111"),
    ("الأرقام التالية: ٧١٠٠٠١١١", "telephone number", "٧١٠٠٠١١١"),
    ("للاتصال هاتف 71000111", "telephone number", "71000111"),
    ("call phone: (020) 7946 0000", "telephone number", "(020) 7946 0000"),
    ("رقم الهوية 1012345678", "national number", "1012345678"),
    ("بطاقة التعريف الوطنية عدد ٠٩٨٧٦٥٤٣", "national number", "٠٩٨٧٦٥٤٣"),
    ("يحمل جواز السفر رقم A1234567 وغادر", "national number", "A1234567"),
    ("صاحب القيد 29001011234567 معروف", "national number", "29001011234567"),
    ("هوية 784-1990-1234567-1", "national number", "784-1990-1234567-1"),
]
NOT = [
    "بلغت الكلفة 12.500.000 دينار أو 1234567 دولارا",
    "السنة الدراسية 2016-2017 والمخطط 2020/2016",
    "فاز 3-2 ثم 10-12 في 24-01-2015 عند 20:45",
    "القرار رقم 2016-2017 المؤرخ في 24/01/2015",
    "القانون رقم 52 لسنة 1992",
    "الرقم القياسي 9,58 ثانية منذ 2009",
    "المباراة 1/0 حضرها 45000 متفرج من 60000",
    "رقم معاملات الشركة 12.500.000 دينار",
    "@handle وكتب على تويتر",
    "الحساب 12345678901234567890 في البنك",
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_it_is_found_where_it_stands(text, kind, value):
    (hit,) = personal.find(text)
    assert (hit.kind, text[hit.start : hit.end]) == (kind, value)


@pytest.mark.parametrize("text", NOT)
def test_what_only_looks_like_it_is_left(text):
    assert personal.find(text) == []


PIECES = st.sampled_from([text for text, *_ in FOUND] + NOT + ["َ", "ّ", " ", "\n", "🙂", "٣", "+"])


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_masking_keeps_lengths_and_leaves_nothing_to_find(text):
    hits = personal.find(text)
    masked = personal.masked(text, hits)
    assert len(masked) == len(text)
    assert [a for a, b in zip(text, masked, strict=True) if a != b and b != "*"] == []
    assert all(set(masked[hit.start : hit.end]) <= {"*", " ", "\n"} for hit in hits)
    assert personal.find(masked) == []


@given(st.lists(st.sampled_from([text for text, *_ in FOUND] + NOT), max_size=5))
def test_arrow_passes_on_every_text_that_has_any(texts):
    rows = [{"article_id": f"{n:016x}", "title": None, "text": text, "embeds": []} for n, text in enumerate(texts)]
    schema = features.Features(
        {"article_id": features.TEXT, "title": features.TEXT, "text": features.TEXT, "embeds": features.List(features.EMBED)}
    ).arrow_schema
    with ThreadPoolExecutor(1) as pool:
        search = personal.Search(pool)
        search.add(pa.RecordBatch.from_pylist(rows, schema))
        search.finish()
    expected = [hit for text in texts for hit in personal.find(text)]
    assert search.kinds == {kind: n for kind in personal.KINDS if (n := sum(hit.kind == kind for hit in expected))}
    assert search.articles == [f"{n:016x}" for n, text in enumerate(texts) if personal.find(text)]


TEXT = "قال المتحدث اتصلوا بالرقم 71.000.111 أو desk@mail.example.org\nوانتهى الخبر."
NUMBER, ADDRESS = "71.000.111", "desk@mail.example.org"


@pytest.fixture
def exposed(corpus, said, rewrite):
    """The small corpus, with personal data in a text, a title, a post, a mark that cuts it, and a remark."""
    change = msgspec.structs.replace
    start = TEXT.index("000")
    cut = Span("evidence", start, start + 12, TEXT[start : start + 12])
    said.articles[0] = change(said.articles[0], text=TEXT, sha256=text_sha256(TEXT), blocks=[])
    said.articles[1] = change(
        said.articles[1], title=f"راسلوا {ADDRESS}", embeds=[Embed("tweet", ADDRESS, None, None, None, 0)]
    )
    said.items[0] = change(said.items[0], sha256=text_sha256(TEXT))
    said.annotations = [
        change(a, annotator="a-" + a.annotator[1] * 10, updated="2025-01-02T06:04:06+03:00") for a in said.annotations
    ]
    said.annotations[:2] = [change(a, sha256=text_sha256(TEXT)) for a in said.annotations[:2]]
    said.annotations[0] = change(said.annotations[0], spans=[cut])
    said.annotations[3] = change(said.annotations[3], comment=f"هاتف {NUMBER}")
    rewrite(said)
    return corpus


def test_it_is_counted_and_its_articles_named_but_not_shown(exposed):
    report = publish(exposed)
    assert report.personal == {"e-mail address": 3, "telephone number": 1}
    assert report.personal_articles == [A, B]
    assert not any(value in str(report) for value in (NUMBER, ADDRESS))
    done = warraq("-C", str(exposed.root), "publish", cwd=exposed.root)
    assert "personal data in 2 articles: 3 e-mail address, 1 telephone number; released as they are: see --mask" in done.stdout


def test_masked_nothing_of_it_is_released_and_offsets_stay(exposed, load):
    report = publish(exposed, mask=True)
    assert report.personal_articles == [A, B]
    for path in exposed.release.rglob("*"):
        if path.is_dir() or path.suffix == ".png":
            continue
        content = str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text("utf-8")
        assert not any(value in (content or "") for value in (NUMBER, ADDRESS, "000.111"))
    first, second = load("stance")["train"]
    assert first["text"] == TEXT.replace(NUMBER, "*" * 10).replace(ADDRESS, "*" * 21)
    (mark,) = first["evidence"]
    assert first["text"][mark["start"] : mark["end"]] == mark["text"] == "******* أو *"
    assert second["title"] == "راسلوا " + "*" * 21
    articles = load("articles")["full"]
    assert articles["masked"] == [2, 2, 0, 0, 0]
    assert articles[0]["sha256"] == text_sha256(TEXT)
    assert "هاتف **********" in load("annotations")["train"]["comment"]
    assert manifest.read(exposed.release).command == "warraq publish --mask"
    found = verify.verify(exposed.release)
    assert [check.lies for check in found.checks] == [[]] * len(verify.CHECKS)


@pytest.mark.parametrize(("row", "text"), [(0, TEXT), (2, "نص آخر")])
def test_a_masked_release_is_checked(exposed, monkeypatch, row, text):
    monkeypatch.delitem(verify.CHECKS, "load")
    publish(exposed, mask=True)
    edit(exposed.release / "articles/full-00000-of-00001.parquet", lambda rows: rows[row].update(text=text))
    reseal(exposed.release)
    assert (
        {"content", "texts"}
        <= set(verify.verify(exposed.release).failed)
        <= {"content", "texts", "articles", "card", "croissant", "plots"}
    )


def test_nothing_to_mask_gives_the_same_rows(corpus, load):
    publish(corpus)
    before = [row["text"] for row in load("articles", split="full")]
    (corpus.root / "release").rename(corpus.root / "older")
    publish(corpus, mask=True)
    articles = load("articles", split="full")
    assert [row["text"] for row in articles] == before
    assert set(articles["masked"]) == {0}
    assert C in articles["article_id"]


def test_on_news_it_hits_contacts_and_no_years_or_prices(ant_corpus):  # noqa: F811
    """Every hit on the 6,006 articles of ANT was read: contacts of offices, companies and families, nothing else."""
    space, _ = ant_corpus
    texts = [article.text for article in store.read(space.articles, Article)]
    kinds = [hit.kind for text in texts for hit in personal.find(text)]
    assert {kind: kinds.count(kind) for kind in personal.KINDS} == {
        "e-mail address": 3,
        "telephone number": 28,
        "national number": 0,
    }
