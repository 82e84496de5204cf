import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from baselines import models, rows
from baselines.examples import Example
from baselines.results import TrainReport
from baselines.train import train
from corpus import store
from corpus.errors import CheckError, CorpusError
from corpus.records import Annotation, AnnotationOrigin, Article, Gold, Item, Split
from corpus.workspace import Workspace
from tests.baselines.conftest import TARGETS, gold


def rewrite(path: Path, kind: type[Any], change: Callable[[int, Any], Any]) -> None:
    """Write a record file anew, each record as `change` gives it; None drops it."""
    records = [change(number, record) for number, record in enumerate(list(store.read(path, kind)))]
    store.write(path, [record for record in records if record is not None])


def test_both_questions_are_learnt_checked_and_scored(corpus: Workspace) -> None:
    seen: list[tuple[int, int | None]] = []
    found = train(corpus, lambda done, total: seen.append((done, total)))
    stance, topic = found.questions
    assert (stance.kind, topic.kind) == ("target", "topic")
    assert (stance.rows, stance.left_out, stance.gold_rows) == ({"train": 12, "validation": 6, "test": 6}, {}, 24)
    assert [label.value for label in stance.labels] == ["favor", "against", "neutral"]
    assert stance.labels[0].rows == {"train": 4, "validation": 2, "test": 2}
    assert stance.model.macro_f1 == topic.model.macro_f1 == stance.validation.macro_f1 == 1
    # One label of three, each with 2 rows of 6: precision 2/6, recall 1, F1 1/2; the others 0.
    assert stance.majority.macro_f1 == pytest.approx(0.5 / 3)
    assert stance.against_majority.difference == pytest.approx(1 - 0.5 / 3)
    assert stance.tried and {of.choice for of in stance.tried} >= {"analyzer", "classifier"}
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert set(found.seconds) == {"stance", "topic"}


def test_the_strongest_features_are_the_words_that_tell(once: tuple[Workspace, TrainReport]) -> None:
    stance = once[1].questions[0]
    assert any("فاشل" in f.text or "فشل" in f.text for f in stance.strongest["against"])
    weights = [f.weight for f in stance.strongest["against"]]
    assert weights == sorted(weights, reverse=True) and weights[-1] > 0


def test_targets_of_kind_claim_make_pairs_whose_claim_is_the_target_s_name(corpus: Workspace) -> None:
    targets = [msgspec.structs.replace(target, kind="claim") for target in TARGETS]
    (corpus.root / "targets.yaml").write_bytes(msgspec.yaml.encode(targets))
    stance = train(corpus).questions[0]
    assert stance.kind == "pair" and [s.part for s in stance.audit.shortcuts][:2] == ["claim", "article"]
    row = rows.read(corpus, corpus.codebook())[0][0].rows[0]
    assert row.example.claim in {target.names["ar"] for target in TARGETS}
    assert models.load(corpus.models, "stance")[1].kind == "pair"


def test_saved_models_predict_and_their_cards_trace_them(once: tuple[Workspace, TrainReport]) -> None:
    corpus, found = once[0], once[1].questions[1]
    model, card = models.load(corpus.models, "topic")
    assert card.labels == ["sport", "economy"] and card.codebook == "small@1.0.0"
    assert (card.data_sha256, card.name) == (found.data_sha256, found.model_version)
    assert card.sha256 == hashlib.sha256((corpus.models / "topic.skops").read_bytes()).hexdigest()
    assert model.predict([Example("q", "مباراة كرة في الملعب", "")]) == ["sport"]


def test_a_model_s_date_is_that_of_the_newest_judgment_it_learnt_from(corpus: Workspace) -> None:
    items = list(store.read(corpus.items, Item))
    side = {split.article_id: split.split for split in store.read(corpus.splits, Split)}
    learnt = [item for item in items if side[item.article_id] == "train"]
    tested = [item for item in items if side[item.article_id] == "test"]
    judged = [(learnt[0], "2026-01-02T00:00:00Z"), (learnt[1], "2026-01-05T00:00:00Z"), (tested[0], "2026-02-01T00:00:00Z")]
    origin = AnnotationOrigin("http://127.0.0.1", 1, 1, 1)
    store.write(
        corpus.annotations,
        [
            Annotation(
                str(n), item.id, "a", "submitted", {"stance": "favor"}, [], None, 1.0, when, when, "c", item.sha256, origin
            )
            for n, (item, when) in enumerate(judged)
        ],
    )
    train(corpus)
    assert models.load(corpus.models, "stance")[1].date == "2026-01-05T00:00:00Z"
    assert models.load(corpus.models, "topic")[1].date is None


def test_the_same_input_gives_the_same_bytes_in_any_order(make_corpus: Callable[[str], Workspace]) -> None:
    one, other = make_corpus("one"), make_corpus("other")
    store.write(other.gold, list(store.read(other.gold, Gold))[::-1])
    store.write(other.articles, list(store.read(other.articles, Article))[::-1])
    train(one)
    train(other)
    names = [f"reports/{name}" for name in ("baselines.json", "baselines.html", "doubtful.jsonl", "BASELINES.md")]
    names += [f"models/{question}.{ending}" for question in ("stance", "topic") for ending in ("skops", "json")]
    for name in names:
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
        ("mood", 1, "codebook small@1.0.0 has no such question"),
        ("topic", 24, "train has a single label, sport (rows: train 12, validation 6, test 6)"),
        ("frames", 1, "a split is empty (rows: train 1, validation 0, test 0)"),
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
