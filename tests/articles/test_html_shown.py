"""Headline, author and day that a page shows and its metadata do not say."""

import pytest

from corpus.articles import html
from corpus.articles.draft import Draft

TEXT = "<p>سطر طويل من نص المقال يكفي ليعدّ فقرة جارية لا عنوانًا ولا رابطًا.</p>" * 2
HEADLINE = "افتتاح مكتبة تلوان الجديدة"


def draft_of(body: str, head: str = "", attributes: str = "") -> Draft:
    draft = html.draft_of(1, f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>".encode())
    assert isinstance(draft, Draft), draft
    return draft


def published(above: str, attributes: str = "", below: str = "") -> str | None:
    return draft_of(f"<div><h1>{HEADLINE}</h1>{above}{TEXT}{below}</div>", attributes=attributes).published


def author(above: str, head: str = "") -> str | None:
    return draft_of(f"<div><h1>{HEADLINE}</h1>{above}{TEXT}</div>", head).author


@pytest.mark.parametrize(
    "title", [HEADLINE, f"{HEADLINE} | صحيفة المنارة", f"المنارة - {HEADLINE}", f"{HEADLINE} - ثقافة - صحيفة المنارة"]
)
@pytest.mark.parametrize("head", ["<title>{}</title>", "<title>x</title><meta property=og:title content='{}'>"])
def test_the_title_is_the_headline_without_the_outlet(title, head):
    assert draft_of(f"<h2>{HEADLINE}</h2>{TEXT}", head.format(title)).title == HEADLINE


def test_a_title_that_the_page_does_not_show_stays_as_it_is():
    assert (
        draft_of(f"<h1>أخبار</h1>{TEXT}", f"<meta property=og:title content='{HEADLINE} | المنارة'>").title
        == f"{HEADLINE} | المنارة"
    )
    assert (
        draft_of(f"<h1>المنارة</h1>{TEXT}", f"<meta property=og:title content='{HEADLINE} | المنارة'>").title
        == f"{HEADLINE} | المنارة"
    )


def test_the_outlets_name_in_h1_is_not_the_title_where_another_heading_is():
    assert (
        draft_of(f"<h1>صحيفة المنارة</h1><h2>{HEADLINE}</h2>{TEXT}", f"<title>{HEADLINE} | المنارة</title>").title == HEADLINE
    )
    assert draft_of(f"<h1>{HEADLINE}</h1>{TEXT}", "<title>المنارة</title>").title == HEADLINE


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("<span class=date>الأربعاء 6 نوفمبر 2024 - 14:30</span><p>صور</p>", "الأربعاء 6 نوفمبر 2024 - 14:30"),
        ("<div>تاريخ النشر: 2024/11/06</div>", "2024/11/06"),
        ("<div>نُشر في 6 تشرين الثاني 2024 | المنارة</div>", "6 تشرين الثاني 2024"),
        ("<div>سلمى الهادي • ٦ نوفمبر ٢٠٢٤</div>", "٦ نوفمبر ٢٠٢٤"),
        ("<div class=meta>15 رجب 1445 هـ</div>", "15 رجب 1445 هـ"),
        ("<time datetime=2024-11-06T14:30:00+03:00>قبل يومين</time>", "2024-11-06T14:30:00+03:00"),
        ("<p><span class=timestamp>6 نوفمبر 2024</span> تلوان</p>", "6 نوفمبر 2024"),
        ("<p><span class=meta><time datetime=2024-11-06>أمس</time></span></p>", "2024-11-06"),
        ("<div>آخر تحديث: 6 نوفمبر 2024</div>", None),
        ("<div>نوفمبر 2024</div>", None),
        ("<div>6 نوفمبر 2999</div>", None),
        ("<div>الأحد 6 نوفمبر 2024</div>", None),  # it was a Wednesday
        ("", None),
    ],
)
def test_the_day_between_headline_and_text_is_taken(above, expected):
    assert published(above) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ar/2024/11/06/bridge", "2024/11/06"),
        ("/2024-11-6-bridge", "2024-11-6"),
        ("/2024/13/06/", None),
        ("/2999/11/06/", None),
        ("/2024/11/1234", None),
        ("/2024/11-06", None),
        ("/news?d=2024/11/06x", None),
    ],
)
def test_the_day_of_the_address_is_the_last_resort(path, expected):
    head = f"<link rel=canonical href='https://mina.example{path}'>"
    assert draft_of(f"<h1>{HEADLINE}</h1>{TEXT}", head).published == expected
    assert draft_of(f"<h1>{HEADLINE}</h1><div>5 نوفمبر 2024</div>{TEXT}", head).published == "5 نوفمبر 2024"


def test_days_elsewhere_on_the_page_are_not_taken():
    menu = "<ul><li>محليات</li><li>ثقافة</li><li>رياضة</li></ul>"
    assert draft_of(f"<p>الخميس 7 نوفمبر 2024</p>{menu}<h1>{HEADLINE}</h1>{TEXT}").published is None
    assert published("", below="<aside><time datetime=2024-11-08>أمس</time>8 نوفمبر 2024</aside>") is None


def test_a_day_just_above_the_headline_is_taken():
    assert draft_of(f"<p>الخميس 7 نوفمبر 2024</p><h1>{HEADLINE}</h1>{TEXT}").published == "الخميس 7 نوفمبر 2024"


def test_the_day_is_looked_for_from_two_blocks_above_the_headline_whatever_it_is():
    for between, expected in (("<p>محليات</p>", "7 نوفمبر 2024"), ("<p>محليات</p><p>صور</p>", None)):
        assert draft_of(f"<p>7 نوفمبر 2024</p>{between}<h1>{HEADLINE}</h1>{TEXT}").published == expected
    below = "<h1>عنوان آخر</h1><div>6 نوفمبر 2024</div><p>صور</p><p>صوت</p><p>تلوان</p>"
    assert draft_of(below + TEXT, f"<meta property=og:title content='{HEADLINE}'>").published == "6 نوفمبر 2024"


def test_an_english_page_must_say_which_number_is_the_month():
    assert published("<div>07/04/2024</div>", "lang=en-US") is None
    assert published("<div>4 July 2024</div>", "lang=en-US") == "4 July 2024"
    assert published("<div>07/04/2024</div>", "lang=ar") == "07/04/2024"


def test_metadata_go_before_what_is_shown():
    head = "<meta name=author content='نادر الصباغ'><meta property=article:published_time content=2024-11-05>"
    draft = draft_of(f"<h1>{HEADLINE}</h1><div>بقلم سلمى الهادي</div><div>6 نوفمبر 2024</div>{TEXT}", head)
    assert (draft.author, draft.published) == ("نادر الصباغ", "2024-11-05")
    assert draft_of(f"<h1>{HEADLINE}</h1>{TEXT}", "<meta name=author content='By Salma Hadi'>").author == "Salma Hadi"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("20241105T093000+0300", "20241105T093000+0300"), ("غير معروف", "6 نوفمبر 2024"), ("2999-01-01", "2999-01-01")],
)
def test_a_stated_date_that_nobody_understands_gives_way(stated, expected):
    head = f"<meta property=article:published_time content='{stated}'>"
    assert draft_of(f"<h1>{HEADLINE}</h1><div>6 نوفمبر 2024</div>{TEXT}", head).published == expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("<a rel=author href=/salma>سلمى الهادي</a>", "سلمى الهادي"),
        ("<a rel='author' href=/x>By Salma Hadi</a>", "Salma Hadi"),
        ("<span itemprop='author creator'><a href=/x><b itemprop=name>سلمى الهادي</b></a> مراسلة</span>", "سلمى الهادي"),
        ("<div class=byline>بقلم: سلمى الهادي</div>", "سلمى الهادي"),
        ("<div>كتب - نادر الصباغ | 6 نوفمبر 2024</div>", "نادر الصباغ"),
        ("<div>By Salma Hadi</div>", "Salma Hadi"),
        ("<p>تلوان <span class=byline>بقلم سلمى الهادي</span></p>", "سلمى الهادي"),
        ("<div>كتب نادر في المكتبة</div>", None),
        ("<a rel=author href=/x>سل</a>", None),
        (f"<a rel=author href=/x>{'س' * 61}</a>", None),
        ("<div>by the river</div>", None),
        ("<link rel=author href=humans.txt><meta rel=author content=humans.txt>", None),
        ("<a itemprop=author content='https://people.example/salma' href=/x>x</a>", None),
    ],
)
def test_the_author_is_the_one_marked_or_in_the_byline(above, expected):
    assert author(above) == expected


def test_explain_says_where_it_stood():
    draft = draft_of(f"<h1>{HEADLINE}</h1><div>بقلم سلمى الهادي</div><div>6 نوفمبر 2024</div>{TEXT}")
    assert draft.places["author"] == "shown as the author's name" and draft.places["published"] == "shown above the text"


def test_day_and_byline_at_the_head_are_no_text():
    assert draft_of(f"<div><p>|</p>{TEXT}</div>").paragraphs[0].text == "|"
    above = "<p>٦ نوفمبر ٢٠٢٤ - 14:30</p><p>كتبت: سلمى الهادي</p><p>تلوان</p><p>By Salma Hadi | 6 November 2024</p>"
    draft = draft_of(f"<div>{above}{TEXT}<p>7 نوفمبر 2024</p></div>")
    assert [p.text for p in draft.paragraphs][::3] == ["تلوان", "7 نوفمبر 2024"]
    assert [why for why, _ in draft.left] == ["the day or the byline"] * 3
