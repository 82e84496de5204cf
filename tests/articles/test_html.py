"""HTML pages: what is kept, what is left out, encodings, and bytes that are no page."""

import io
from pathlib import Path

import bench_html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import shared

from corpus.articles import html
from corpus.articles.draft import Draft, Fault, articles_of
from corpus.articles.readers import READERS, REASONS, detect
from corpus.text.clean import FORBIDDEN

DATA = Path(__file__).parent.parent / "data" / "html"
LINE = "سطر طويل من نص المقال يكفي ليعدّ فقرة جارية لا عنوانًا ولا رابطًا، رقم {}."


def page(body: str, head: str = "") -> Draft | Fault:
    return html.draft_of(1, f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def texts(body: str, head: str = "") -> list[str]:
    draft = page(body, head)
    assert isinstance(draft, Draft), draft
    return [paragraph.text for paragraph in draft.paragraphs]


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{LINE.format(number)}</p>" for number in numbers)


def lines(*numbers: int) -> list[str]:
    return [LINE.format(number) for number in numbers]


def of_file(name: str) -> Draft:
    (draft,) = html.read(io.BytesIO((DATA / name).read_bytes()))
    assert isinstance(draft, Draft), draft
    return draft


def test_portal_page_gives_blocks_embed_and_metadata():
    draft = of_file("portal.html")
    assert [(p.kind, p.text.split()[0]) for p in draft.paragraphs] == [
        ("paragraph", "افتتحت"),
        ("heading", "حجارة"),
        ("paragraph", "وقالت"),
        ("quote", "لم"),
        ("paragraph", "وتشمل"),
        ("list", "إنارة"),
        ("list", "زرع"),
        ("paragraph", "ويبقى"),
    ]
    (article,) = articles_of(draft, "portal.html", "html", "html/1", None)
    assert article.title == "افتتاح جسر النهر القديم بعد ترميمه"
    assert (article.author, article.published) == ("سلمى الهادي", "2025-03-14T09:30:00+03:00")
    assert (article.source, article.section, article.language) == ("بوابة الميناء", "محليات", "ar")
    assert article.keywords == ["جسور", "ترميم", "تلوان"]
    assert article.url == "https://mina.example/news/2025/3/14/bridge?utm_source=home"
    (tweet,) = article.embeds
    assert (tweet.text, tweet.author, tweet.published) == ("جسرنا القديم عاد إلينا اليوم", "@TalwanCity", "2025-03-14")
    assert tweet.url == "https://twitter.com/TalwanCity/status/1"
    assert article.text[tweet.at :].startswith("وتشمل") and tweet.text not in article.text


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        (
            "class=twitter-tweet><p>قال (@other) لنا</p>&mdash; تلوان (@Talwan) "
            "<a href=https://twitter.com/Talwan/status/1>Nov 6, 2024</a>",
            ("tweet", "قال (@other) لنا", "@Talwan", "2024-11-06", "https://twitter.com/Talwan/status/1"),
        ),
        (
            "class=instagram-media data-instgrm-permalink=https://www.instagram.com/p/1/><div><a href=https://www.instagram.com/p/1/>"
            "<p>صورة من الجسر</p></a><p>A post shared by Talwan (@talwan.city) on "
            "<time datetime=2024-11-06T10:00:00+00:00>Nov 6</time></p></div>",
            ("post", "صورة من الجسر", "@talwan.city", "2024-11-06T10:00:00+00:00", "https://www.instagram.com/p/1/"),
        ),
        (
            "class=tiktok-embed cite=https://www.tiktok.com/@talwan/video/1>"
            "<section><p>رقصة</p><a href=/music>أغنية</a></section>",
            ("post", "رقصة", "@talwan", None, "https://www.tiktok.com/@talwan/video/1"),
        ),
        (
            "cite=https://www.facebook.com/talwan/posts/1 class=fb-xfbml-parse-ignore><p>دعوة</p>Posted by "
            "<a href=/talwan>Talwan</a> on <a href=x>Wednesday, 6 November 2024</a>",
            ("post", "دعوة", None, "2024-11-06", "https://www.facebook.com/talwan/posts/1"),
        ),
    ],
)
def test_posts_of_each_network_are_embeds_and_no_text(pasted, expected):
    draft = page(f"<div>{paragraphs(1)}<blockquote {pasted}</blockquote>{paragraphs(2)}</div>")
    assert isinstance(draft, Draft) and [p.text for p in draft.paragraphs] == lines(1, 2)
    (article,) = articles_of(draft, "x", "html", "html/2", None)
    (embed,) = article.embeds
    assert (embed.kind, embed.text, embed.author, embed.published, embed.url) == expected
    assert article.text[embed.at :] == LINE.format(2)


def test_windows_1256_page_of_font_and_table():
    draft = of_file("windows-1256.html")
    assert [p.text.split()[0] for p in draft.paragraphs] == ["بدأ", "وقال"]
    assert (draft.title, draft.author, draft.published) == ("موسم الزيتون يبدأ باكرا", "نادر الصباغ", "2009-05-03")


def test_page_drawn_by_a_script_has_the_stated_body():
    draft = of_file("script-drawn.html")
    assert [p.text.split()[0] for p in draft.paragraphs] == ["انطلقت", "وتقف"]
    assert (draft.title, draft.keywords) == ("مكتبة متنقلة", ["مكتبات", "الوادي الشرقي"])


@pytest.mark.parametrize("raw", [(DATA / "menu-only.html").read_bytes(), b"<html></html>", b"<html><body><p>short</p>"])
def test_page_without_running_text_is_a_reject(raw):
    fault = html.draft_of(1, raw)
    assert isinstance(fault, Fault) and fault.reason == "no_article"


def test_box_named_as_beside_is_left_out_unless_it_holds_most_of_the_text():
    assert texts(f"<div>{paragraphs(1, 2)}<div class=relatedLinks>{paragraphs(3)}</div></div>") == lines(1, 2)
    assert texts(f"<div class=related>{paragraphs(1, 2)}</div><div class=related>{paragraphs(3)}</div>") == lines(1, 2)
    assert texts(f"<form id=aspnetForm><div>{paragraphs(1, 2)}</div></form>") == lines(1, 2)


@pytest.mark.parametrize(
    "name",
    [
        "post-7 post type-post hentry tag-talwan category-social",
        "field field--name-body field--label-hidden field__items",
        "elementor-widget elementor-widget-text-editor",
    ],
)
def test_names_that_a_framework_gives_to_every_box_say_nothing(name):
    assert texts(f"<div><div class='{name}'>{paragraphs(1)}</div><div>{paragraphs(2, 3, 4)}</div></div>") == lines(1, 2, 3, 4)


def test_inline_elements_end_no_paragraph_and_br_does():
    assert texts(f"<p>{LINE.format(1)} <b>ثم</b> <a href=x><i>هنا</i></a>.<br>{LINE.format(2)}</p>") == [
        f"{LINE.format(1)} ثم هنا.",
        *lines(2),
    ]


def test_of_inline_elements_named_as_beside_the_text_the_short_are_left_out():
    long = " ".join(lines(2, 3, 4, 5))
    body = f"<p>{LINE.format(1)} <span class=caption>تصوير فلان</span></p><p><span class=caption>{long}</span></p>"
    assert texts(f"<div>{body}</div>") == [*lines(1), long]


@pytest.mark.parametrize(
    ("attributes", "seen"),
    [
        ("style='display: none'", False),
        ("style='visibility:hidden'", False),
        ("style='color: red'", True),
        ("hidden", False),
        ("aria-hidden=true", False),
        ("aria-hidden=false", True),
        ("role=complementary", False),
        ("role=article", True),
    ],
)
def test_what_is_not_shown_or_has_another_role_is_left_out(attributes, seen):
    body = f"<div>{paragraphs(1, 2)}<div {attributes}>{paragraphs(3)}</div></div>"
    assert texts(body) == (lines(1, 2, 3) if seen else lines(1, 2))


def test_names_are_not_believed_where_they_leave_nothing():
    assert texts(f"<div class=widget>{paragraphs(1, 2)}</div><div class=widget>{paragraphs(3, 4, 5)}</div>") == lines(3, 4, 5)


def test_a_heading_is_not_named_by_its_words():
    headings = f"<h3 id=more-and-related>عنوان فرعي</h3>{paragraphs(2)}<h3 class=related>أخرى</h3>"
    assert texts(f"<div>{paragraphs(1)}{headings}{paragraphs(3)}</div>") == [*lines(1), "عنوان فرعي", *lines(2, 3)]


@pytest.mark.parametrize("name", ["id=comments", "class='comments-area closed'", "class=commentlist"])
def test_comments_are_no_text_however_long(name):
    assert texts(f"<div class=entry>{paragraphs(1, 2)}</div><div {name}>{paragraphs(3, 4, 5, 6)}</div>") == lines(1, 2)


def test_lists_are_judged_whole_and_paragraphs_alone():
    mixed = f"<ul><li><a href=x>رابط في قائمة</a></li><li>{LINE.format(3)}</li></ul>"
    links = "<ul><li><a href=x>رابط أول</a></li><li><a href=y>رابط ثان</a> و</li></ul><p><a href=z>اقرأ المزيد هنا</a></p>"
    assert texts(f"<div>{paragraphs(1, 2)}{mixed}{links}</div>") == [*lines(1, 2), "رابط في قائمة", *lines(3)]


def test_text_begins_after_the_headline_and_ends_before_a_heading_without_text():
    head = "<meta property=og:title content='عنوان المقال الرئيسي الطويل'>"
    body = f"<div>{paragraphs(1)}<h2>عنوان المقال الرئيسي الطويل</h2>{paragraphs(2, 3)}<h3>تعليقات</h3></div>"
    assert texts(body, head) == lines(2, 3)


def test_of_several_articles_in_a_row_the_first_is_read():
    rows = "".join(f"<article>{paragraphs(n, n + 1, n + 2)}</article>" for n in (1, 4, 7))
    assert texts(f"<main>{rows}</main>") == lines(1, 2, 3)


def test_markup_stays_data():
    head = "<!DOCTYPE html [<!ENTITY a 'bbbb'>]>"
    raw = f"{head}<html><body><p>{LINE.format(1)} &a; &lt;b&gt; &amp;amp;</p><script>evil()</script></body></html>".encode()
    draft = html.draft_of(1, raw)
    assert isinstance(draft, Draft) and draft.paragraphs[-1].text.endswith("&a; <b> &amp;")


@pytest.mark.parametrize(
    ("encoded", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", ""),
        ("utf-8", "windows-1256"),
        ("cp1256", "windows-1256"),
        ("iso8859-6", "iso-8859-6"),
        ("utf-16", ""),
    ],
)
def test_encodings(encoded, declared):
    text = (
        f'<html><head><meta charset="{declared}"></head><body>{paragraphs(1, 2).replace("ً", "").replace("ّ", "")}</body></html>'
    )
    raw = text.encode(encoded)
    reader = detect(raw)
    assert not isinstance(reader, Fault) and reader.name == "html"
    (draft,) = reader.read(io.BytesIO(raw))
    assert isinstance(draft, Draft) and len(draft.paragraphs) == 2 and "سطر طويل" in draft.paragraphs[0].text


@pytest.mark.parametrize("declared", ["utf-8", "unicode_escape", "hex"])
def test_undecodable_page_is_a_reject(declared):
    fault = html.draft_of(1, f'<html><meta charset="{declared}"><p>'.encode() + LINE.encode("cp1256"))
    assert isinstance(fault, Fault) and fault.reason == "not_text"


@pytest.mark.parametrize("declared", ["", "nonsense", "utf-7", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("encoded", ["cp1256", "iso8859-6"])
def test_arabic_bytes_are_known_by_their_words_where_nothing_or_a_western_encoding_is_declared(encoded, declared):
    scripts = "<script>var x = 1;</script>" * 1000
    text = f'<html><meta charset="{declared}">{scripts}<title>عنوان المقال</title>{paragraphs(1, 2)}'
    draft = html.draft_of(1, text.replace("ً", "").replace("ّ", "").encode(encoded))
    assert isinstance(draft, Draft) and draft.title == "عنوان المقال" and draft.paragraphs[1].text.endswith("رقم 2.")


def test_a_broken_page_is_not_taken_for_another_encoding():
    raw = f"<html><title>عنوان</title>{paragraphs(1, 2)}".encode()
    french = "<html><p>Été comme hiver, l'élève a mangé ses pâtés près du château où l'on déjeunait jadis</p>".encode(
        "latin-1"
    )
    for broken in (raw[:-20] + b"\xd8" + raw[-20:], french):
        fault = html.draft_of(1, broken)
        assert isinstance(fault, Fault) and fault.reason == "not_text"
    draft = html.draft_of(1, b"<meta charset=iso-8859-1>" + french)
    assert isinstance(draft, Draft) and draft.paragraphs[0].text.startswith("Été comme hiver")


@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "latin-1"), ("cp1256", "latin-1"), ("cp1256", "cp1252"), ("iso8859-6", "latin-1")]
)
def test_mojibake_of_a_whole_page_is_mended(written, read):
    page = f"<html><script>{'var x = 1;' * 1000}</script><title>عنوان المقال</title>{paragraphs(1, 2)}".replace("ً", "")
    draft = html.draft_of(1, page.replace("ّ", "").encode(written).decode(read).encode())
    assert isinstance(draft, Draft) and draft.title == "عنوان المقال"
    assert draft.paragraphs[0].text == LINE.format(1).replace("ً", "").replace("ّ", "")


def test_mojibake_of_mojibake_is_mended_and_lost_letters_are_a_reject():
    page = f"<html><title>عنوان المقال</title>{paragraphs(1, 2)}"
    twice = page.encode().decode("latin-1").encode().decode("latin-1").encode()
    draft = html.draft_of(1, twice)
    assert isinstance(draft, Draft) and [p.text for p in draft.paragraphs] == lines(1, 2)
    (reader,) = [reader for reader in READERS if reader.name == "html"]
    (fault,) = reader.read(io.BufferedReader(io.BytesIO(page.encode().decode("cp1252", "ignore").encode())))
    assert isinstance(fault, Fault) and fault.reason == "mojibake"


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200_000,
        "<div><table><td></div>" * 50_000,
        f"<p {' '.join(f'a{n}' for n in range(9_000))}>",
        "<option>x" * 30_000,
        "".join(f"<b id={n}>" for n in range(900)) + "<p>x" * 100_000,
    ],
)
def test_bombs_are_rejects(body):
    fault = page(body)
    assert isinstance(fault, Fault) and fault.reason == "too_long"


def test_page_over_the_limit_is_a_reject(monkeypatch):
    monkeypatch.setattr(html, "MAX_PAGE", 50)
    (fault,) = html.read(io.BytesIO(b"<html>" + b"x" * 100))
    assert fault.reason == "too_long" and len(fault.raw) == 51


@pytest.mark.parametrize(
    "head", ["<!DOCTYPE html>", "\n <html lang=ar>", "<?xml version='1.0'?>\n<!-- x -->\n<!doctype HTML PUBLIC"]
)
def test_sniff_knows_pages(head):
    assert html.sniff(head)


@pytest.mark.parametrize(
    "head", ["<DOC>\n<DOCNO>1", "<?xml version='1.0'?><rss>", "<!-- <html>", "text <html>", "<!-- x -->" * 500]
)
def test_sniff_knows_what_is_no_page(head):
    assert not html.sniff(head)


SCRAPS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class=related>",
        "</div>",
        "<ul><li>",
        "<blockquote class=twitter-tweet>",
        "<a href=x>",
        "<br>",
        "<h2>",
        '<script type="application/ld+json">{"@type":"Article","author":[1,{"name":2}],"keywords":{},"headline":5}</script>',
        "<!--",
        "<table><td>",
        "<template>",
        "<frameset>",
        "<svg><p>",
        LINE,
        "\u202e",
        "&#0;",
        "<article>",
        "<b>",
        "</b>",
        '<meta content="',
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(), st.lists(SCRAPS).map(lambda parts: ("<html>" + "".join(parts)).encode())))
def test_any_bytes_are_one_draft_or_fault(raw):
    (found,) = html.read(io.BytesIO(raw))
    if isinstance(found, Fault):
        assert found.reason in REASONS
    else:
        (article,) = articles_of(found, "x", "html", "html/1", None)
        assert article.text and not FORBIDDEN.search(article.text)
        assert all(0 <= embed.at <= len(article.text) for embed in article.embeds)


def test_scores_by_hand():
    """Grams: truth abcd bcde cdef; found abcd bcde. Precision 2/2, recall 2/3, F1 0.8."""
    assert bench_html.scores({"x": "a b c d e"}, {"x": "a b c d e f"}) == pytest.approx((1, 2 / 3, 0.8))


def test_f1_on_the_benchmark_pages():
    pages, truth = bench_html.load(shared("html", "pages-public.tar.xz"))
    precision, recall, f1 = bench_html.scores({name: bench_html.text_of(raw) for name, raw in pages.items()}, truth)
    assert len(pages) == 102
    assert precision >= 0.97 and recall >= 0.96 and f1 >= 0.97
