"""Asking a store from an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from typing import Any

import pytest

from iconograph.gql.context import Context, Knowledge
from iconograph.gql.limits import Limits
from iconograph.gql.reads import StoreReads
from iconograph.gql.schema import build_schema
from iconograph.gql.search_tools import SearchTools
from iconograph.graph.errors import StoreUnavailableError
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.store.port import GraphStore
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.builders import eden_bundle


class OneThreadStore(SqliteStore):
    thread_safe = False


class CountingStore(SqliteStore):
    """Counts the questions it is asked."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        if name in {"works_by_id", "images_by_id", "regions_by_id", "edges_of", "runs"}:
            self.asked[name] += 1
        return super().__getattribute__(name)


def test_a_store_for_one_thread_is_asked_one_question_at_a_time() -> None:
    running, together = [0], []

    def question(_: GraphStore) -> None:
        running[0] += 1
        together.append(running[0])
        time.sleep(0.01)
        running[0] -= 1

    async def ask_all(reads: StoreReads) -> None:
        await asyncio.gather(*(reads.ask(question) for _ in range(5)))

    with OneThreadStore.in_memory() as store:
        reads = StoreReads(store, threads=4)
        asyncio.run(ask_all(reads))
        reads.close()

    assert together == [1] * 5


def test_a_store_for_many_threads_is_asked_several_at_once() -> None:
    meeting = threading.Barrier(2, timeout=10)

    async def ask_two(reads: StoreReads) -> None:
        await asyncio.gather(*(reads.ask(lambda _: meeting.wait()) for _ in range(2)))

    with SqliteStore.in_memory() as store:
        reads = StoreReads(store, threads=2)
        asyncio.run(ask_two(reads))
        reads.close()


def test_a_question_given_up_while_waiting_is_never_asked() -> None:
    go_on, asked = threading.Event(), []

    async def give_up(reads: StoreReads) -> None:
        running = asyncio.create_task(reads.ask(lambda _: go_on.wait(timeout=10)))
        waiting = asyncio.create_task(reads.ask(lambda _: asked.append(1)))
        await asyncio.sleep(0)
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting
        go_on.set()
        await running

    with OneThreadStore.in_memory() as store:
        reads = StoreReads(store, threads=1)
        asyncio.run(give_up(reads))
        reads.close()

    assert asked == []


def test_what_a_question_raises_is_raised() -> None:
    def fail(_: GraphStore) -> None:
        message = "gone"
        raise StoreUnavailableError(message)

    with SqliteStore.in_memory() as store:
        reads = StoreReads(store, threads=1)
        with pytest.raises(StoreUnavailableError, match="gone"):
            asyncio.run(reads.ask(fail))
        reads.close()


def test_many_reads_become_one_question() -> None:
    query = """{ regions(first: 50) { nodes {
        image { work { title } } run { id } edges { subject { label } object { label } }
    } } }"""
    with CountingStore.in_memory() as store:
        for name in ("eden", "fall"):
            store.write(eden_bundle(name))
        reads = StoreReads(store, threads=1)
        tools = SearchTools(lexicon=load_lexicon())
        context = Context.of(Knowledge(reads=reads, tools=tools, limits=Limits()))
        result = asyncio.run(build_schema().execute(query, context_value=context))
        reads.close()

    assert result.errors is None
    assert result.data
    assert len(result.data["regions"]["nodes"]) == 8
    assert store.asked == dict.fromkeys(
        ("works_by_id", "images_by_id", "regions_by_id", "edges_of", "runs"), 1
    )
