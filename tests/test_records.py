"""The records, their JSON Schemas, and ids."""

import hashlib
import json
from pathlib import Path

import jsonschema
import msgspec
import pytest
from golden import DATA, PAGES, golden

import schemas
from corpus import workspace
from corpus.articles.convert import convert
from corpus.curate.duplicates import duplicates
from corpus.curate.sample import sample
from corpus.curate.splits import split
from corpus.records import RECORDS, Article, short_id, text_sha256


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """Record files made by the real steps, from the sample corpus and the inputs with faults."""
    folder = tmp_path_factory.mktemp("records")
    workspace.create(folder)
    (folder / "targets.yaml").write_bytes((PAGES.parent / "targets.yaml").read_bytes())
    space = workspace.find(folder)
    convert(space, [PAGES, PAGES.parent / "trec", DATA / "lines"])
    duplicates(space)
    sample(space)
    split(space)
    return {
        "article": space.articles,
        "reject": space.rejects,
        "duplicate": space.duplicates,
        "item": space.items,
        "split": space.splits,
    }


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(schemas.schema_path(name).read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", ["article", "reject", "duplicate", "item", "split"])
def test_records_that_the_steps_wrote_are_valid_by_the_schema_that_ships(made, name):
    valid = validator(name)
    rows = [json.loads(line) for line in made[name].read_text("utf-8").splitlines()]
    assert rows
    for row in rows:
        valid.validate(row)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "XYZ"},
        {"id": None},
        {"extra": 1},
        {"text": None},
        {"keywords": [1]},
        {"blocks": [{"kind": "poem", "start": 0, "end": 1}]},
        {"blocks": [{"kind": "list", "start": -1, "end": 1}]},
        {"origin": {}},
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(made, change):
    row = json.loads(made["article"].read_text("utf-8").splitlines()[0]) | change
    assert not validator("article").is_valid(row)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(row).encode(), type=Article)


@pytest.mark.parametrize("path", list(golden()), ids=lambda path: path.name)
def test_golden_files_and_schemas_are_what_make_golden_would_write(path):
    assert path.read_bytes() == golden()[path], f"run `make golden` and read the diff of {path.name}"


def test_every_schema_that_ships_is_of_a_record():
    ours = {f"{name}.schema.json" for name in [*RECORDS, "masader"]}
    assert {path.name for path in schemas.ROOT.glob("*.schema.json")} == ours


@pytest.mark.parametrize("name", RECORDS)
def test_every_object_of_a_schema_says_what_it_is(name):
    assert all(of["description"] for of in validator(name).schema["$defs"].values())


def test_keys_are_written_in_the_order_that_the_design_gives(made):
    keys = list(json.loads(made["article"].read_text("utf-8").splitlines()[0]))
    assert " ".join(keys) == (
        "id url title text source author published section keywords language parent related blocks embeds sha256 origin"
    )


def test_ids_are_the_first_16_hex_digits_of_sha256():
    assert short_id("http://a.example/") == hashlib.sha256(b"http://a.example/").hexdigest()[:16]
    assert short_id("a", "bc") != short_id("ab", "c")
    assert text_sha256("ورّاق") == hashlib.sha256("ورّاق".encode()).hexdigest()
