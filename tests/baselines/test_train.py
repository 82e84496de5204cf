import json
from collections.abc import Callable

import msgspec
import pytest

from baselines import models
from baselines.report import html
from baselines.train import train
from corpus import store
from corpus.errors import CheckError, CorpusError
from corpus.records import Article, Gold, Item, Split
from corpus.workspace import Workspace
from tests.baselines.conftest import gold


def rewrite(path, kind, change) -> None:
    """Write a record file anew, each record as `change` gives it; None drops it."""
    records = [change(number, record) for number, record in enumerate(list(store.read(path, kind)))]
    store.write(path, [record for record in records if record is not None])


def test_both_questions_are_learnt_chosen_and_scored(corpus: Workspace) -> None:
    seen: list[tuple[int, int | None]] = []
    found = train(corpus, lambda done, total: seen.append((done, total)))
    stance, topic = found.questions
    assert (stance.rows, stance.left_out, stance.gold_rows) == ({"train": 12, "validation": 6, "test": 6}, {}, 24)
    assert [label.value for label in stance.labels] == ["favor", "against", "neutral"]
    assert stance.labels[0].rows == {"train": 4, "validation": 2, "test": 2}
    assert stance.model.macro_f1 == topic.model.macro_f1 == 1
    # One label of three, each with 2 rows of 6: precision 2/6, recall 1, F1 1/2; the others 0.
    assert stance.majority.macro_f1 == pytest.approx(0.5 / 3)
    assert stance.chosen.validation_macro_f1 == max(c.validation_macro_f1 for c in stance.candidates)
    assert stance.chosen == next(c for c in stance.candidates if c.validation_macro_f1 == 1)
    assert seen == [(n, 18) for n in range(1, 19)]
    assert set(found.seconds) == {"stance", "topic"}


def test_the_strongest_features_are_the_words_that_tell(corpus: Workspace) -> None:
    stance, topic = train(corpus).questions
    assert any(f.text == "فاشل" for f in stance.strongest["against"])
    assert any(f.where == "near target" for f in stance.strongest["against"])
    assert not any(f.where != "anywhere" for features in topic.strongest.values() for f in features)


def test_saved_models_predict_and_their_cards_trace_them(corpus: Workspace) -> None:
    found = train(corpus).questions[1]
    card = json.loads((corpus.models / "topic.json").read_bytes())
    assert card["labels"] == ["sport", "economy"]
    assert (card["codebook"], card["data_sha256"]) == ("small@1.0.0", found.data_sha256)
    assert models.load(corpus.models / "topic.skops").predict(["مباراه كره في الملعب"]) == ["sport"]


def test_the_same_input_gives_the_same_bytes_in_any_order(make_corpus: Callable[[str], Workspace]) -> None:
    one, other = make_corpus("one"), make_corpus("other")
    store.write(other.gold, list(store.read(other.gold, Gold))[::-1])
    store.write(other.articles, list(store.read(other.articles, Article))[::-1])
    train(one)
    train(other)
    for name in ("reports/baselines.json", "reports/baselines.html", "models/stance.json", "models/topic.json"):
        assert (one.root / name).read_bytes() == (other.root / name).read_bytes(), name


def test_what_cannot_be_used_is_counted_with_its_reason(corpus: Workspace) -> None:
    replace = msgspec.structs.replace
    ids = [record.article_id for record in store.read(corpus.gold, Gold) if record.question == "topic"]

    def change(_: int, record: Gold) -> Gold:
        if record.question != "stance":
            return record
        if record.article_id == ids[0]:
            return replace(record, value=None, status="tied")
        if record.article_id == ids[1]:
            return replace(record, value="gone")
        return replace(record, target="nobody") if record.article_id == ids[2] else record

    rewrite(corpus.gold, Gold, change)
    rewrite(corpus.articles, Article, lambda _, a: None if a.id == ids[3] else a)
    rewrite(corpus.splits, Split, lambda _, s: None if s.article_id == ids[4] else s)
    rewrite(corpus.items, Item, lambda _, i: replace(i, sha256="f" * 64) if i.article_id == ids[5] else i)
    stance = train(corpus).questions[0]
    assert stance.left_out == {
        "its article is not in articles.jsonl": 1,
        "its article is not in splits.jsonl": 1,
        "its label is not in the codebook": 1,
        "its target is not in targets.yaml": 1,
        "the text has changed since it was judged": 1,
        "the votes are tied": 1,
    }
    assert stance.gold_rows == 24 == sum(stance.rows.values()) + 6


def test_a_question_without_a_baseline_is_told_and_the_others_go_on(corpus: Workspace) -> None:
    records = [
        msgspec.structs.replace(g, value="sport") if g.question == "topic" else g for g in store.read(corpus.gold, Gold)
    ]
    first = records[0].article_id
    records += [gold(first, "bridge", "frames", ["cost"]), gold(first, "bridge", "mood", "sad")]
    store.write(corpus.gold, records)
    found = train(corpus)
    assert [q.question for q in found.questions] == ["stance"]
    assert [(s.question, s.gold_rows, s.reason) for s in found.skipped] == [
        ("frames", 1, "a multiple-choice question; baselines are for single choice"),
        ("mood", 1, "codebook small@1.0.0 has no such question"),
        ("topic", 24, "train has a single label, sport (rows: train 12, validation 6, test 6)"),
    ]
    assert "frames" in (corpus.reports / "baselines.html").read_text()


def test_nothing_to_train_is_an_error_that_counts_and_nothing_is_written(corpus: Workspace) -> None:
    rewrite(corpus.splits, Split, lambda _, s: msgspec.structs.replace(s, split="train"))
    with pytest.raises(
        CheckError, match=r"stance: 24 gold records; a split is empty \(rows: train 24, validation 0, test 0\)"
    ):
        train(corpus)
    store.write(corpus.gold, [])
    with pytest.raises(CheckError, match=r"gold\.jsonl is empty"):
        train(corpus)
    assert not corpus.models.exists() and not corpus.reports.exists()


def test_missing_files_and_leaking_splits_are_errors(corpus: Workspace) -> None:
    group = next(store.read(corpus.splits, Split)).group
    rewrite(corpus.splits, Split, lambda n, s: msgspec.structs.replace(s, group=group) if n == 23 else s)
    with pytest.raises(CheckError, match=f"group {group} in both train and test"):
        train(corpus)
    corpus.splits.unlink()
    with pytest.raises(CorpusError, match=r"splits\.jsonl does not exist"):
        train(corpus)
    corpus.gold.unlink()
    with pytest.raises(CorpusError, match="warraq resolve"):
        train(corpus)


def test_the_page_stands_alone_and_escapes_what_it_shows(corpus: Workspace) -> None:
    page = html(train(corpus))
    assert "<bdi>عيّنة &lt;b&gt;</bdi>" in page
    assert "only 6 rows in 6 groups" in page
    assert '<bdi lang="ar">معارض</bdi>' in page
    assert "near target" in page
    for loaded in ("<script", "src=", "href=", "url(", "@import"):
        assert loaded not in page


def test_an_undefined_score_is_said_not_hidden(corpus: Workspace) -> None:
    rewrite(corpus.gold, Gold, lambda n, g: None if n >= 36 and g.value == "neutral" else g)
    found = train(corpus)
    neutral = found.questions[0].model.classes[2]
    assert (neutral.label, neutral.support, neutral.recall) == ("neutral", 0, None)
    assert "undefined" in html(found)
