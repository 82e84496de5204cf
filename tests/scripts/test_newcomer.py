"""What the first hour with Warraq trips over: each message says what to do, where to look, or what a figure is worth."""

import json
import re
from pathlib import Path

import pytest
from run_warraq import warraq

from corpus.errors import CorpusError
from corpus.page import render
from corpus.workspace import create, find

ROW = '{"headline": "عنوان %d", "body": "نص قصير رقم %d عن مجانية النقل في المدينة اليوم."}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "مجموعة أخبار"
    create(folder)
    return folder


def edit(root: Path, old: str, new: str) -> None:
    config = (root / "warraq.toml").read_text("utf-8")
    assert old in config
    (root / "warraq.toml").write_text(config.replace(old, new), "utf-8")


def test_init_names_what_to_edit_next(tmp_path: Path) -> None:
    said = warraq("init", str(tmp_path / "c")).stdout
    assert f"codebook in {tmp_path / 'c' / 'warraq.toml'}" in said and str(tmp_path / "c" / "targets.yaml") in said


def test_convert_says_where_the_rejects_are_and_that_it_found_no_file(root: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(ROW % (1, 1), "utf-8")
    rejected = warraq("-C", str(root), "convert", str(tmp_path / "in.jsonl")).stdout
    assert f"each reject with its reason: {root / 'rejects.jsonl'}" in rejected
    fine = warraq("-C", str(root), "convert", str(tmp_path / "in.jsonl"), "--map", "text=body").stdout
    assert "1 articles + 0 rejected" in fine and "each reject" not in fine
    (tmp_path / "empty").mkdir()
    nothing = warraq("-C", str(root), "convert", str(tmp_path / "empty"))
    assert nothing.returncode == 0 and "no file was found there" in nothing.stdout and "no file" not in fine


def test_the_way_back_to_targets_is_a_command_that_can_be_pasted(root: Path) -> None:
    (root / "targets.yaml").unlink()
    with pytest.raises(CorpusError) as raised:
        find(root).targets()
    assert raised.value.fix == f"`warraq init '{root}'` writes one to fill in"
    (root / "targets.yaml").write_text("- {id: transit, kind: human, names: {ar: النقل}, phrases: [النقل]}\n", "utf-8")
    with pytest.raises(CorpusError, match=r"'human' - at `\$\[0\]\.kind`\n.*`warraq init` in an empty folder"):
        find(root).targets()


@pytest.mark.parametrize("language", ["arabic", "ar_EG", "", "عربي"])
def test_a_language_that_no_article_can_have_is_refused(root: Path, language: str) -> None:
    edit(root, 'language = "ar"', f'language = "{language}"')
    with pytest.raises(CorpusError, match=r"\$\.language"):
        find(root)


@pytest.mark.parametrize("language", ["ar", "ar-EG", "zh-Hant-TW", "apc"])
def test_a_language_tag_is_taken(root: Path, language: str) -> None:
    edit(root, 'language = "ar"', f'language = "{language}"')
    assert find(root).config.language == language


def test_an_interval_below_zero_is_read_as_two_numbers(tmp_path: Path) -> None:
    (tmp_path / "t.html").write_text("{{ low|interval }}, {{ none|interval }}", "utf-8")
    assert render(tmp_path / "t.html", low=(-0.19, 0.69), none=None) == "-0.190 to 0.690, no interval"


def test_train_says_of_a_small_test_what_it_is_worth(root: Path) -> None:
    """Sixty short articles about nothing: no model beats the most frequent label on nine of them."""
    from corpus import store
    from corpus.records import Gold

    (root / "in.jsonl").write_text("".join(ROW % (n, n) for n in range(60)), "utf-8")
    edit(root, 'codebook = "news-stance"', 'codebook = "news-topic"')
    for command in (["convert", str(root / "in.jsonl"), "--map", "text=body"], ["duplicates"]):
        assert warraq("-C", str(root), *command).returncode == 0
    space = find(root)
    articles = [json.loads(line)["id"] for line in space.articles.read_text("utf-8").splitlines()]
    labels = ["01000000" if int(one, 16) % 3 else "04000000" for one in articles]
    gold = [
        Gold(one, None, None, "topic", label, {label: 1.0}, {label: 1}, "majority", "agreed")
        for one, label in zip(articles, labels, strict=True)
    ]
    store.write(space.gold, gold)
    assert warraq("-C", str(root), "sample").returncode == 0
    assert warraq("-C", str(root), "split").returncode == 0
    done = warraq("-C", str(root), "train")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("topic: ") and lines[0].endswith("macro-F1 on test, with its 95% interval")
    scores = [re.fullmatch(r"  \d\.\d\d \[\d\.\d\d, \d\.\d\d\]  (.+)", line) for line in lines[1:4]]
    assert [found[1].split(",")[0] for found in scores if found] == [
        "the model",
        "plain TF-IDF with LinearSVC",
        "the most frequent label always",
    ]
    rows = json.loads((space.reports / "baselines.json").read_text("utf-8"))["questions"][0]["model"]["rows"]
    assert f"  warning: test has only {rows} rows: read the intervals, not the scores" in lines
    assert any(re.fullmatch(r"  warning: cannot be told from the most frequent label \(p = \d\.\d{3}\)", x) for x in lines)


def test_an_error_of_the_disk_names_the_file_that_was_meant_not_a_passing_one(root: Path) -> None:
    (root / "in.jsonl").write_text(ROW % (1, 1), "utf-8")
    (root / "rejects.jsonl").mkdir()
    done = warraq("-C", str(root), "convert", str(root / "in.jsonl"), "--map", "text=body")
    assert done.returncode == 2 and f"error: {root / 'rejects.jsonl'}: Is a directory" in done.stderr


def test_an_audit_of_what_is_not_there_says_so(tmp_path: Path) -> None:
    done = warraq("split", "--audit", str(tmp_path / "nowhere"))
    told = "".join(re.findall(r"[^│╭╮╰╯─\s]+", done.stderr))
    assert done.returncode == 2 and "doesnotexist" in told


def test_copies_in_tables_with_columns_of_their_own_bring_texts_back(root: Path, tmp_path: Path) -> None:
    from corpus import store
    from corpus.curate.splits import split
    from corpus.records import Gold
    from corpus.release.dataset.publish import publish

    (root / "in.jsonl").write_text("".join(ROW % (n, n) for n in range(20)), "utf-8")
    edit(root, 'codebook = "news-stance"', 'codebook = "news-topic"')
    assert warraq("-C", str(root), "convert", str(root / "in.jsonl"), "--map", "text=body").returncode == 0
    assert warraq("-C", str(root), "sample").returncode == 0
    for name in ("annotations", "gold"):
        store.write(root / f"{name}.jsonl", list[Gold]())
    split(find(root))
    publish(find(root), text="withheld")
    back = ["rehydrate", str(root / "release"), "--from", str(root / "in.jsonl"), "--json"]
    without = json.loads(warraq(*back, "--to", str(tmp_path / "a")).stdout)["articles"]
    found = json.loads(warraq(*back, "--to", str(tmp_path / "b"), "--map", "text=body").stdout)["articles"]
    assert (without, found) == ({"missing": 20}, {"exact": 20})
