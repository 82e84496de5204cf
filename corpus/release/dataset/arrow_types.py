"""The Arrow types of a record class, and the checks that an Arrow type does not make. Both follow from the class."""

from typing import cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import inspect


def schema(record: type[msgspec.Struct]) -> pa.Schema:
    """A column for each field of a record class, in their order. Integers have 32 bits: no number in an article comes near."""
    return pa.schema([(field.encode_name, _arrow(field.type)) for field in _fields(record)])


def check(batch: pa.RecordBatch, record: type[msgspec.Struct]) -> None:
    """Check that every row of a batch with that schema is such a record: UTF-8, nulls, patterns, least numbers, words allowed.

    Raises:
        pyarrow.ArrowInvalid: a row is none.
    """
    batch.validate(full=True)  # UTF-8, which Arrow's JSON reader takes on trust
    for field in _fields(record):
        _check(field.encode_name, batch[field.encode_name], field.type)


def _fields(record: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    return cast(inspect.StructType, inspect.type_info(record)).fields


def _arrow(kind: inspect.Type) -> pa.DataType:
    match kind:
        case inspect.Metadata():
            return _arrow(kind.type)
        case inspect.UnionType():
            return _arrow(_known(kind))
        case inspect.StructType():
            return pa.struct([(field.encode_name, _arrow(field.type)) for field in kind.fields])
        case inspect.ListType():
            return pa.list_(_arrow(kind.item_type))
        case inspect.IntType():
            return pa.int32()
        case inspect.StrType() | inspect.LiteralType():
            return pa.string()
    raise TypeError(f"no Arrow type for {kind}")


def _known(kind: inspect.UnionType) -> inspect.Type:
    """What a field holds that may be null."""
    (known,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
    return known


def _check(name: str, values: pa.Array, kind: inspect.Type) -> None:
    fits = True
    match kind:
        case inspect.UnionType():
            _check(name, values.drop_null(), _known(kind))
        case _ if values.null_count:
            raise pa.ArrowInvalid(f"{name} is null")
        case inspect.Metadata():
            _check(name, values, kind.type)
        case inspect.StructType():
            for field, part in zip(kind.fields, values.flatten(), strict=True):
                _check(f"{name}.{field.encode_name}", part, field.type)
        case inspect.ListType():
            _check(f"{name}[]", values.flatten(), kind.item_type)
        case inspect.StrType(pattern=str(pattern)):
            fits = pc.all(pc.match_substring_regex(values, pattern), min_count=0).as_py()
        case inspect.IntType(ge=int(least)):
            fits = pc.all(pc.greater_equal(values, least), min_count=0).as_py()
        case inspect.LiteralType():
            fits = pc.all(pc.is_in(values, pa.array(kind.values)), min_count=0).as_py()
    if not fits:
        raise pa.ArrowInvalid(f"{name} has a value that its record does not take")
