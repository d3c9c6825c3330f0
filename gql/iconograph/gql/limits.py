"""How much one request may ask for, and the schema extensions that refuse more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    Source,
)
from graphql.language import Lexer, TokenKind
from graphql.validation import ASTValidationRule
from strawberry.extensions import AddValidationRules, SchemaExtension

from iconograph.graph.errors import LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from graphql import DocumentNode, SelectionSetNode

OPENING = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
CLOSING = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})
DEEPEST_NESTING = 60
"""Brackets within brackets; the parser would run out of stack some hundred deep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one request may ask for.

    `depth` counts the fields on the way to the deepest leaf, `tokens` the words and marks of the
    GraphQL document, `page_size` the items of a page or hits of a search, `text_characters` the
    length of a search text, and `objects` the works, images, regions and edges of one answer.
    """

    depth: int = 12
    aliases: int = 15
    tokens: int = 1500
    page_size: int = 100
    text_characters: int = 500
    objects: int = 20_000

    def require_page_size(self, first: int) -> int:
        """Give `first` back, or raise `LimitExceededError` unless it is 1 to `page_size`."""
        if not 1 <= first <= self.page_size:
            message = (
                f"`first` must be 1 to {self.page_size}, got {first}; "
                "ask for a page at a time and go on with `after`"
            )
            raise LimitExceededError(message)
        return first

    def require_text(self, text: str) -> str:
        """Give `text` back, or raise `LimitExceededError` when it is too long."""
        if len(text) > self.text_characters:
            message = (
                f"a search text has at most {self.text_characters} characters, got {len(text)}"
            )
            raise LimitExceededError(message)
        return text


@dataclass(slots=True, kw_only=True)
class Budget:
    """What is left of `Limits.objects` while one request is answered."""

    objects: int

    def spend(self, objects: int) -> None:
        """Count objects that go into the answer; raises `LimitExceededError` when it is too many."""
        self.objects -= objects
        if self.objects < 0:
            message = "the answer would hold too many objects; ask for smaller pages or less depth"
            raise LimitExceededError(message)


def limit_extensions(limits: Limits) -> list[Callable[[], SchemaExtension]]:
    """What refuses requests beyond the limits before they are executed; made anew for each."""
    rules = [depth_rule(limits.depth), alias_rule(limits.aliases)]
    return [partial(TokenLimit, limits.tokens), partial(AddValidationRules, rules)]


class TokenLimit(SchemaExtension):
    """Refuses a long or deeply nested document before it is parsed."""

    def __init__(self, most_tokens: int) -> None:
        self.most_tokens = most_tokens

    def on_operation(self) -> Iterator[None]:
        """Read through the document once, without keeping anything of it."""
        require_short(self.execution_context.query or "", most_tokens=self.most_tokens)
        yield


def require_short(document: str, *, most_tokens: int) -> None:
    """Raise a `GraphQLError` when a document has too many tokens or is nested too deeply.

    Text that is no GraphQL passes: the parser says better what is wrong with it.
    """
    lexer, nesting = Lexer(Source(document)), 0
    try:
        for _ in range(most_tokens + 1):
            kind = lexer.advance().kind
            if kind is TokenKind.EOF:
                return
            nesting += (kind in OPENING) - (kind in CLOSING)
            if nesting > DEEPEST_NESTING:
                message = f"the document nests brackets more than {DEEPEST_NESTING} deep"
                raise _refused(message)
    except GraphQLSyntaxError:
        return
    message = f"the document has more than the {most_tokens} tokens allowed"
    raise _refused(message)


def depth_rule(most: int) -> type[ASTValidationRule]:
    """A validation rule: no leaf lies deeper than `most` fields. Introspection is not counted."""

    class DepthRule(ASTValidationRule):
        def enter_document(self, document: DocumentNode, *_: object) -> None:
            depth = max(size.depth for size in operation_sizes(document))
            if depth > most:
                message = f"the query is {depth} fields deep; at most {most} are allowed"
                self.report_error(_refused(message))

    return DepthRule


def alias_rule(most: int) -> type[ASTValidationRule]:
    """A validation rule: at most `most` aliased fields, those in fragments counted at each use."""

    class AliasRule(ASTValidationRule):
        def enter_document(self, document: DocumentNode, *_: object) -> None:
            aliases = sum(size.aliases for size in operation_sizes(document))
            if aliases > most:
                message = f"the query has {aliases} aliases; at most {most} are allowed"
                self.report_error(_refused(message))

    return AliasRule


@dataclass(frozen=True, slots=True)
class Size:
    """How deep a selection goes and how many aliases it has, fragments spread out."""

    depth: int = 0
    aliases: int = 0


def operation_sizes(document: DocumentNode) -> list[Size]:
    """The size of each operation, or that of nothing when there is none."""
    fragments = {
        definition.name.value: definition.selection_set
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    measure = _Measure(fragments)
    return [
        measure.size_of(definition.selection_set)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ] or [Size()]


class _Measure:
    """Measures selections, and every fragment once, however often it is spread.

    Fragments that spread the next one twice would otherwise take time exponential in their number.
    A cycle counts as empty here; GraphQL's own validation refuses it.
    """

    def __init__(self, fragments: Mapping[str, SelectionSetNode]) -> None:
        self._fragments = fragments
        self._measured: dict[str, Size] = {}

    def size_of(self, selections: SelectionSetNode | None) -> Size:
        depth = aliases = 0
        for selection in selections.selections if selections else ():
            inner, own = Size(), 0
            if isinstance(selection, FragmentSpreadNode):
                inner = self._size_of_fragment(selection.name.value)
            elif isinstance(selection, InlineFragmentNode):
                inner = self.size_of(selection.selection_set)
            elif isinstance(selection, FieldNode) and not selection.name.value.startswith("__"):
                inner, own = self.size_of(selection.selection_set), 1
                aliases += selection.alias is not None
            depth, aliases = max(depth, own + inner.depth), aliases + inner.aliases
        return Size(depth, aliases)

    def _size_of_fragment(self, name: str) -> Size:
        if name not in self._measured:
            self._measured[name] = Size()
            self._measured[name] = self.size_of(self._fragments.get(name))
        return self._measured[name]


def _refused(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": LimitExceededError.code})
