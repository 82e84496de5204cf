"""Codebook versions: what became of each label, and annotations that follow by an explicit map or not at all."""

from pathlib import Path

import pytest
from in_process import warraq
from labeling_corpus import annotation, article

from corpus import codebook, store, workspace
from corpus.codebook import Codebook
from corpus.errors import CheckError, CorpusError
from corpus.labeling import guidelines
from corpus.labeling.migrate import MigrateReport, migrate
from corpus.labeling.revision import compare
from corpus.records import Annotation, Item, short_id
from corpus.workspace import Workspace

HEAD = """\
name: views
version: "{version}"
title: {{ar: آراء, en: Views}}
targets: false
instructions: {{ar: اقرأ, en: Read}}
questions:
"""
STANCE = "  - {id: stance, scope: item, type: single, required: true, name: {ar: الموقف, en: Stance}, choices: [%s]}\n"
TAGS = "  - {id: tags, scope: item, type: multiple, name: {ar: وسوم, en: Tags}, choices: [%s]}\n"
NOTE = "  - {id: note, scope: item, type: text, name: {ar: ملاحظة, en: Note}}\n"


def choice(value: str, code: int, more: str = "") -> str:
    return f"{{value: {value}, code: {code}, name: {{ar: {value}, en: {value}}}{more}}}"


OLD = STANCE % ", ".join(map(choice, ("favor", "against", "neutral", "odd"), range(4)))
OLD += TAGS % ", ".join(map(choice, ("war", "peace"), range(2))) + NOTE
NEW = STANCE % ", ".join(
    (
        choice("favor", 0),
        choice("opposed", 1, ", replaces: [against]"),
        choice("neutral", 2, ", retired: true"),
        choice("odd", 3, ", retired: true"),
        choice("balanced", 4, ", replaces: [neutral]"),
        choice("silent", 5, ", replaces: [neutral]"),
        choice("ironic", 6),
    )
)
NEW += TAGS % ", ".join((choice("war", 0, ", retired: true"), choice("peace", 1), choice("talks", 2)))


def book(folder: Path, version: str, questions: str) -> Codebook:
    path = folder / f"v{version}.yaml"
    path.write_text(HEAD.format(version=version) + questions, "utf-8")
    return codebook.load(str(path))


def test_labels_stay_move_split_vanish_and_are_added(tmp_path: Path) -> None:
    changes = compare(book(tmp_path, "1", OLD), book(tmp_path, "2", NEW))
    stance, tags = changes.questions
    assert (stance.stay, stance.move) == (["favor"], {"against": "opposed"})
    assert (stance.split, stance.vanish, stance.added) == ({"neutral": ["balanced", "silent"]}, ["odd"], ["ironic"])
    assert (tags.stay, tags.vanish, tags.added) == (["peace"], ["war"], ["talks"])
    assert (changes.gone, changes.added, changes.all_faults) == (["note"], [], [])


def test_a_codebook_against_itself_only_stays(tmp_path: Path) -> None:
    same = compare(book(tmp_path, "1", OLD), book(tmp_path, "1", OLD))
    assert [question.stay for question in same.questions] == [["favor", "against", "neutral", "odd"], ["war", "peace"], []]
    assert not any(question.move or question.split or question.vanish or question.added for question in same.questions)
    assert not same.all_faults


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (STANCE % ", ".join(map(choice, ("against", "favor", "neutral", "odd"), range(4))), "'favor' moved from 0 to 1"),
        (STANCE % ", ".join(map(choice, ("favor", "against", "neutral", "new"), range(4))), "3 was 'odd' and is now 'new'"),
        (OLD.replace("type: single", "type: multiple"), "the type 'single' became 'multiple'"),
        (OLD.replace("code: 3,", "code: 3, replaces: [gone],"), "replaces 'gone', which the old version does not have"),
    ],
)
def test_what_breaks_a_released_dataset_is_a_fault(tmp_path: Path, questions: str, said: str) -> None:
    book(tmp_path, "1", OLD), book(tmp_path, "2", questions)
    done = warraq("codebook", "diff", str(tmp_path / "v1.yaml"), str(tmp_path / "v2.yaml"))
    assert done.returncode == 1
    assert said in done.stderr


def test_the_same_version_with_another_content_is_a_fault(tmp_path: Path) -> None:
    old = book(tmp_path, "1", OLD)
    assert "raise the version" in compare(old, book(tmp_path, "1", NEW)).faults[0]


def corpus(folder: Path) -> tuple[Workspace, Codebook]:
    """A corpus labelled under version 1, whose warraq.toml names version 2 now."""
    workspace.create(folder, "views")
    old = book(folder, "1", OLD)
    book(folder, "2", NEW)
    config = (folder / "warraq.toml").read_text("utf-8").replace('codebook = "news-stance"', 'codebook = "v2.yaml"')
    (folder / "warraq.toml").write_text(config, "utf-8")
    space = workspace.find(folder)
    items = [Item(short_id(str(n)), article(n).id, article(n).sha256, None, old.ref) for n in range(5)]
    judged = [
        annotation(items[0], "a-1", {"stance": "favor", "tags": ["war", "peace"], "note": "طويل"}),
        annotation(items[1], "a-1", {"stance": "against"}),
        annotation(items[2], "a-1", {"stance": "neutral"}),
        annotation(items[3], "a-1", {"stance": "odd", "tags": ["war"]}),
        annotation(items[4], "a-1", {}, status="skipped"),
    ]
    store.write(space.items, items)
    store.write_sorted(space.annotations, judged, key=lambda a: (a.item_id, a.id))
    return space, old


WHOLE = {"stance": {"neutral": "balanced", "odd": None}, "tags": {"war": None}, "note": None}


def test_nothing_is_guessed(tmp_path: Path) -> None:
    space, old = corpus(tmp_path)
    before = space.annotations.read_bytes()
    with pytest.raises(CheckError) as refused:
        migrate(space, old, {})
    for said in (
        "question 'note' is gone",
        "'neutral' splits into ['balanced', 'silent']",
        "'odd' vanishes",
        "'war' vanishes",
    ):
        assert said in str(refused.value)
    assert space.annotations.read_bytes() == before


@pytest.mark.parametrize(("old_label", "new_label"), [("neutral", "odd"), ("neutral", "nothing"), ("nothing", "favor")])
def test_a_map_names_labels_that_are_asked_for(tmp_path: Path, old_label: str, new_label: str) -> None:
    space, old = corpus(tmp_path)
    with pytest.raises(CorpusError, match="the map says stance"):
        migrate(space, old, {"stance": {old_label: new_label}})


def test_annotations_follow_the_map_and_what_lost_its_answer_is_kept_aside(tmp_path: Path) -> None:
    space, old = corpus(tmp_path)
    report = migrate(space, old, WHOLE)
    assert report == MigrateReport(
        old="views@1",
        new="views@2",
        annotations=5,
        already=0,
        migrated=4,
        unmigrated=1,
        items=5,
        answers={
            "stance": {"against → opposed": 1, "neutral → balanced": 1, "odd → dropped": 1},
            "tags": {"war → dropped": 2},
        },
    )
    items = {item.id: item for item in store.read(space.items, Item)}
    assert {item.codebook for item in items.values()} == {"views@2"}
    kept = {a.item_id: a for a in store.read(space.annotations, Annotation)}
    assert kept[short_id("0")].answers == {"stance": "favor", "tags": ["peace"]}
    assert kept[short_id("1")].answers == {"stance": "opposed"}
    assert kept[short_id("2")].answers == {"stance": "balanced"}
    assert kept[short_id("4")].status == "skipped"
    assert {a.codebook for a in kept.values()} == {"views@2"}
    (aside,) = store.read(tmp_path / "annotations.unmigrated.jsonl", Annotation)
    assert (aside.item_id, aside.answers, aside.codebook) == (short_id("3"), {"stance": "odd", "tags": ["war"]}, "views@1")


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    space, old = corpus(tmp_path)
    migrate(space, old, WHOLE)
    files = {path: path.read_bytes() for path in tmp_path.glob("*.jsonl")}
    again = migrate(space, old, WHOLE)
    assert (again.already, again.migrated, again.unmigrated, again.items) == (4, 0, 0, 0)
    assert {path: path.read_bytes() for path in tmp_path.glob("*.jsonl")} == files


def test_killed_between_the_files_it_goes_on(tmp_path: Path) -> None:
    space, old = corpus(tmp_path / "whole")
    migrate(space, old, WHOLE)
    halfway, _ = corpus(tmp_path / "half")
    whole = {path.name: path.read_bytes() for path in (tmp_path / "whole").glob("*.jsonl")}
    (halfway.root / "annotations.unmigrated.jsonl").write_bytes(whole["annotations.unmigrated.jsonl"])
    migrate(halfway, old, WHOLE)
    assert {path.name: path.read_bytes() for path in halfway.root.glob("*.jsonl")} == whole


def test_the_command_reads_a_map_and_says_what_it_did(tmp_path: Path) -> None:
    corpus(tmp_path)
    (tmp_path / "map.yaml").write_text("stance: {neutral: silent, odd: favor}\ntags: {war: null}\nnote: null\n", "utf-8")
    done = warraq("codebook", "migrate", "v1.yaml", "--map", "map.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "5 annotations = 5 migrated from views@1 to views@2 + 0 of it already + 0 to be judged again" in done.stdout
    (tmp_path / "map.yaml").write_text("stance: [neutral]\n", "utf-8")
    wrong = warraq("codebook", "migrate", "v1.yaml", "--map", "map.yaml", cwd=tmp_path)
    assert (wrong.returncode, "is not a map of labels" in wrong.stderr) == (2, True)


def test_the_guidelines_hold_every_shown_label_in_both_languages(tmp_path: Path) -> None:
    news = codebook.load("news-stance")
    page = warraq("codebook", "show", "news-stance").stdout
    for question in news.questions:
        for shown in question.shown:
            for language in ("ar", "en"):
                assert f"- **{shown.name[language]}**" in page
                assert all(example in page for example in shown.examples.get(language, []))
    retired = guidelines.markdown(book(tmp_path, "2", NEW))
    assert "**ironic**" in retired
    assert "**odd**" not in retired
    assert "odd" not in guidelines.html(book(tmp_path, "2", NEW), "en")
