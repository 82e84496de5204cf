import json
import shutil

import msgspec
import pyarrow.parquet as pq
import pytest
from quoting_corpus import LONG, SPAN, TITLE, change, lengthen
from run_warraq import warraq
from test_verify import edit, reseal
from tiny_corpus import TEXT, A, B, C, D, E

from corpus import store
from corpus.errors import CorpusError, RecordError
from corpus.records import Block, text_sha256
from corpus.release.check import verify
from corpus.release.dataset.publish import publish
from corpus.release.layout import manifest
from corpus.release.withhold.rehydrate import rehydrate

ARTICLES = "articles/full-00000-of-00001.parquet"
STANCE_TEST = "stance/test-00000-of-00001.parquet"


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def full(corpus, said, rewrite):
    """The full release of the small corpus, of which nothing but the texts quotes."""
    said = lengthen(said)
    said.annotations[4] = change(said.annotations[4], comment=None)
    said.articles[2] = change(said.articles[2], keywords=["نقل"])
    rewrite(said)
    publish(corpus)
    kept = corpus.root.parent / "full"
    shutil.copytree(corpus.release, kept)
    return kept


@pytest.fixture
def withheld(corpus, full):
    publish(corpus, text="withheld")
    return corpus.release


@pytest.fixture
def held(tmp_path):
    """Write copies into a file."""

    def write(copies):
        path = tmp_path / "held.jsonl"
        store.write(path, sorted(copies, key=lambda article: article.id))
        return [path]

    return write


@pytest.fixture
def to(tmp_path):
    return tmp_path / "mine" / "rehydrated"


def with_text(article, text, **fields):
    return change(article, text=text, sha256=text_sha256(text), blocks=[Block("paragraph", 0, len(text))], **fields)


def rows(release, config):
    return [row for path in sorted((release / config).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_exact_copies_give_the_full_release_byte_for_byte(withheld, full, said, held, to):
    report = rehydrate(withheld, held(said.articles), to)
    assert files(to) == files(full)
    assert (report.articles, report.copies, report.differs) == ({"exact": 5}, 5, [])
    assert report.rows["stance"] == {"exact": 3}
    assert report.marks == {"found": 2, "not found": 0}
    assert manifest.read(to).text == "full"


def test_the_order_and_number_of_files_do_not_matter(withheld, full, said, held, to, tmp_path):
    other = tmp_path / "other.jsonl"
    store.write(other, said.articles[:2])
    rehydrate(withheld, [other, *held(said.articles[2:])], to)
    assert files(to) == files(full)


def test_copies_that_differ_are_told_in_every_row(withheld, said, held, to):
    words = LONG.split(" ")
    copies = [
        with_text(said.articles[0], TEXT.replace("قالَ", "قال").replace("\n", " \n")),  # A: vowel marks and white space
        with_text(said.articles[2], " ".join([*words[:20], "مُضاف", *words[20:]])),  # C: one word more
        with_text(said.articles[3], said.articles[3].text, title=None),  # D: no title
        with_text(said.articles[4], "خبر آخر لا صلة له"),  # E: another text at the same address
    ]
    report = rehydrate(withheld, held(copies), to)
    assert report.articles == {"normalised": 1, "partial": 1, "drifted": 1, "missing": 2}
    told = {row["article_id"]: (row["text_status"], row["text_score"]) for row in rows(to, "articles")}
    # 200 words are 25 runs of 8, of which one is broken by the word put in.
    assert told == {
        A: ("normalised", 1.0),
        B: ("missing", 0.0),
        C: ("drifted", 24 / 25),
        D: ("partial", 1.0),
        E: ("missing", 0.0),
    }
    for config in ("stance", "topic", "tone", "annotations", "articles"):
        for row in rows(to, config):
            assert (row["text_status"], row["text_score"]) == told[row["article_id"]]
    texts = {row["article_id"]: row["text"] for row in rows(to, "stance")}
    assert texts == {A: copies[0].text, B: None, C: copies[1].text}
    found = verify.verify(to)
    assert [check.lies for check in found.checks] == [[]] * len(verify.CHECKS)


def test_marks_move_with_the_text(withheld, said, held, to):
    normalised = with_text(said.articles[0], "  " + TEXT.replace("ّ", "").replace("قالَ", "قال"))
    drifted = with_text(said.articles[2], "كلمة أولى زائدة " + LONG.replace("وزير0", "وزيرة0", 1))
    report = rehydrate(withheld, held([normalised, drifted]), to)
    (mark,) = rows(to, "stance")[1]["evidence"]  # test comes before train
    assert report.marks == {"found": 2, "not found": 0}
    assert mark["text"] == "المُتحدثُ"
    assert normalised.text[mark["start"] : mark["end"]] == mark["text"]
    (mark,) = rows(to, "stance")[0]["evidence"]
    assert (mark["start"], mark["text"]) == (SPAN.start + 17, SPAN.text)


def test_a_mark_in_a_changed_place_is_not_given(withheld, said, held, to):
    touched = LONG[: SPAN.start] + "غير " + LONG[SPAN.start :]
    report = rehydrate(withheld, held([with_text(said.articles[2], touched)]), to)
    (mark,) = rows(to, "stance")[0]["evidence"]
    assert (mark["start"], mark["end"], mark["text"]) == (None, None, None)
    assert mark["question"] == "evidence"
    assert report.marks == {"found": 0, "not found": 2}


def test_a_cut_text_is_partial_and_a_copy_elsewhere_is_known_by_its_text(withheld, said, held, to):
    cut = with_text(said.articles[2], LONG.split("\n")[0])
    moved = change(said.articles[0], id="f" * 16, url="https://elsewhere.example/1")
    rehydrate(withheld, held([cut, moved]), to)
    told = {row["article_id"]: (row["text_status"], row["text_score"]) for row in rows(to, "articles")}
    assert told[C] == ("partial", 5 / 25)
    assert told[A] == ("exact", 1.0)
    row = rows(to, "articles")[0]
    assert (row["url"], row["title"]) == (f"https://example.org/{A}", "عنوان | أول")


def test_another_title_is_told(withheld, said, held, to):
    report = rehydrate(withheld, held([change(said.articles[2], title="عنوان آخر")]), to)
    assert report.articles == {"drifted": 1, "missing": 4}


def test_of_two_copies_with_one_text_the_right_one_is_taken(withheld, full, said, held, to):
    twin = change(said.articles[2], id="0" * 16, url="https://aaa.example/1", title="عنوان النسخة")
    assert rehydrate(withheld, held([twin, *said.articles]), to).differs == []
    assert files(to) == files(full)
    assert rows(to, "articles")[2]["title"] == TITLE


def test_no_copies_no_texts(withheld, held, to):
    report = rehydrate(withheld, held([]), to)
    assert report.articles == {"missing": 5}
    assert {row["text"] for row in rows(to, "stance")} == {None}
    assert verify.verify(to).failed == []


def test_a_remark_that_was_withheld_stays_lost_and_is_told(corpus, said, rewrite, held, to):
    rewrite(lengthen(said))
    publish(corpus, text="withheld")
    assert rehydrate(corpus.release, held(said.articles), to).differs == ["annotations", "articles"]


def a_flag_taken_away(release):
    edit(release / ARTICLES, lambda rows: rows[2].update(text_status="exact"))


def a_flag_of_no_name(release):
    edit(release / ARTICLES, lambda rows: rows[2].update(text_status="fine"))


def a_text_from_nowhere(release):
    edit(release / ARTICLES, lambda rows: rows[1].update(text="نص"))


def a_mark_moved(release):
    edit(release / STANCE_TEST, lambda rows: rows[0]["evidence"][0].update(start=0))


@pytest.mark.parametrize("lie", [a_flag_taken_away, a_flag_of_no_name, a_text_from_nowhere, a_mark_moved])
def test_a_lie_is_seen_by_name(withheld, said, held, to, monkeypatch, lie):
    monkeypatch.delitem(verify.CHECKS, "load")
    rehydrate(withheld, held([with_text(said.articles[2], LONG + " وزير1")]), to)
    assert verify.verify(to).failed == []
    lie(to)
    reseal(to)
    may = {"articles", "evidence", "card", "croissant", "plots"}
    assert {"content", "texts"} <= set(verify.verify(to).failed) <= {"content", "texts"} | may


def test_what_cannot_be_is_told(withheld, full, said, held, to):
    with pytest.raises(CorpusError, match="has its texts: it is full"):
        rehydrate(full, held(said.articles), to)
    to.mkdir(parents=True)
    (to / "thesis.txt").write_text("mine")
    for place in (to, withheld):
        with pytest.raises(CorpusError, match="exists and cannot be replaced"):
            rehydrate(withheld, held(said.articles), place)
    assert (to / "thesis.txt").exists()
    bad = to / "bad.jsonl"
    bad.write_bytes(msgspec.json.encode(said.articles[0]) + b"\n{}\n")
    with pytest.raises(RecordError, match=r"bad\.jsonl:2"):
        rehydrate(withheld, [bad], to.parent / "new")
    with pytest.raises(CorpusError, match="does not exist"):
        rehydrate(withheld, [to / "none.jsonl"], to.parent / "new")


def test_the_command_takes_articles_and_raw_pages_after_one_from(corpus, withheld, full, said, tmp_path):
    pages = tmp_path / "pages.jsonl"
    pages.write_text(json.dumps({"url": f"https://example.org/{C}", "title": TITLE, "text": LONG}), "utf-8")
    command = ("rehydrate", str(withheld), "--from", str(pages), str(corpus.articles), "--to", str(tmp_path / "to"), "--json")
    done = warraq(*command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == {"exact": 5}
    assert files(tmp_path / "to") == files(full)
    done = warraq("rehydrate", str(withheld), "--from", str(pages), cwd=tmp_path)
    assert "1 exact, 4 missing articles, of 1 copies" in done.stdout, done.stderr
    assert manifest.read(withheld.with_name("release-rehydrated")).text == "rehydrated"
