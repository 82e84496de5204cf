"""An annotator at work in a real browser: log in, read Arabic, label by hotkey, mark a span, skip, submit; then pull.

Screenshots are kept in tests/artefacts/.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, browser
from labeling_corpus import annotation, article, item, small
from run_warraq import warraq

from corpus import store
from corpus.labeling.resolve import resolve
from corpus.labeling.studio.accounts import Account
from corpus.labeling.sync.adjudicate import adjudicate
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Annotation, Item, Span
from corpus.workspace import Workspace, find

pytestmark = pytest.mark.studio

Studio = tuple[Workspace, Server]
MARKUP = '<script>alert(1)</script><img src="/canary-text" onerror="alert(2)">'
OPENING = "قالَ 🙂 المُتحدّثُ 👨‍👩‍👧 إنَّ مجانية النقل جيّدة"
PARAGRAPH = "وقالت الهيئة إن الحافلات ستعمل من الفجر حتى منتصف الليل في الأحياء كلها. " * 8
CLOSING = "وانتهى الخبرُ 🚌 هُنا."
TEXT = "\n".join([OPENING, f"وسم {MARKUP}", *[PARAGRAPH.strip()] * 6, CLOSING])
MARKED = ["🙂 المُتحدّثُ 👨‍👩‍👧 إنَّ", "الخبرُ 🚌 هُنا"]
COMMENT = "مُتردِّد بين رأيين"
SUBMIT, SKIP = "[aria-label='Submit current annotation']", "[aria-label=skip-task]"
TICKED = ".warraq-few .lsf-choice input:checked"


def title_of(number: int) -> str:
    return f'العنوان {number} <img src="/canary-title" onerror="alert(3)">'


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three long articles with markup in text and title, each an item about one target."""
    space = small(tmp_path_factory.mktemp("browser") / "c", "browser")
    articles = [article(number, TEXT, title_of(number)) for number in range(3)]
    store.write(space.articles, articles)
    store.write(space.items, [item(one, "transit") for one in articles])
    return space


@pytest.fixture(scope="module")
def page(studio: Studio, space: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The browser of an annotator who has logged in with what `warraq studio user add` printed."""
    owner, server = studio
    with browser(tmp_path_factory.mktemp("profile"), server.url) as page:
        said = json.loads(warraq("-C", str(owner.root), "studio", "user", "add", "zaynab", "--json").stdout)
        assert said["url"] == server.url
        page.log_in(Account(said["user"], said["password"], ""))
        yield page


def lefts(page: Page, css: str) -> set[int]:
    return {round(element.rect["x"]) for element in page.all(css)}


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_page_reads_right_to_left_whole_and_runs_nothing_of_the_article(
    studio: Studio, space: Workspace, page: Page, width: int, height: int
) -> None:
    page.resize(width, height)
    page.open(push(space, studio[1]).project)
    page.keep(f"labeling-{width}")
    assert page.run("return getComputedStyle(document.querySelector('.lsf-htx-richtext')).direction") == "rtl"
    title, outlet = page.one(".warraq-article h2"), page.one(".warraq-article h2 + h4")
    assert (title.text, outlet.text) == (title_of(0), "2024-11-06 · المنارة")
    body, target = page.one(".lsf-htx-richtext"), page.one(".warraq-target")
    assert title.rect["y"] < outlet.rect["y"] < body.rect["y"] and target.rect["x"] < body.rect["x"]
    assert right_to_left(page, outlet, "2024-11-06", "المنارة") and right_to_left(page, outlet, "11", "2024")
    assert target.text == "قانون النقل <b>&" and page.in_sight(target) and page.in_sight(title)
    assert [line.text for line in page.all(".lsf-richtext__line")] == TEXT.split("\n")
    assert not page.all(".warraq script, .warraq img")
    assert [hint.text for hint in page.all(".warraq-few .lsf-choice .lsf-hint")] == [f"[{key}]" for key in range(1, 6)]
    assert len(lefts(page, ".warraq-many .lsf-choice input")) == 2 and len(lefts(page, ".warraq-few .lsf-choice input")) == 1
    assert page.cut_off() == []
    asked = page.requests()
    assert any("/api/projects/" in url for url in asked) and not [url for url in asked if "canary" in url]


def test_the_target_stays_in_sight_wherever_one_reads_or_answers(studio: Studio, space: Workspace, page: Page) -> None:
    page.resize(1366, 768)
    page.open(push(space, studio[1]).project)
    for element in (page.all(".lsf-richtext__line")[-1], page.one("textarea[name=comment]")):
        page.run("arguments[0].scrollIntoView({block: 'center'})", element)
        assert page.in_sight(element) and page.in_sight(page.one(".warraq-target")), element.tag_name


def test_both_themes_can_be_read(studio: Studio, space: Workspace, page: Page) -> None:
    page.resize(1366, 768)
    papers = {}
    for theme in ("Dark", "Light"):
        page.theme(theme)
        page.open(push(space, studio[1]).project)
        page.keep(f"labeling-{theme.lower()}-1366")
        for part in (
            ".warraq-article h2",
            ".warraq-article h4",
            ".lsf-richtext__line",
            ".warraq-target h3",
            ".warraq-few .lsf-hint",
        ):
            assert page.contrast(page.one(part)) >= 4.5, (theme, part)
        assert page.cut_off() == []
        papers[theme] = page.run("return getComputedStyle(document.body).backgroundColor")
    assert papers["Dark"] != papers["Light"]


def test_the_guidelines_are_a_page_with_headings_bullets_and_room_between(
    studio: Studio, space: Workspace, page: Page
) -> None:
    """Label Studio's own style takes all of that away, and what it does to markup of ours is seen here only."""
    page.resize(1366, 768)
    page.guidelines(push(space, studio[1]).project)
    page.keep("guidelines-1366")
    assert page.run("return getComputedStyle(document.querySelector('.warraq-guide')).direction") == "rtl"
    seen = """
    const style = css => getComputedStyle(document.querySelector('.warraq-guide ' + css));
    return [style('h3').fontWeight, style('ul').listStyleType, parseFloat(style('p').marginBottom) > 4];
    """
    assert page.run(seen) == ["600", "disc", True]
    shown = [item.text.split("\n")[0] for item in page.all(".warraq-guide h3")]
    assert shown == [question.name["ar"] for question in space.codebook().questions]


def test_the_adjudicator_sees_what_was_answered_and_by_how_many_and_by_nobody(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    book_answers: list[dict[str, str | list[str]]] = [
        {"stance": s, "topic": "04000000"} for s in ("favor", "against", "neutral")
    ]
    tied = small(tmp_path / "tied", "tied", 0)
    one = article(0, TEXT, "عنوان")
    store.write(tied.articles, [one])
    store.write(tied.items, [item(one, "transit")])
    rows = [annotation(item(one, "transit"), f"a-{n}", answers) for n, answers in enumerate(book_answers)]
    store.write_sorted(tied.annotations, rows, key=lambda a: (a.item_id, a.id))
    resolve(tied)
    page.resize(1366, 768)
    page.open(adjudicate(tied, studio[1], show_answers=True).project)
    page.keep("adjudication-1366")
    votes, stance = page.one(".warraq-votes"), tied.codebook().question("stance")
    told = votes.text.splitlines()
    assert told[0] == "ما أجاب به غيرك" and len(told) == 3
    assert sorted(told[1].removeprefix(f"{stance.name['ar']}: ").split(" · ")) == sorted(
        f"1 × {stance.choice(value).name['ar']}" for value in ("favor", "against", "neutral")
    )
    assert (
        told[2].endswith(f"3 × {tied.codebook().question('topic').choice('04000000').name['ar']}") and "a-" not in votes.text
    )
    assert page.in_sight(votes) and page.in_sight(page.one(".warraq-target")) and page.cut_off() == []
    assert page.contrast(page.one(".warraq-votes .lsf-richtext__line")) >= 4.5


def test_an_english_corpus_reads_left_to_right(studio: Studio, page: Page, tmp_path: Path) -> None:
    english = small(tmp_path / "en", "english", articles=0)
    config = (english.root / "warraq.toml").read_text("utf-8").replace('language = "ar"', 'language = "en"')
    (english.root / "warraq.toml").write_text(config, "utf-8")
    english = find(english.root)
    one = article(0, "The buses will run from dawn to midnight, says the authority.\n" * 9, "Night buses")
    store.write(english.articles, [one])
    store.write(english.items, [item(one, "transit")])
    page.resize(1366, 768)
    page.open(push(english, studio[1]).project)
    page.keep("labeling-english-1366")
    assert page.run("return getComputedStyle(document.querySelector('.lsf-htx-richtext')).direction") == "ltr"
    body, target = page.one(".lsf-htx-richtext"), page.one(".warraq-target")
    assert body.rect["x"] < target.rect["x"] and target.text == "Transit Act" and page.in_sight(target)
    stance = english.codebook().question("stance")
    assert [e.get_attribute("name") for e in page.all(".warraq-few .lsf-choice input")] == [c.name["en"] for c in stance.shown]
    assert page.cut_off() == []


def right_to_left(page: Page, element: Any, first: str, second: str) -> bool:
    """Whether one part of an element's text is shown at the right of another."""
    script = """
    const [element, ...parts] = arguments;
    const lefts = parts.map(part => {
        const node = element.firstChild, range = document.createRange(), at = node.data.indexOf(part);
        range.setStart(node, at);
        range.setEnd(node, at + part.length);
        return range.getBoundingClientRect();
    });
    return lefts[0].left >= lefts[1].right;
    """
    return bool(page.run(script, element, first, second))


def test_what_is_labelled_marked_written_and_skipped_is_what_pull_brings(studio: Studio, space: Workspace, page: Page) -> None:
    _, server = studio
    page.resize(1366, 768)
    page.open(push(space, server).project)
    stance, topic = (next(q for q in space.codebook().questions if q.id == id_) for id_ in ("stance", "topic"))
    for choice in (*stance.choices, stance.choices[1]):
        page.press(str(choice.hotkey))
        wanted = [choice.name["ar"]]
        page.until(lambda wanted=wanted: [e.get_attribute("name") for e in page.all(TICKED)] == wanted, f"{wanted} ticked")
    page.one(f".warraq-many label:has(input[name='{topic.choices[3].name['ar']}'])").click()
    for number, words in enumerate(MARKED, 1):
        page.press(page.one(".warraq-article .lsf-label__hotkey").text)
        assert page.drag(words) == words
        page.one(f".htx-highlight[data-index='{number}']")
    page.one("textarea[name=comment]").send_keys(COMMENT)
    page.keep("labelled-1366")
    page.click(SUBMIT)
    page.until(lambda: page.one(".warraq-article h2").text == title_of(1), "the second article")
    page.click(SKIP)
    page.until(lambda: page.one(".warraq-article h2").text == title_of(2), "the third article")

    report = pull(space, server)
    assert (report.on_server, report.submitted, report.skipped, report.rejected) == (2, 1, 1, 0)
    rows = {row.status: row for row in store.read(space.annotations, Annotation)}
    done, skipped = rows["submitted"], rows["skipped"]
    assert [done.item_id, skipped.item_id] == [of.id for of in store.read(space.items, Item)][:2]
    assert done.answers == {"stance": stance.choices[1].value, "topic": topic.choices[3].value} and done.comment == COMMENT
    assert done.spans == [Span("evidence", TEXT.index(m), TEXT.index(m) + len(m), m) for m in MARKED]
    assert all(TEXT[span.start : span.end] == span.text for span in done.spans)
    assert (skipped.answers, skipped.spans, skipped.comment) == ({}, [], None) and skipped.annotator == done.annotator


def test_an_annotator_is_added_by_a_command_once(studio: Studio, tmp_path: Path) -> None:
    owner, server = studio
    command = ("-C", str(owner.root), "studio", "user", "add")
    said = warraq(*command, "Huda")
    again = json.loads(warraq(*command, "Huda", "--json").stdout)
    assert said.returncode == 0 and said.stdout.splitlines() == [
        f"Huda can log in at {server.url}",
        f"  user {again['user']}  password {again['password']}",
    ]
    assert set(again) == {"url", "user", "password"} and list(server.user_emails().values()).count(again["user"]) == 1
    wrong = warraq(*command, "a b", "--json")
    assert (wrong.returncode, wrong.stdout) == (2, "") and "choose another name" in wrong.stderr
    alone = warraq("-C", str(small(tmp_path / "c", "alone").root), "studio", "user", "add", "Huda")
    assert (alone.returncode, alone.stdout) == (1, "") and "warraq studio start" in alone.stderr
