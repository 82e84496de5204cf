"""The fields of a TREC record: what stands between a tag and the next end of it."""

import io
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.articles import trec
from corpus.articles.draft import Fault

PLAIN = re.compile(r"<(DOCNO|URL|SRC|CAT|TITLE|TIME|AUTHOR|ABSTRACT|TEXT)>(.*?)</\1>", re.DOTALL)
PIECES = ["<TEXT>", "</TEXT>", "<TITLE>", "</TITLE>", "</TEX", "<DOC>", "<", "</", ">", "\n", "\r\n", "a < b", "نص"]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_fields_are_those_of_the_plain_expression(text):
    assert trec._fields(text) == dict(PLAIN.findall(text))


def test_a_million_tags_without_an_end_are_one_empty_record_within_a_second():
    (fault,) = trec.read(io.BytesIO(b"<DOC>" + b"<TEXT>" * 10**6 + b"</DOC>"))
    assert isinstance(fault, Fault) and fault.reason == "empty_text"
