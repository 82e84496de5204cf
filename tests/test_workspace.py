"""The corpus folder: made without overwriting, found from below, and wrong files named."""

import stat
import threading

import pytest

from corpus import workspace
from corpus.errors import CorpusError
from corpus.workspace import Workspace


def test_a_new_corpus_folder_can_be_used_at_once(tmp_path):
    root = tmp_path / "news"
    written = workspace.create(root)
    assert {path.name for path in written} == {"warraq.toml", "targets.yaml", ".gitignore"}
    space = workspace.find(root)
    assert (space.config.name, space.config.language, space.config.codebook) == ("news", "ar", "news-stance")
    assert space.targets() == [] and space.codebook().targets
    assert stat.S_IMODE((root / ".warraq").stat().st_mode) == 0o700


def test_the_templates_own_example_is_a_valid_target(tmp_path):
    workspace.create(tmp_path)
    lines = (tmp_path / "targets.yaml").read_text("utf-8").splitlines()
    example = [line.removeprefix("# ") for line in lines[lines.index("[]") + 1 :]]
    (tmp_path / "targets.yaml").write_text("\n".join(example), "utf-8")
    assert [target.id for target in workspace.find(tmp_path).targets()] == ["free-transit"]


def test_init_never_overwrites_and_says_what_it_wrote(tmp_path):
    workspace.create(tmp_path)
    for name in ("warraq.toml", "targets.yaml", ".gitignore"):
        (tmp_path / name).write_text(f"# mine: {name}\n")
    assert workspace.create(tmp_path, "other") == []
    assert all((tmp_path / name).read_text() == f"# mine: {name}\n" for name in ("warraq.toml", "targets.yaml", ".gitignore"))
    (tmp_path / "targets.yaml").unlink()
    assert workspace.create(tmp_path) == [tmp_path / "targets.yaml"]


@pytest.mark.parametrize("name", ["أخبار", 'a"b\\c', "a\nb", "x\x7f\x00", "a]b#c = 'd'", "\udcff"])
def test_any_name_makes_a_valid_file(tmp_path, name):
    workspace.create(tmp_path, name)
    kept = workspace.find(tmp_path).config.name
    assert kept == "".join(char for char in name if char.isprintable() and char not in '"\\')


def test_a_byte_order_mark_of_an_editor_does_no_harm(tmp_path):
    workspace.create(tmp_path, "tiny")
    for file in ("warraq.toml", "targets.yaml"):
        (tmp_path / file).write_bytes(b"\xef\xbb\xbf" + (tmp_path / file).read_bytes())
    assert (workspace.find(tmp_path).config.name, workspace.find(tmp_path).targets()) == ("tiny", [])


def test_a_corpus_folder_is_found_from_any_depth_and_the_nearest_one_wins(tmp_path):
    workspace.create(tmp_path / "outer")
    workspace.create(tmp_path / "outer" / "a" / "inner")
    deep = tmp_path / "outer" / "a" / "inner" / "pages" / "2024"
    deep.mkdir(parents=True)
    assert workspace.find(deep).config.name == "inner"
    assert workspace.find(tmp_path / "outer" / "a").config.name == "outer"


def test_outside_a_corpus_folder_the_error_says_how_to_make_one(tmp_path):
    with pytest.raises(CorpusError, match="warraq init") as error:
        workspace.find(tmp_path)
    assert str(tmp_path) in error.value.what and error.value.exit_code == 2


def test_a_corpus_cannot_be_made_where_a_file_is(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CorpusError, match="cannot be made a folder"):
            workspace.create(path)
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "name"),
        (b"name = ", "Invalid value"),
        (b"name = 1", "Expected `str`, got `int`"),
        (b'name = "x"\nlanguag = "ar"', "languag"),
        (b'name = "x"\n[split]\ntrain = "much"', "split.train"),
        (b'name = "\xff"', "utf-8"),
        (b'name = "x"\nname = "y"', "overwrite"),
    ],
)
def test_a_wrong_warraq_toml_is_named_with_what_is_wrong(tmp_path, content, said):
    (tmp_path / "warraq.toml").write_bytes(content)
    with pytest.raises(CorpusError) as error:
        workspace.find(tmp_path)
    assert str(tmp_path / "warraq.toml") in error.value.what and said in error.value.what and error.value.fix


TARGET = "- {id: a, kind: event, names: {ar: ا}, phrases: [ا]}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "null"),
        (b"{}", "object"),
        (b"- id: a", "names"),
        (b"[a", "flow sequence"),
        (b"\xff\xfe\x00", ""),
        (TARGET.replace("event", "river").encode(), "river"),
        (TARGET.replace("ar: ا", "en: A").encode(), "name in 'ar'"),
        (TARGET.replace("[ا]", "[]").encode(), "phrase"),
        (TARGET.replace("[ا]", "['  ']").encode(), "phrase"),
        (TARGET.replace("kind", "sort").encode(), "sort"),
        ((TARGET * 2).encode(), "twice"),
        (b"- !!python/object/apply:os.system ['true']", "tag"),
        (b"- &a [*a]", "array"),
    ],
)
def test_wrong_targets_are_named_with_what_is_wrong(corpus_folder, content, said):
    path = corpus_folder.root / "targets.yaml"
    path.write_bytes(content)
    with pytest.raises(CorpusError) as error:
        corpus_folder.targets()
    assert str(path) in error.value.what and said in error.value.what and error.value.fix


def test_missing_targets_are_an_error_not_an_empty_list(corpus_folder):
    (corpus_folder.root / "targets.yaml").unlink()
    with pytest.raises(CorpusError, match=r"targets\.yaml does not exist"):
        Workspace(corpus_folder.root).targets()


def test_of_two_runs_of_a_step_the_second_waits_or_is_refused(corpus_folder):
    order = []

    def second():
        with Workspace(corpus_folder.root).alone("push", wait=True):
            order.append("second")

    with corpus_folder.alone("push"):
        waiting = threading.Thread(target=second)
        waiting.start()
        with pytest.raises(CorpusError, match="another `warraq push` is running"), corpus_folder.alone("push"):
            pass
        with corpus_folder.alone("pull"):
            order.append("first")
    waiting.join(5)
    assert order == ["first", "second"]
