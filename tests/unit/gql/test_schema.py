"""The published schema is what the snapshot says, and all of it is described."""

from __future__ import annotations

from pathlib import Path

from graphql import GraphQLEnumType, build_schema, is_introspection_type, is_specified_scalar_type

from iconograph.gql.sdl import print_sdl

SNAPSHOT = Path(__file__).parents[2] / "snapshots" / "schema.graphql"
RENEW = "python -m iconograph.gql.sdl > tests/snapshots/schema.graphql"


def test_the_schema_is_the_published_one() -> None:
    assert print_sdl() == SNAPSHOT.read_text(encoding="utf-8"), (
        "the GraphQL schema has changed, and clients depend on it; if that is meant, renew the "
        f"snapshot with: {RENEW}"
    )


def test_every_type_field_and_argument_is_described() -> None:
    bare = []
    for type_ in build_schema(print_sdl()).type_map.values():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        if not type_.description:
            bare.append(type_.name)
        if isinstance(type_, GraphQLEnumType):
            continue
        for name, field in getattr(type_, "fields", {}).items():
            if not field.description:
                bare.append(f"{type_.name}.{name}")
            bare += [
                f"{type_.name}.{name}({argument})"
                for argument, value in getattr(field, "args", {}).items()
                if not value.description
            ]

    assert bare == []
