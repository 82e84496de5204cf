"""The command line as people meet it: help, exit codes, `--json`, and what it says when the order or the call is wrong."""

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from run_warraq import WARRAQ, warraq

ORDER = "init codebook convert duplicates sample studio push status pull agreement resolve adjudicate split train predict "
ORDER += "publish card verify diff rehydrate benchmark doctor demo"
GROUPS = {"studio": ("start", "stop", "status", "install", "user add"), "codebook": ("show", "diff", "migrate")}
COMMANDS = [[name] for name in ORDER.split() if name not in GROUPS]
COMMANDS += [[group, *name.split()] for group, names in GROUPS.items() for name in names]
ANYWHERE = {"init", "verify", "diff", "rehydrate", "benchmark", "doctor", "demo", *GROUPS}
"""Commands that need no corpus folder, or not for all that they do."""
IN_A_CORPUS = [["convert", "."], *([name] for name in ORDER.split()[3:] if name not in ANYWHERE), ["studio", "status"]]
HEAVY = {"sklearn", "datasets", "label_studio_sdk", "pyarrow", "scipy", "numpy", "httpx", "pandas"}
PAGE = '{"title": "عنوان", "text": "نص قصير عن مجانية النقل في المدينة اليوم.", "url": "https://example.org/%d"}\n'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    assert warraq("init", str(tmp_path / "c")).returncode == 0
    return tmp_path / "c"


def convert(corpus: Path, text: str = PAGE % 1, *options: str) -> subprocess.CompletedProcess[str]:
    (corpus.parent / "in.jsonl").write_text(text, "utf-8")
    return warraq("-C", str(corpus), "convert", str(corpus.parent / "in.jsonl"), *options)


def name_a_target(corpus: Path) -> None:
    target = "- {id: transit, kind: policy, names: {ar: النقل, en: Transit}, phrases: [مجانية النقل]}\n"
    (corpus / "targets.yaml").write_text(target, "utf-8")


def test_help_lists_the_commands_in_the_order_of_the_trade() -> None:
    done = warraq("--help")
    assert done.returncode == 0
    assert re.findall(r"^│ (\w+)  ", done.stdout, re.MULTILINE) == ORDER.split()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_commands_help_has_an_example_of_itself_and_json(command: list[str]) -> None:
    done = warraq(*command, "--help")
    example = re.search(r"Example: (.+)", done.stdout)
    assert done.returncode == 0 and example
    assert shlex.split(example[1])[: 1 + len(command)] == ["warraq", *command]
    assert "--json" in done.stdout or command == ["demo"]


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['warraq', '--help']\nfrom scripts.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY []"


@pytest.mark.parametrize("command", IN_A_CORPUS, ids=" ".join)
def test_outside_a_corpus_folder_every_command_says_so(tmp_path: Path, command: list[str]) -> None:
    done = warraq(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path.resolve()} is not in a corpus folder" in done.stderr and "warraq init DIR" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (["duplicates"], "warraq convert"),
        (["sample"], "warraq convert|targets.yaml"),
        (["agreement"], "warraq (sample|pull)"),
        (["resolve"], "warraq (sample|pull)"),
        (["split"], "warraq convert"),
        (["train"], "warraq (resolve|convert)"),
        (["publish"], "warraq (convert|sample)"),
        (["card"], "warraq publish"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_command_too_early_names_the_one_to_run(corpus: Path, command: list[str], names: str) -> None:
    before = sorted(path.name for path in corpus.rglob("*"))
    done = warraq("-C", str(corpus), *command)
    assert done.returncode in (1, 2) and done.stdout == ""
    assert re.search(f"To mend it: .*({names})", done.stderr), done.stderr
    assert sorted(path.name for path in corpus.rglob("*")) == before


def test_too_early_in_the_middle_of_the_trade(corpus: Path) -> None:
    convert(corpus)
    done = warraq("-C", str(corpus), "sample")
    assert done.returncode == 1 and "targets.yaml" in done.stderr, "no target is named yet"
    name_a_target(corpus)
    assert warraq("-C", str(corpus), "sample").returncode == 0
    for command, code, named in (
        ("push", 3, "warraq studio start"),
        ("agreement", 2, "warraq pull"),
        ("resolve", 2, "warraq pull"),
        ("train", 2, "warraq resolve"),
    ):
        done = warraq("-C", str(corpus), command)
        assert done.returncode == code and named in done.stderr, (command, done.stderr)


@pytest.mark.parametrize(
    ("line", "instead", "says"),
    [
        ('name = "c"', "name = ", "warraq.toml is not valid"),
        ('name = "c"', "", "name"),
        ('name = "c"', 'name = "c"\nnmae = 1', "nmae"),
        ("seed = 1", 'seed = "one"', "seed"),
        ('codebook = "news-stance"', 'codebook = "no-such"', "there is no codebook 'no-such'"),
        ('codebook = "news-stance"', 'codebook = "../warraq.toml"', "codebook"),
    ],
)
def test_a_wrong_setting_ends_with_2_and_is_named(corpus: Path, line: str, instead: str, says: str) -> None:
    config = corpus / "warraq.toml"
    assert line in config.read_text("utf-8")
    config.write_text(config.read_text("utf-8").replace(line, instead), "utf-8")
    convert_first = says.startswith("there is") or "codebook" in line
    if convert_first:
        convert(corpus)
    done = warraq("-C", str(corpus), "sample")
    assert done.returncode == 2 and says in done.stderr and "To mend it" in done.stderr


def test_settings_that_are_no_text_are_refused(corpus: Path) -> None:
    (corpus / "warraq.toml").write_bytes(b'name = "\xff\xfe"')
    done = warraq("-C", str(corpus), "sample")
    assert done.returncode == 2 and "warraq.toml" in done.stderr


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"- {id: [", b"- 5", b"{}", b"- {id: a, kind: mood, names: {}, phrases: []}"]
)
def test_wrong_targets_are_refused(corpus: Path, content: bytes) -> None:
    convert(corpus)
    (corpus / "targets.yaml").write_bytes(content)
    done = warraq("-C", str(corpus), "sample")
    assert done.returncode == 2 and "targets.yaml" in done.stderr


def test_a_missing_path_and_a_missing_folder_end_with_2(corpus: Path) -> None:
    done = warraq("-C", str(corpus), "convert", str(corpus / "nowhere"))
    assert done.returncode == 2 and "nowhere" in done.stderr
    done = warraq("-C", str(corpus / "nowhere"), "status")
    assert done.returncode == 2 and "nowhere" in done.stderr, "not quietly the corpus above it"
    done = warraq("-C", str(corpus / "warraq.toml"), "status")
    assert done.returncode == 2
    assert warraq("convert", cwd=corpus).returncode == 2
    assert warraq("no-such-command").returncode == 2
    assert warraq("sample", "--n", "0", cwd=corpus).returncode == 2


def test_strict_ends_with_1_if_a_record_was_rejected(corpus: Path) -> None:
    assert convert(corpus, PAGE % 1, "--strict").returncode == 0
    done = convert(corpus, PAGE % 1 + "not json\n", "--strict")
    assert done.returncode == 1 and "rejects.jsonl" in done.stderr
    assert "2 records in 1 files = 1 articles + 1 rejected" in done.stdout
    done = convert(corpus, PAGE % 1 + "not json\n")
    assert (done.returncode, done.stderr) == (0, "")


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    corpus = tmp_path / "c"
    made = json.loads(warraq("init", str(corpus), "--json").stdout)
    assert sorted(Path(path).name for path in made["written"]) == [".gitignore", "targets.yaml", "warraq.toml"]
    name_a_target(corpus)
    done = convert(corpus, PAGE % 1 + PAGE % 2 + "not json\n", "--strict", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1, "the report is printed, then the check fails"
    assert report["records"] == report["articles"] + report["rejected"] == 3
    for command, key, value in (("duplicates", "articles", 2), ("sample", "items", 1)):
        done = warraq("-C", str(corpus), command, "--json")
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
        assert json.loads(done.stdout)[key] == value
    assert json.loads(warraq("-C", str(corpus), "studio", "stop", "--json").stdout) == {"stopped": False}
    done = warraq("-C", str(corpus), "studio", "status", "--json")
    assert (done.returncode, done.stdout) == (1, "") and "warraq studio start" in done.stderr


def test_init_never_overwrites(corpus: Path) -> None:
    (corpus / "targets.yaml").write_text("mine", "utf-8")
    before = (corpus / "warraq.toml").read_bytes()
    done = warraq("init", str(corpus), "--name", "other")
    assert done.returncode == 0 and "wrote" not in done.stdout
    assert (corpus / "targets.yaml").read_text() == "mine" and (corpus / "warraq.toml").read_bytes() == before
    assert stat.S_IMODE((corpus / ".warraq").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ['quote " and \\', "اسم عربي", "line\nbreak", "", "[table]\x01"])
def test_a_corpus_may_have_any_name(tmp_path: Path, name: str) -> None:
    assert warraq("init", str(tmp_path / "c"), "--name", name).returncode == 0
    done = warraq("-C", str(tmp_path / "c"), "sample")
    assert "warraq convert" in done.stderr, "its warraq.toml is valid"


def test_init_where_a_file_stands_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        done = warraq("init", str(place))
        assert done.returncode == 2 and str(tmp_path / "file") in done.stderr


def test_a_place_that_cannot_be_written_is_an_error(corpus: Path) -> None:
    convert(corpus)
    (corpus / "items.jsonl").mkdir()
    name_a_target(corpus)
    done = warraq("-C", str(corpus), "sample")
    assert done.returncode == 2 and "items.jsonl" in done.stderr and "To mend it" in done.stderr


def test_a_broken_record_file_is_named_with_its_line(corpus: Path) -> None:
    convert(corpus)
    name_a_target(corpus)
    with (corpus / "articles.jsonl").open("ab") as file:
        file.write(b'{"id": "short"}\n')
    done = warraq("-C", str(corpus), "sample")
    assert done.returncode == 2 and "articles.jsonl:2:" in done.stderr


def test_the_corpus_is_found_from_a_folder_below(corpus: Path) -> None:
    (corpus / "deep" / "down").mkdir(parents=True)
    convert(corpus)
    assert "1 articles" in warraq("duplicates", cwd=corpus / "deep" / "down").stdout


@pytest.mark.parametrize("command", [["--help"], ["convert", "--explain"], ["convert", "--explain", "--json"]], ids=" ".join)
def test_a_reader_that_goes_away_is_no_error(corpus: Path, command: list[str]) -> None:
    page = corpus.parent / "in.jsonl"
    page.write_text("".join(PAGE % number for number in range(100)), "utf-8")
    command = [WARRAQ, "-C", corpus, *command, *([page] if "convert" in command else [])]
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE) as done:
        os.close(write)
        assert done.communicate()[1] == b""


def test_ctrl_c_is_130_and_one_line_and_no_traceback(tmp_path: Path) -> None:
    waits, other = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    os.mkfifo(waits)
    other.write_text('{"text": "a"}\n')
    command = [WARRAQ, "split", "--audit", waits, other]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as done, waits.open("wb"):
        done.send_signal(signal.SIGINT)  # the pipe opens when the command reads from it
        out, said = done.communicate(timeout=60)
    assert (done.returncode, out, said.count("\n")) == (130, "", 1) and "run the same command again" in said


def test_a_terminal_without_arabic_gets_escapes_and_json_stays_utf_8(corpus: Path) -> None:
    convert(corpus)
    (corpus / "targets.yaml").write_text("- {id: نقل, kind: policy, names: {ar: النقل}, phrases: [مجانية النقل]}\n", "utf-8")
    for encoding in ("ascii", "iso8859-6"):
        done = warraq("-C", str(corpus), "sample", "--json", PYTHONIOENCODING=encoding)
        assert done.returncode == 0 and json.loads(done.stdout)["per_target"] == {"نقل": 1}
    done = warraq("-C", str(corpus), "sample", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and r"1 \u0646\u0642\u0644" in done.stdout


def test_output_that_does_not_fit_on_the_disk_is_an_error(corpus: Path) -> None:
    convert(corpus)
    for options in ([], ["--json"]):
        with Path("/dev/full").open("wb") as full:
            command = [WARRAQ, "-C", corpus, "duplicates", *options]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 2 and "disk has room" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_corpus_that_cannot_be_written_is_an_error(corpus: Path) -> None:
    convert(corpus)
    (corpus / ".warraq").chmod(0o500)
    done = warraq("-C", str(corpus), "duplicates")
    assert done.returncode == 2 and str(corpus / ".warraq") in done.stderr and "may read and write" in done.stderr


def test_help_fits_a_narrow_terminal(corpus: Path) -> None:
    done = warraq("convert", "--help", COLUMNS="40")
    assert done.returncode == 0 and max(map(len, done.stdout.splitlines())) <= 40
