import json
import shutil

import msgspec
import pytest
from run_warraq import warraq
from tiny_corpus import A, B, C, D, E, article

from corpus.errors import CheckError
from corpus.records import Gold, Split, text_sha256
from corpus.release.check import changelog
from corpus.release.check.diff import Label, diff
from corpus.release.dataset.publish import publish

A1, B1, C1, D1 = (x[0] * 15 + "1" for x in (A, B, C, D))
change = msgspec.structs.replace


@pytest.fixture
def old(corpus):
    """The release as it was, in a folder of its own."""
    publish(corpus)
    return corpus.release.rename(corpus.root / "old")


@pytest.fixture
def published(corpus, old, said, rewrite, next_version):
    """Publish the changed records, as version 0.2.0."""

    def publish_next():
        rewrite(said)
        publish(next_version())
        return diff(old, corpus.release)

    return publish_next


def test_nothing_changed(published):
    report = published()
    assert (report.old, report.new, report.refused) == ("0.1.0", "0.2.0", [])
    assert changelog.draft(report) == "## 0.2.0\n\nSince 0.1.0:\n\n- Nothing changed.\n"


def test_rows_labels_texts_and_splits(published, said):
    said.articles = [*said.articles[:4], article("f" * 16, "نص سادس جديد")]  # E goes, F comes
    said.articles[3] = change(said.articles[3], text="نص رابع أطول", sha256=text_sha256("نص رابع أطول"))
    said.gold[0] = change(said.gold[0], value="against")
    said.gold.append(Gold(D, D1, "act", "stance", "favor", {"favor": 1.0}, {"favor": 1}, "adjudicated", "adjudicated"))
    said.items[3] = change(said.items[3], sha256=text_sha256("نص رابع أطول"))
    said.splits[3] = Split(D, "validation", D)
    report = published()
    stance = report.configs["stance"]
    assert (stance.added, stance.removed, stance.relabelled) == ([D1], [], [(A1, "favor", "against")])
    assert (report.configs["articles"].added, report.configs["articles"].removed) == (["f" * 16], [E])
    assert report.text_changed == [D]
    assert report.articles_moved == [(D, "train", "validation")]
    assert report.items_moved == [(D1, "train", "validation")]
    assert report.refused == [] and report.labels_moved == []
    assert changelog.draft(report).splitlines()[4:] == [
        "- `stance`: 1 rows added.",
        f"- `stance`: 1 rows relabelled: {A1} (favor → against).",
        "- `articles`: 1 rows added.",
        f"- `articles`: 1 rows removed: {E}.",
        f"- The text of 1 articles changed: {D}.",
        f"- 1 articles moved from split train to validation: {D}.",
        f"- 1 items moved from split train to validation: {D1}.",
    ]


def test_a_settled_tie_and_an_annotation_changed(published, said):
    said.gold[3] = change(said.gold[3], value="favor", status="adjudicated")
    said.annotations[0] = change(said.annotations[0], answers={"stance": "neutral", "topic": "no", "tone": ["ironic"]})
    report = published()
    assert report.configs["stance"].relabelled == [(B1, "none", "favor")]
    told = ("u1", "stance favor, topic no, tone angry+ironic", "stance neutral, topic no, tone ironic")
    assert report.configs["annotations"].relabelled == [told]


def test_a_label_whose_integer_moved_is_not_another_label(corpus, published):
    book = corpus.root / "book.yaml"
    text = book.read_text("utf-8").replace("value: against, code: 1", "value: against, code: 2")
    book.write_text(text.replace("value: neutral, code: 2", "value: neutral, code: 1"), "utf-8")
    report = published()
    assert report.labels_moved == [Label("stance", "against", 1, 2), Label("stance", "neutral", 2, 1)]
    assert report.configs["stance"].relabelled == []
    assert "- **Breaking**: label `against` of `stance` was 1 and is 2 now." in changelog.draft(report)


def test_a_test_article_must_not_move_to_train(published, said, corpus):
    said.splits[2] = Split(C, "train", C)
    report = published()
    assert report.refused == [f"1 articles move from test to train: {C}"]
    done = warraq("diff", "old", "release", cwd=corpus.root)
    assert done.returncode == 1
    assert "**Must not be released**" in done.stdout and "must not follow old: 1 articles move" in done.stderr


def test_a_version_stands_for_one_content(corpus, old, said, rewrite):
    said.gold.pop()
    rewrite(said)
    publish(corpus)
    assert diff(old, corpus.release).refused == ["version 0.1.0 stands for other content already"]
    done = warraq("diff", "old", "release", "--json", cwd=corpus.root)
    assert (done.returncode, json.loads(done.stdout)["configs"]["stance"]["removed"]) == (1, [C1])


@pytest.mark.parametrize("forms", [("full", "withheld"), ("withheld", "full")])
def test_two_forms_of_one_content_differ_in_form_alone(corpus, old, forms):
    publish(corpus, text=forms[0])
    first = shutil.copytree(corpus.release, corpus.root / "first")
    publish(corpus, text=forms[1])
    report = diff(first, corpus.release)
    assert (report.refused, report.text_changed) == ([], [])
    assert not any(c.added or c.removed or c.relabelled for c in report.configs.values())
    told = f"- **Breaking**: texts were {forms[0]} and are {forms[1]} now."
    assert changelog.draft(report).splitlines()[4:] == [told]


def leaked(said):
    said.splits[2] = Split(C, "train", C)
    return "1 articles move from test to train"


def relabelled(said):
    said.gold[0] = change(said.gold[0], value="against")
    return "version 0.1.0 stands for other content already"


def retold(said):
    said.annotations[1] = change(said.annotations[1], comment="غير ذلك")
    return "version 0.1.0 stands for other content already"


@pytest.mark.parametrize("fault", [leaked, relabelled, retold])
def test_publish_refuses_what_diff_refuses_and_leaves_all_as_it_was(corpus, said, rewrite, fault, next_version):
    publish(corpus)
    before = {path: path.read_bytes() for path in [corpus.card, *corpus.release.rglob("*")] if path.is_file()}
    message = fault(said)
    rewrite(said)
    with pytest.raises(CheckError, match=message):
        publish(next_version() if fault is leaked else corpus)
    assert {path: path.read_bytes() for path in [corpus.card, *corpus.release.rglob("*")] if path.is_file()} == before
    assert not list(corpus.root.glob(".release*"))


def test_the_same_content_is_published_again(corpus):
    publish(corpus)
    before = {path: path.read_bytes() for path in corpus.release.rglob("*") if path.is_file()}
    publish(corpus)
    assert {path: path.read_bytes() for path in corpus.release.rglob("*") if path.is_file()} == before


def test_a_long_list_is_cut_in_the_draft_only(published, said):
    said.articles = [article(f"{n:016x}", f"نص {n}") for n in range(1, 13)] + said.articles
    report = published()
    assert changelog.draft(report).splitlines()[-1] == "- `articles`: 12 rows added."
    moved = msgspec.structs.replace(report, text_changed=report.configs["articles"].added)
    assert changelog.draft(moved).splitlines()[-1].endswith(f"{10:016x} and 2 more.")
