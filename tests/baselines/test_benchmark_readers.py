"""Every set's own file format, with its traps, in small files written here; and what is said of a file that is wrong."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from baselines.benchmarks import READERS, Files
from baselines.benchmarks.data import rounds
from corpus import store
from corpus.errors import CheckError, CorpusError, WarraqError
from corpus.records import Article
from corpus.release.dataset.publish import publish
from corpus.workspace import Workspace

MAWQIF = (
    "\ufeffID,text,target,stance,sarcasm,sentiment,Date\r\n"
    "1, اللقاح آمن,Covid Vaccine,Favor,No,Positive,16/01/2021\r\n"
    '2,"سطر أول\nوسطر ثان، ""مقتبس""",Covid Vaccine,None,No,Neutral,\r\n'
    "3,اللقاحُ آمــن,Women empowerment,AGAINST,No,Negative,\r\n"
)
ANS = "s1,s2,stance\nارتفاع الأسعار,انخفاض الأسعار,disagree\nانخفاض الأسعار,الأسعار تنخفض,agree\nخبر,خبر آخر,other\n"
ARASTANCE = [
    {
        "filename": "f1",
        "claim": "الادعاء",
        "claim_url": "https://example.org",
        "article": ["مقال أول", "مقال ثان"],
        "stance": ["Agree", "Unrelated"],
        "article_title": ["عنوان", None],
    },
    {"claim": "ادعاء آخر", "article": "مقال وحيد", "stance": "Discuss"},
]
DOC = "<DOC>\n<DOCNO>{0}</DOCNO>\n<URL>http://x/{1}</URL>\n<CAT>{1}</CAT>\n<TITLE>{2}</TITLE>\n<TEXT>\n{3}\n</TEXT>\n</DOC>\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def test_mawqif_keeps_none_and_spelling_and_puts_copies_in_one_group(tmp_path: Path) -> None:
    found = READERS["mawqif"](Files(train=write(tmp_path / "train.csv", MAWQIF)))
    one, two, three = found.train.examples
    assert [e.label for e in (one, two, three)] == ["Favor", "None", "AGAINST"]
    assert (two.id, two.text, two.target) == ("2", 'سطر أول\nوسطر ثان، "مقتبس"', "Covid Vaccine")
    assert one.group == three.group != two.group  # folded, they are one text
    assert (found.kind, found.test, found.scored_on) == ("target", None, "training part, cross-validated")


def test_ans_joins_dev_to_training_only_if_there_is_a_test_part(tmp_path: Path) -> None:
    train, dev, test = (write(tmp_path / name, ANS) for name in ("train.csv", "dev.csv", "test.csv"))
    on_dev = READERS["ans"](Files(train=train, dev=dev))
    on_test = READERS["ans"](Files(train=train, dev=dev, test=test))
    assert (on_dev.scored_on, len(on_dev.train.examples)) == ("dev", 3)
    assert (on_test.scored_on, len(on_test.train.examples)) == ("test", 6)
    one, two, three = on_dev.train.examples
    assert (one.claim, one.text, one.label, one.id) == ("ارتفاع الأسعار", "انخفاض الأسعار", "disagree", "train:2")
    assert one.group == two.group != three.group  # a headline is the text of one pair and the claim of another


def test_arastance_takes_lists_and_single_articles(tmp_path: Path) -> None:
    lines = "\ufeff" + "\r\n".join(json.dumps(one, ensure_ascii=False) for one in ARASTANCE) + "\r\n\r\n"
    found = READERS["arastance"](Files(train=write(tmp_path / "train.jsonl", lines)))
    assert [(e.id, e.claim, e.title, e.text, e.label) for e in found.train.examples] == [
        ("train:1:0", "الادعاء", "عنوان", "مقال أول", "Agree"),
        ("train:1:1", "الادعاء", "", "مقال ثان", "Unrelated"),
        ("train:2:0", "ادعاء آخر", "", "مقال وحيد", "Discuss"),
    ]
    assert len({e.group for e in found.train.examples}) == 2


def unifiedfc(folder: Path, splits: str = "Fold_1: c1 c2\nFold_2: c3 lost\n") -> Path:
    for number in range(1, 5):
        claim = {"id": f"c{number}", "claim": f"ادعاء {number}", "fact": "true", "rationale": []}
        claim |= {"article": ["نص", "نص آخر"], "stance": ["agree", "unrelated"]}
        write(folder / "dataset" / f"c{number}.json", json.dumps(claim))
    write(folder / "train_test_splits.txt", splits)
    return folder


def test_unifiedfc_has_its_official_folds(tmp_path: Path) -> None:
    found = READERS["unifiedfc"](Files(data=unifiedfc(tmp_path)))
    assert found.fold == ("Fold_1",) * 4 + ("Fold_2",) * 2
    assert found.train.left_out == {"the claim is in no fold": 2, "a claim of a fold has no file": 1}
    (fit_on, opens), _ = rounds(found, found.train.examples, 1)
    assert [e.id for e in fit_on] == ["c3:0", "c3:1"]
    assert [e.id for e in opens().examples] == ["c1:0", "c1:1", "c2:0", "c2:1"]


TWEETS = "ID\tTarget\tTweet\tStance\tOpinion towards\tSentiment\r\n"


def test_semeval_reads_tabs_and_windows_letters_and_drops_subtask_b(tmp_path: Path) -> None:
    write(tmp_path / "readme.txt", "what is here")
    write(tmp_path / "trialdata-all-annotations.txt", TWEETS + "1\tAtheism\tamen\tAGAINST\tx\ty\r\n", "cp1252")
    train = '1\tAtheism\tamen\tAGAINST\tx\ty\r\n2\tAtheism\t"I’m sure\tNONE\tx\ty\r\n3\tHillary Clinton\tyes\tFAVOR\tx\ty\r\n'
    write(tmp_path / "trainingdata-all-annotations.txt", TWEETS + train, "cp1252")
    test = "7\tAtheism\tno god\tFAVOR\tx\ty\r\n8\tDonald Trump\tno\tNONE\tx\ty\r\n"
    write(tmp_path / "testdata-taskA-all-annotations.txt", TWEETS + test, "cp1252")
    write(tmp_path / "testdata-taskB-all-annotations.txt", TWEETS + "9\tDonald Trump\tno\tNONE\tx\ty\r\n", "cp1252")
    found = READERS["semeval2016"](Files(data=tmp_path))
    assert [(e.id, e.text, e.label) for e in found.train.examples] == [
        ("1", "amen", "AGAINST"),
        ("2", '"I’m sure', "NONE"),
        ("3", "yes", "FAVOR"),
    ]
    assert found.test is not None
    part = found.test()
    assert [(e.id, e.target) for e in part.examples] == [("7", "Atheism")]
    assert part.left_out == {"its target is of subtask B": 1}


def test_semeval_reads_the_packed_table_and_takes_gold_before_what_has_none(tmp_path: Path) -> None:
    table = 'Tweet,Target,Stance,Opinion Towards,Sentiment\r\n"well, no",Atheism,AGAINST,x,y\r\n"caf\xe9",Atheism,NONE,x,y\r\n'
    write(tmp_path / "StanceDataset" / "train.csv", table, "latin-1")
    write(tmp_path / "SemEval2016-Task6-subtaskA-testdata.txt", "ID\tTarget\tTweet\tStance\n1\tAtheism\ta\tUNKNOWN\n")
    write(tmp_path / "SemEval2016-Task6-subtaskA-testdata-gold.txt", "ID\tTarget\tTweet\tStance\n1\tAtheism\ta\tFAVOR\n")
    found = READERS["semeval2016"](Files(data=tmp_path))
    assert [e.text for e in found.train.examples] == ["well, no", "café"]
    assert found.test is not None and found.test().examples[0].label == "FAVOR"


def fnc1(folder: Path) -> Path:
    write(folder / "train_bodies.csv", 'Body ID,articleBody\n0,"first, body\n\nsecond line"\n4,another body\n')
    write(
        folder / "train_stances.csv",
        'Headline,Body ID,Stance\n"A ""quoted"" head",0,unrelated\nHead,4,agree\nHead,0,discuss\n',
    )
    write(folder / "competition_test_bodies.csv", "Body ID,articleBody\n1,test body\n")
    write(folder / "competition_test_stances.csv", "Headline,Body ID,Stance\nHead,1,disagree\n")
    return folder


def test_fnc1_joins_headlines_and_bodies(tmp_path: Path) -> None:
    found = READERS["fnc1"](Files(data=fnc1(tmp_path)))
    one, two, three = found.train.examples
    assert (one.claim, one.text, one.label) == ('A "quoted" head', "first, body\n\nsecond line", "unrelated")
    assert one.group == three.group != two.group
    assert found.test is not None and found.test().examples[0].text == "test body"
    (tmp_path / "competition_test_stances.csv").unlink()
    assert READERS["fnc1"](Files(data=tmp_path)).test is None


def ant(folder: Path) -> Path:
    text = "كلمة أولى ثم ثانية ثم ثالثة & رابعة"
    write(folder / "sport" / "b.txt", "\ufeff" + DOC.format("d2", "sport", "عنوان", text))
    write(folder / "culture" / "a.txt", DOC.format("d1", "culture", "عنوان", text).replace("\n", "\r\n"))
    write(folder / "culture" / "c.txt", DOC.format("d3", "culture", "خبر", "نص آخر") + DOC.format("d4", "", "بلا قسم", "نص"))
    write(folder / "culture" / "d.txt", DOC.format("d5", "culture", "", ""))
    write(folder / "culture" / "e.txt", DOC.format("d6", "culture", "عنوان", "نص"), "cp1256")
    write(folder / "readme.txt", "what is here")
    return folder


def packed(folder: Path, to: Path) -> Path:
    if to.suffix == ".zip":
        with zipfile.ZipFile(to, "w") as archive:
            for path in folder.rglob("*.txt"):
                archive.write(path, path.name)
        return to
    with tarfile.open(to, "w:xz") as tar:
        for path in folder.rglob("*.txt"):
            entry = tarfile.TarInfo(f"../{path.name}")  # nothing is unpacked, so the path does no harm
            entry.size = path.stat().st_size
            tar.addfile(entry, io.BytesIO(path.read_bytes()))
    return to


@pytest.mark.parametrize("form", ["folder", "ant.tar.xz", "ant.zip", "folder of an archive"])
def test_ant_reads_folders_and_archives_alike(form: str, tmp_path: Path) -> None:
    where = ant(tmp_path / "plain")
    if form != "folder":
        (tmp_path / "packed").mkdir()
        where = packed(where, tmp_path / "packed" / (form if "." in form else "ant.tar.xz"))
    found = READERS["ant"](Files(data=where.parent if form.startswith("folder of") else where))
    assert [(e.id, e.label) for e in found.train.examples] == [("d1", "culture"), ("d2", "sport"), ("d3", "culture")]
    one, two, three = found.train.examples
    assert (one.title, one.text) == ("عنوان", "كلمة أولى ثم ثانية ثم ثالثة & رابعة")
    assert one.group == two.group != three.group
    assert not any("http" in e.text + e.title or e.id in e.text for e in found.train.examples)
    assert sum(found.train.left_out.values()) == 3


def test_a_corpus_and_its_questions(corpus: Workspace) -> None:
    stance = READERS["corpus"](Files(data=corpus.root))
    assert (stance.kind, stance.labels, len(stance.train.examples)) == ("target", ("favor", "against", "neutral"), 18)
    one = stance.train.examples[0]
    assert one.target in ("جسر الوادي", "نادي النوارس") and one.phrases and one.title.startswith("خبر")
    topic = READERS["corpus"](Files(data=corpus.root, question="topic"))
    assert topic.kind == "topic" and topic.test is not None and len(topic.test().examples) == 6
    with pytest.raises(CorpusError, match="no question 'mood'; there are stance, topic"):
        READERS["corpus"](Files(data=corpus.root, question="mood"))


def test_a_release_gives_the_rows_of_its_corpus(corpus: Workspace) -> None:
    store.write(corpus.annotations, [])
    store.write(corpus.articles, sorted(store.read(corpus.articles, Article), key=lambda article: article.id))
    publish(corpus)
    for question in ("stance", "topic"):
        ours = READERS["release"](Files(data=corpus.release, question=question))
        theirs = READERS["corpus"](Files(data=corpus.root, question=question))
        assert ours.test is not None and theirs.test is not None
        for one, other in ((ours.train, theirs.train), (ours.test(), theirs.test())):
            alike = [sorted((e.title, e.text, e.label, e.target, e.group) for e in part.examples) for part in (one, other)]
            assert alike[0] == alike[1] and alike[0]
        assert (ours.kind, ours.labels) == (theirs.kind, theirs.labels)


FAULTS: dict[str, tuple[str, Callable[[Path], Files], str]] = {
    "no file": ("mawqif", lambda p: Files(train=p / "train.csv"), "train.csv is no file"),
    "no test file": ("ans", lambda p: Files(train=write(p / "a.csv", ANS), test=p / "b.csv"), "b.csv is no file"),
    "no call": ("ans", lambda p: Files(), "comes as files"),
    "folder wanted": ("ant", lambda p: Files(train=write(p / "a.csv", ANS)), "comes as a folder"),
    "empty": ("mawqif", lambda p: Files(train=write(p / "a.csv", " \n")), "is empty"),
    "header alone": ("ans", lambda p: Files(train=write(p / "a.csv", "s1,s2,stance\n")), "no rows"),
    "other set": ("mawqif", lambda p: Files(train=write(p / "a.csv", ANS)), "looks like a file of ans"),
    "other set too": ("ans", lambda p: Files(train=write(p / "a.csv", MAWQIF)), "looks like a file of mawqif"),
    "a table for JSON": ("arastance", lambda p: Files(train=write(p / "a.csv", ANS)), "looks like a file of ans"),
    "unknown label": (
        "ans",
        lambda p: Files(train=write(p / "a.csv", ANS.replace("other", "unrelated"))),
        "a.csv:4: got the label 'unrelated'; expected one of agree, disagree, other",
    ),
    "short row": ("ans", lambda p: Files(train=write(p / "a.csv", ANS + "alone\n")), "a.csv:5: 1 cells"),
    "not UTF-8": ("mawqif", lambda p: Files(train=write(p / "a.csv", MAWQIF[1:], "cp1256")), "is not text in utf-8"),
    "lists of two lengths": (
        "arastance",
        lambda p: Files(train=write(p / "a.jsonl", json.dumps(ARASTANCE[0] | {"stance": ["Agree"]}))),
        "a.jsonl:1: 2 articles, 1 stances",
    ),
    "no splits": ("unifiedfc", lambda p: Files(data=p), "no train_test_splits.txt"),
    "claim in two folds": ("unifiedfc", lambda p: Files(data=unifiedfc(p, "F1: c1 c2\nF2: c2 c3\n")), "in two folds"),
    "no training tweets": ("semeval2016", lambda p: Files(data=p), "says train"),
    "no bodies": ("fnc1", lambda p: Files(data=p), "no train_bodies.csv"),
    "no TREC": ("ant", lambda p: Files(data=p), "no <DOC> record"),
    "broken archive": ("ant", lambda p: Files(data=write(p / "a.tar.xz", "no archive")), "cannot be unpacked"),
    "no corpus": ("corpus", lambda p: Files(data=p), "not in a corpus folder"),
    "no release": ("release", lambda p: Files(data=p), "no single-choice question"),
    "no folder": ("fnc1", lambda p: Files(data=p / "none"), "does not exist"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said(fault: str, tmp_path: Path) -> None:
    name, files, said = FAULTS[fault]
    with pytest.raises(WarraqError) as caught:
        READERS[name](files(tmp_path))
    assert said in str(caught.value)


def test_one_group_cannot_be_cross_validated(tmp_path: Path) -> None:
    head, row = MAWQIF.splitlines(keepends=True)[:2]
    found = READERS["mawqif"](Files(train=write(tmp_path / "a.csv", head + row + row.replace("1,", "2,", 1))))
    with pytest.raises(CheckError, match="1 group"):
        rounds(found, found.train.examples, 1)
