"""A driver to one Neo4j database, and its errors in our terms."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from neo4j import READ_ACCESS, WRITE_ACCESS, GraphDatabase
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Forbidden,
    Neo4jError,
    ServiceUnavailable,
)

from iconograph.graph.errors import (
    InputError,
    StoreUnavailableError,
    StoreWriteError,
)
from iconograph.graph.store.neo4j.server import VERSION, ServerVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from neo4j import Driver, ManagedTransaction, Session

T = TypeVar("T")
Rows = list[list[Any]]

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
ROUTES = ("index", "exact")
CONNECT_S = 5.0
RETRY_S = 15.0
"""How long a transaction that met a deadlock or a lost leader is tried again."""


class Connection:
    """A pool of connections to one database; any thread may use it."""

    def __init__(self, driver: Driver, *, url: str, read_only: bool) -> None:
        self.url = url
        self.read_only = read_only
        self._driver = driver
        with self.translated(StoreUnavailableError):
            driver.verify_connectivity()
        self.server = ServerVersion.parse(self.rows(VERSION)[0][0])

    @classmethod
    def open(cls, url: str, *, user: str, password: str, read_only: bool) -> Self:
        """Connect; raises `StoreUnavailableError` when there is no such server or it refuses.

        Raises `StoreVersionError` when the server is too old.
        """
        scheme = urlsplit(url).scheme
        if scheme not in SCHEMES:
            message = (
                f"Neo4j is reached by bolt:// or neo4j://, got {scheme}://; change the store URL"
            )
            raise StoreUnavailableError(message)
        driver = GraphDatabase.driver(
            url,
            auth=(user, password),
            connection_timeout=CONNECT_S,
            max_transaction_retry_time=RETRY_S,
            notifications_min_severity="OFF",
        )
        try:
            return cls(driver, url=url, read_only=read_only)
        except Exception:
            driver.close()
            raise

    def rows(self, statement: str, /, **parameters: object) -> Rows:
        """What one reading statement gives."""
        with self._session(StoreUnavailableError, READ_ACCESS) as session:
            return session.run(statement, parameters).values()

    def collected(self, statement: str, /, **parameters: object) -> list[Any]:
        """The list that a statement of one row and one column gives."""
        found: list[Any] = self.rows(statement, **parameters)[0][0]
        return found

    def read(self, work: Callable[[ManagedTransaction], T], /) -> T:
        """Run several reading statements on one state of the graph."""
        with self._session(StoreUnavailableError, READ_ACCESS) as session:
            return session.execute_read(work)

    def write(self, work: Callable[[ManagedTransaction], T], /) -> T:
        """Run statements in one transaction, all of them or none; `work` may be called again."""
        self._require_writable()
        with self._session(StoreWriteError, WRITE_ACCESS) as session:
            return session.execute_write(work)

    def change(self, statement: str, /, **parameters: object) -> None:
        """Run one statement that brings its own transaction, such as a change of the schema."""
        self._require_writable()
        with self._session(StoreWriteError, WRITE_ACCESS) as session:
            session.run(statement, parameters).consume()

    def close(self) -> None:
        """Close the pool; a second time does nothing."""
        self._driver.close()

    @contextmanager
    def translated(self, kind: type[StoreUnavailableError | StoreWriteError], /) -> Iterator[None]:
        """Turn the driver's errors into ours, with what to do about them."""
        try:
            yield
        except AuthError as error:
            message = (
                f"Neo4j at {self.url} refused the user name or the password; "
                "set NEO4J_USER and NEO4J_PASSWORD to those of the server"
            )
            raise StoreUnavailableError(message) from error
        except (ServiceUnavailable, ConfigurationError, OSError) as error:
            reason = str(error).partition("\n")[0].rstrip(":")
            message = (
                f"no Neo4j answers at {self.url}: {reason}; "
                "start the server, or correct host, port and scheme of the URL"
            )
            raise StoreUnavailableError(message) from error
        except Forbidden as error:
            message = f"the user may not do this at {self.url}: {error.message}"
            raise kind(message) from error
        except (Neo4jError, DriverError) as error:
            message = f"Neo4j at {self.url} could not do what was asked: {error}"
            raise kind(message) from error

    @contextmanager
    def _session(
        self, kind: type[StoreUnavailableError | StoreWriteError], access: str
    ) -> Iterator[Session]:
        with self.translated(kind), self._driver.session(default_access_mode=access) as session:
            yield session

    def _require_writable(self) -> None:
        if self.read_only:
            message = f"the store {self.url} was opened read-only; open it for writing"
            raise StoreWriteError(message)


def split_route(url: str) -> tuple[str, str]:
    """The address of a server and the route that its URL asks for: `bolt://host?route=exact`.

    Raises `InputError` for any other parameter.
    """
    parts = urlsplit(url)
    parameters = parse_qs(parts.query, keep_blank_values=True)
    route = parameters.pop("route", [ROUTES[0]])[-1]
    if parameters or route not in ROUTES:
        message = (
            f"a Neo4j URL takes only the parameter route, one of {', '.join(ROUTES)}; "
            f"got {parts.query!r}"
        )
        raise InputError(message)
    return parts._replace(query="").geturl(), route
