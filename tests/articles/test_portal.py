"""Portal pages: the seed page with every fact that is known of it, and pages with oddities."""

import io
import shutil
from pathlib import Path

import pytest
from real_data import shared

from corpus import store, workspace
from corpus.articles import portal
from corpus.articles.convert import convert
from corpus.records import Article
from corpus.text.clean import FORBIDDEN


def articles(space) -> list[Article]:
    return list(store.read(space.articles, Article))


@pytest.fixture(scope="module")
def seed(tmp_path_factory):
    """What became of the seed page: the report, the article, and the one printed inside it."""
    folder = tmp_path_factory.mktemp("seed")
    workspace.create(folder)
    space = workspace.find(folder)
    report = convert(space, [shared("seed", "portal-article.txt")])
    main, inner = sorted(articles(space), key=lambda article: article.parent or "")
    return report, main, inner


def test_the_seed_page_is_two_articles_and_nothing_is_rejected(seed):
    report, *_ = seed
    assert (report.files, report.records, report.articles, report.rejected) == (1, 2, 2, 0)


def test_the_seed_pages_article_has_its_fields(seed):
    _, main, inner = seed
    assert main.title == "الاتحاد الروسي يصادق على معاهدة دفاع مشترك مع كوريا الشمالية"
    assert (main.published, main.source, main.parent) == ("2024-11-06", "عربي21", None)
    assert main.related == [inner.id] and not main.embeds and main.language == "ar"


def test_the_seed_pages_article_has_27_blocks_three_of_them_headings(seed):
    _, main, _ = seed
    headings = [main.text[block.start : block.end] for block in main.blocks if block.kind == "heading"]
    assert len(main.blocks) == 27
    assert headings == ['"في الأيام المقبلة"', '"حتى يوم النصر"', "تسليح أوكرانيا"]
    assert main.text.startswith("صادق مجلس الاتحاد الروسي") and main.text.endswith('القابل للتجزئة".')


def test_no_line_of_the_page_around_it_is_in_the_text(seed):
    _, main, inner = seed
    for words in ("تاريخ النشر", "المصدر:", "كلمات دلالية", "المزيد في", "أيضاً:", "عربي21", inner.title, "تفاعلي"):
        assert words not in main.text
    assert main.title not in main.text and inner.text[:60] not in main.text


def test_the_keywords_are_the_articles_own_in_ordinary_letters(seed):
    _, main, _ = seed
    assert sorted(main.keywords) == sorted(["دفاع مشترك", "كوريا الشمالية", "روسيا"])


def test_the_article_printed_inside_has_its_fields_and_its_post_is_no_text(seed):
    _, main, inner = seed
    assert inner.title == "نائب جنوبي: كوريا الشمالية زودت روسيا بأسلحة إضافية"
    assert (inner.parent, inner.published, inner.source) == (main.id, None, None)
    paragraphs = inner.text.split("\n")
    assert len(inner.blocks) == len(paragraphs) == 9 and {block.kind for block in inner.blocks} == {"paragraph"}
    assert paragraphs[2].startswith("وأضاف أن كوريا الشمالية نشرت")
    (post,) = inner.embeds
    assert (post.kind, post.author, post.published) == ("tweet", "@YonhapArabic", "2024-11-20")
    assert post.text.startswith("(مرآة الآخبار)") and post.text.endswith("وروسيا") and post.url == "https://t.co/vMXXWzNOKB"
    assert inner.text[post.at :].startswith("وأضاف أن")
    for words in ("مرآة", "t.co", "Yonhap", "November", "يونهاب"):
        assert words not in inner.text


@pytest.mark.parametrize("how", ["renamed", "moved", "windows", "blank lines", "in an archive"])
def test_both_ids_stay_when_the_file_is_renamed_moved_or_saved_anew(seed, tmp_path, corpus_folder, how):
    _, *before = seed
    page = shared("seed", "portal-article.txt").read_bytes()
    path = tmp_path / ("x.html" if how == "renamed" else "a/b/portal-article.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    if how == "windows":
        page = b"\xef\xbb\xbf" + page.replace(b"\n", b"\r\n")
    elif how == "blank lines":
        page = b"\n\n" + page.replace(b"\n", b"\n\n")
    path.write_bytes(page)
    if how == "in an archive":
        path = shutil.make_archive(str(tmp_path / "pages"), "xztar", tmp_path / "a")
    convert(corpus_folder, [Path(path)])
    assert {(a.id, a.text) for a in articles(corpus_folder)} == {(a.id, a.text) for a in before}


def parse(text: str):
    return list(portal.read(io.BytesIO(text.encode())))


PAGE = (
    "عنوان\nتاريخ النشر: 6th, November 2024 GMT\nفقرة أولى طويلة بما يكفي، كما ترى.\n{}فقرة أخيرة طويلة بما يكفي، كما ترى.\n"
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("تسليح أوكرانيا", "heading"),
        ('"حتى يوم النصر"', "heading"),
        ("جملة قصيرة تنتهي بنقطة.", "paragraph"),
        ('قال: "نعم".', "paragraph"),
        ("هل انتهى الأمر؟", "paragraph"),
        ("سطر من سبع كلمات ليس فيه نقطة", "paragraph"),
    ],
)
def test_a_heading_is_short_stands_between_paragraphs_and_ends_no_sentence(line, kind):
    (draft,) = parse(PAGE.format(line + "\n"))
    assert [p.kind for p in draft.paragraphs] == ["paragraph", kind, "paragraph"]


def test_a_short_first_or_last_line_is_a_paragraph():
    (draft,) = parse("عنوان\nتاريخ النشر: x\nكلمة\nكلمتان هنا\nكلمة\n")
    assert [p.kind for p in draft.paragraphs] == ["paragraph", "heading", "paragraph"]


def test_posts_at_the_start_in_the_middle_and_at_the_end_are_kept_out_of_the_text():
    post = "قول\n— اسم (@name_1) May 3, 2024\n"
    (draft,) = parse(
        PAGE.format(post + "وسط طويل ينتهي هنا.\n" + post.replace("2024\n", "2024ثم عاد النص إلى مجراه.\n")) + post
    )
    assert [p.text[:4] for p in draft.paragraphs] == ["فقرة", "وسط ", "ثم ع", "فقرة"]
    assert [p.before for p in draft.posts] == [1, 2, 4]


def test_a_line_that_only_looks_like_a_post_stays_text():
    line = "— وقال الوزير (@ليس حسابا) في مايو 2024\n"
    (draft,) = parse(PAGE.format(line))
    assert draft.posts == [] and draft.paragraphs[1].text == line.strip()


@pytest.mark.parametrize("line", ["إقرأ أيضاً:", "اقرأ أيضا", "اقرأ أيضًا :", "إقرأ ايضا:"])
def test_every_spelling_of_read_also_begins_another_article(line):
    (draft,) = parse(PAGE.format("") + f"{line}\nعنوان آخر\nفقرة أخرى.\n{line}\nثالث\nفقرة ثالثة.\n")
    assert [part.title for part in draft.inside] == ["عنوان آخر", "ثالث"]
    assert len(draft.paragraphs) == 2


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("سياسة سياسة دفاع مشترك روسيا روسيا دفاع مشترك المزيد في سياسة", ["دفاع مشترك", "روسيا"]),
        ("فن فن کوریا الشمالیة روسيا روسيا كوريا الشمالية", ["كوريا الشمالية", "روسيا"]),
        ("سياسة اقتصاد روسيا روسيا المزيد في سياسة", ["روسيا"]),
        ("روسيا سياسة روسيا روسيا المزيد في سياسة", []),
        ("سياسة اقتصاد رياضة", []),
        ("", []),
        ("المزيد في سياسة", []),
    ],
)
def test_keywords_are_read_from_the_mirror_and_from_nothing_else(line, found):
    assert sorted(portal.keywords(line)) == sorted(found)


def test_a_page_longer_than_the_limit_is_one_reject(monkeypatch):
    monkeypatch.setattr(portal, "MAX_PAGE", 100)
    (fault,) = parse(PAGE)
    assert fault.reason == "too_long" and "100 bytes" in fault.detail


def test_every_article_of_the_sample_pages_is_clean_and_tiled(corpus_folder):
    from golden import PAGES

    report = convert(corpus_folder, [PAGES])
    found = articles(corpus_folder)
    assert report.rejected == 0 and report.files == len(list(PAGES.iterdir())) and len(found) == report.articles
    for article in found:
        assert "\n".join(article.text[b.start : b.end] for b in article.blocks) == article.text
        assert not FORBIDDEN.search(article.text) and article.title and (article.published or article.parent)
