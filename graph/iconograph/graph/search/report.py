"""An answer as a JSON record and in plain words; a pattern as a record and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iconograph.graph.errors import InvalidValueError, QueryError
from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.record import encoded
from iconograph.graph.model.region import Level
from iconograph.graph.search.pattern import Pattern, PatternEdge, PatternNode
from iconograph.graph.store.candidates import WorkFilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iconograph.graph.model.edge import Edge
    from iconograph.graph.search.answer import Answer, Hit, Match

Record = dict[str, Any]


def answer_record(answer: Answer) -> Record:
    """The answer as plain JSON types: query, pattern, results, timing_ms, notes and exact."""
    return {
        "query": answer.query,
        "pattern": pattern_record(answer.pattern),
        "results": [_hit_record(hit) for hit in answer.hits],
        "timing_ms": dict(answer.timing_ms),
        "notes": list(answer.notes),
        "exact": answer.exact,
    }


def pattern_record(pattern: Pattern) -> Record:
    """The pattern as plain JSON types; fields at their default are left out."""
    return {
        "nodes": [_node_record(node) for node in pattern.nodes],
        "edges": [_edge_record(edge) for edge in pattern.edges],
        "work_filter": encoded(pattern.work_filter),
        "min_confidence": pattern.min_confidence,
    }


def pattern_from_record(record: Record) -> Pattern:
    """The pattern that a record describes; raises `QueryError` naming what is wrong with it."""
    try:
        wanted = dict(record.get("work_filter", {}))
        lists = {name: tuple(v) for name, v in wanted.items() if isinstance(v, list)}
        return Pattern(
            nodes=tuple(_node(node) for node in record["nodes"]),
            edges=tuple(_edge(edge) for edge in record.get("edges", ())),
            work_filter=WorkFilter(**{**wanted, **lists}),
            min_confidence=float(record.get("min_confidence", 0.0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidValueError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        message = (
            f"the pattern cannot be used: {what}; expected nodes with role and phrase, and edges"
        )
        raise QueryError(message) from error


def explain_text(answer: Answer) -> str:
    """The why of each hit in plain words, after what was understood of the query."""
    lines = [f"understood: {pattern_text(answer.pattern)}"]
    for rank, hit in enumerate(answer.hits, start=1):
        lines += ["", *_hit_lines(rank, hit)]
    if not answer.hits:
        lines += ["", "nothing in the graph matches"]
    return "\n".join(lines)


def pattern_text(pattern: Pattern) -> str:
    """A pattern in one line: `[woman] holds [flower]; [woman] wears [veil]`."""
    in_edges = {role for edge in pattern.edges for role in (edge.subject, edge.object)}
    parts = [
        f"[{node.phrase}]{' if it is there' if node.optional else ''}"
        for node in pattern.nodes
        if node.role not in in_edges
    ]
    return "; ".join([*parts, *(relation_text(edge, pattern) for edge in pattern.edges)])


def relation_text(edge: PatternEdge, pattern: Pattern) -> str:
    """One edge of a pattern: `[woman] holds [flower]`."""
    phrases = {
        node.role: f"{node.count} x {node.phrase}" if node.count > 1 else node.phrase
        for node in pattern.nodes
    }
    words = " or ".join(
        [kind.words for kind in sorted(edge.kinds)]
        + [kind.inverse for kind in sorted(edge.backward)]
    )
    negation = "never " if edge.negated else ""
    mutual = ", and the other way" if edge.mutual else ""
    return f"[{phrases[edge.subject]}] {negation}{words} [{phrases[edge.object]}]{mutual}"


def _hit_record(hit: Hit) -> Record:
    record: Record = {
        "work_id": hit.work.id,
        "file": hit.image.file_name,
        "title": hit.work.title,
        "score": hit.score,
        "matches": [_match_record(match) for match in hit.matches],
        "relations": [_relation_record(edge) for edge in hit.edges],
    }
    if hit.missing:
        record["missing"] = [_edge_record(edge) for edge in hit.missing]
        record["because"] = hit.because
    return record


def _match_record(match: Match) -> Record:
    return {
        "role": match.role,
        "phrase": match.phrase,
        "region_id": match.region.id,
        "source_id": match.region.source_id,
        "label": match.region.label,
        "box_px": list(match.region.box.corners_px),
        "probability": match.probability,
        "scores": [encoded(score) for score in match.scores],
    }


def _relation_record(edge: Edge) -> Record:
    return {
        "kind": edge.kind.value,
        "subject": edge.subject_id,
        "object": edge.object_id,
        "confidence": edge.confidence,
        "layer": edge.layer.value,
        "method": edge.method,
        "evidence": encoded(edge.evidence),
    }


def _node_record(node: PatternNode) -> Record:
    record: Record = {"role": node.role, "phrase": node.phrase}
    if node.levels:
        record["levels"] = sorted(level.value for level in node.levels)
    if node.excluding:
        record["excluding"] = list(node.excluding)
    if node.count != 1:
        record["count"] = node.count
    if node.optional:
        record["optional"] = True
    return record


def _edge_record(edge: PatternEdge) -> Record:
    record: Record = {
        "subject": edge.subject,
        "kinds": sorted(kind.value for kind in edge.kinds),
        "object": edge.object,
    }
    if edge.backward:
        record["backward"] = sorted(kind.value for kind in edge.backward)
    flags = {"negated": edge.negated, "mutual": edge.mutual}
    return {**record, **{name: True for name, is_set in flags.items() if is_set}}


def _node(record: Record) -> PatternNode:
    return PatternNode(
        role=record["role"],
        phrase=record["phrase"],
        levels=frozenset(Level(level) for level in record.get("levels", ())),
        excluding=tuple(record.get("excluding", ())),
        count=int(record.get("count", 1)),
        optional=bool(record.get("optional", False)),
    )


def _edge(record: Record) -> PatternEdge:
    return PatternEdge(
        subject=record["subject"],
        kinds=frozenset(EdgeKind(kind) for kind in record["kinds"]),
        object=record["object"],
        backward=frozenset(EdgeKind(kind) for kind in record.get("backward", ())),
        negated=bool(record.get("negated", False)),
        mutual=bool(record.get("mutual", False)),
    )


def _hit_lines(rank: int, hit: Hit) -> Iterator[str]:
    yield f"{rank}. {hit.work.title} ({hit.image.file_name}), score {hit.score:.3f}"
    if hit.because:
        yield f"   {hit.because}"
    names = {match.region.id: match.region.label or match.phrase for match in hit.matches}
    for match in hit.matches:
        yield f"   “{match.phrase}” is region {match.region.id}, probability {match.probability:.2f}:"
        for score in match.scores:
            yield f"      {score.source} {score.probability:.2f}: {score.because}"
    for edge in hit.edges:
        subject = names.get(edge.subject_id, edge.subject_id)
        object_ = names.get(edge.object_id, edge.object_id)
        numbers = ", ".join(f"{name} {number:g}" for name, number in edge.evidence.numbers)
        yield (
            f"   {subject} {edge.kind.words} {object_}, confidence {edge.confidence:.2f}, "
            f"{edge.layer} by {edge.method}{f' ({numbers})' if numbers else ''}"
        )
