"""A real Neo4j Community server from its Maven artefacts, for tests and for a look with Browser.

`python tools/neo4j/server.py run` starts one in the foreground; `resolve` fetches the jars and says
which Java would run them. It needs a JDK and Maven, no Docker and no root; only the standard library.

The server listens on the loopback address only, keeps its files in one home folder (a temporary one
unless told otherwise) and ends with the process that started it. With NEO4J_PASSWORD set in the
environment, `run` switches authentication on for the user `neo4j`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

DEFAULT_VERSION = "5.26.30"
LOOPBACK = "127.0.0.1"
HERE = Path(__file__).parent
WAIT_S = 120
MAIN_CLASSES = ("org/neo4j/server/Neo4jCommunity", "org/neo4j/server/CommunityEntryPoint")
HOME_PREFIX = "iconograph-neo4j-"
# A parent may die without a word, so the child asks the kernel to end it then too (Linux only).
TIED_TO_PARENT = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # 1 is PR_SET_PDEATHSIG
os.execv(sys.argv[1], sys.argv[1:])
"""

# The magic number and the versions offered: 5.4, 5.0 and 4.0.
BOLT_HANDSHAKE = bytes.fromhex("6060b017" + "00000405" + "00000005" + "00000004" + "00000000")


class ServerUnavailableError(RuntimeError):
    """No server can be started here: no JDK that fits, no Maven, or it did not come up."""


def java_for(version: str) -> Path:
    """A `java` that runs a Neo4j version, from JAVA_HOME, from PATH, or from the folders beside those."""
    wanted = (17, 21) if version.startswith("5.") else (21, 25)
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("java")
    if on_path:
        homes.append(Path(on_path).resolve().parents[1])
    homes += [sibling for home in tuple(homes) for sibling in sorted(home.parent.iterdir())]
    for java in (home / "bin" / "java" for home in homes):
        if java.is_file() and _java_major(java) in wanted:
            return java
    message = (
        f"Neo4j {version} needs a JDK of version {wanted[0]} or {wanted[1]}; "
        "none was found at JAVA_HOME, on PATH or beside them"
    )
    raise ServerUnavailableError(message)


def jars_of(version: str) -> tuple[Path, ...]:
    """The server's class path; Maven is asked once for each version, then a cached list is used."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    listing = cache / "iconograph" / "neo4j" / version / "classpath.txt"
    if not listing.exists() or not all(jar.exists() for jar in _read_jars(listing)):
        _resolve(version, listing)
    return _read_jars(listing)


@dataclass(kw_only=True)
class Neo4jServer:
    """One server process and its home folder; a context manager that starts and stops it.

    Start it from the main thread: the kernel ends it with the thread that started it. Without a
    `home` it gets a temporary one that is thrown away, and is then killed rather than shut down,
    which would take 7 to 14 s. A port of 0 becomes a free one.
    """

    version: str = DEFAULT_VERSION
    home: Path | None = None
    bolt_port: int = 0
    http_port: int = 0
    browser: bool = False
    password: str = field(default="", repr=False)
    heap: str = "512m"
    page_cache: str = "128m"
    folder: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.folder = self.home or Path(tempfile.mkdtemp(prefix=f"{HOME_PREFIX}{os.getpid()}-"))
        self.bolt_port = self.bolt_port or _free_port()
        self.http_port = self.http_port or _free_port()

    @property
    def bolt_url(self) -> str:
        """Where drivers connect."""
        return f"bolt://{LOOPBACK}:{self.bolt_port}"

    @property
    def browser_url(self) -> str:
        """Where Neo4j Browser is, when it is on."""
        return f"http://{LOOPBACK}:{self.http_port}/browser/"

    def start(self) -> Self:
        """Start and wait until Bolt answers; raises `ServerUnavailableError` with the log's end."""
        try:
            java, jars = java_for(self.version), jars_of(self.version)
            self._write_settings()
            if self.password and not (self.folder / "data" / "dbms").exists():
                self._set_password(java, jars)
            arguments = [f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}"]
            command = self._command(java, jars, _main_class(jars, self.version), *arguments)
            with (self.folder / "logs" / "console.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", TIED_TO_PARENT, *command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def wait(self) -> None:
        """Wait until the server ends by itself."""
        if self._process:
            self._process.wait()

    def stop(self) -> None:
        """End the server, at once when its home is thrown away; stopping twice does nothing."""
        process, self._process = self._process, None
        if process and process.poll() is None:
            if self.home is None:
                process.kill()
            else:
                process.terminate()
            try:
                process.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.home is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _write_settings(self) -> None:
        for folder in ("conf", "data", "logs", "plugins", "import", "run"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        bolt, http = f"{LOOPBACK}:{self.bolt_port}", f"{LOOPBACK}:{self.http_port}"
        settings = {
            "server.bolt.listen_address": bolt,
            "server.bolt.advertised_address": bolt,
            "server.http.enabled": str(self.browser).lower(),
            "server.http.listen_address": http,
            "server.http.advertised_address": http,
            "server.memory.pagecache.size": self.page_cache,
            "dbms.security.auth_enabled": str(bool(self.password)).lower(),
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        shared = (HERE / "neo4j.conf").read_text()
        (self.folder / "conf" / "neo4j.conf").write_text(shared + lines)

    def _command(self, java: Path, jars: tuple[Path, ...], main: str, *arguments: str) -> list[str]:
        # A short session is over before the optimising compiler pays; SIMD needs that compiler.
        quick, vectorised = "-XX:TieredStopAtLevel=1", "--add-modules=jdk.incubator.vector"
        compiler = quick if self.home is None else vectorised
        options = [f"@{HERE / 'java.args'}", f"-Xms{self.heap}", f"-Xmx{self.heap}", compiler]
        return [str(java), *options, "-cp", os.pathsep.join(map(str, jars)), main, *arguments]

    def _set_password(self, java: Path, jars: tuple[Path, ...]) -> None:
        arguments = ("dbms", "set-initial-password", self.password)
        conf = {"NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}
        command = self._command(java, jars, "org.neo4j.cli.AdminTool", *arguments)
        done = subprocess.run(command, env={**os.environ, **conf}, capture_output=True, check=False)
        if done.returncode:
            message = f"no password set in {self.folder}: choose one of 8 characters or more"
            raise ServerUnavailableError(message)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + WAIT_S
        while self._process and self._process.poll() is None and time.monotonic() < end:
            if _bolt_answers(self.bolt_port):
                return
            time.sleep(0.1)
        logs = (self.folder / "logs" / name for name in ("neo4j.log", "console.log"))
        tail = "\n".join(log.read_text()[-1500:] for log in logs if log.exists())
        message = f"Neo4j {self.version} did not start:\n{tail}"
        raise ServerUnavailableError(message)


def sweep_homes() -> None:
    """Remove the temporary homes of processes that died before they could (Linux only)."""
    for home in Path(tempfile.gettempdir()).glob(f"{HOME_PREFIX}*-*"):
        owner = home.name.removeprefix(HOME_PREFIX).split("-")[0]
        if sys.platform == "linux" and not Path("/proc", owner).exists():
            shutil.rmtree(home, ignore_errors=True)


def _java_major(java: Path) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _read_jars(listing: Path) -> tuple[Path, ...]:
    return tuple(map(Path, listing.read_text().strip().split(os.pathsep)))


def _resolve(version: str, listing: Path) -> None:
    if not (maven := shutil.which("mvn")):
        message = "Maven is needed once to fetch Neo4j's jars, but `mvn` is not on PATH"
        raise ServerUnavailableError(message)
    listing.parent.mkdir(parents=True, exist_ok=True)
    pom = HERE / "pom.xml"
    unfinished = listing.with_suffix(f".{os.getpid()}")
    command = [maven, "-q", "-B", "-ntp", "-f", str(pom), f"-Dneo4j.version={version}"]
    command += ["dependency:build-classpath", f"-Dmdep.outputFile={unfinished}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"Maven could not resolve Neo4j {version}:\n{(done.stdout + done.stderr)[-1500:]}"
        raise ServerUnavailableError(message)
    unfinished.replace(listing)


def _main_class(jars: tuple[Path, ...], version: str) -> str:
    """The server's entry point, which has another name in 5.x than in 2026.x."""
    jar = next(jar for jar in jars if jar.name == f"neo4j-{version}.jar")
    inside = set(zipfile.ZipFile(jar).namelist())
    found = next(name for name in MAIN_CLASSES if f"{name}.class" in inside)
    return found.replace("/", ".")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _bolt_answers(port: int) -> bool:
    """Whether the server agrees on a Bolt version; an open port alone comes too early."""
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1) as connection:
        connection.sendall(BOLT_HANDSHAKE)
        return any(connection.recv(4))
    return False


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("command", choices=("run", "resolve"))
    parser.add_argument("--version", default=DEFAULT_VERSION, help="5.26.30 or 2026.08.1")
    parser.add_argument("--home", type=Path, help="keep the data here (default: thrown away)")
    parser.add_argument(
        "--bolt", type=int, default=0, help="port for drivers (default: a free one)"
    )
    parser.add_argument(
        "--http", type=int, default=0, help="port for Browser (default: a free one)"
    )
    wanted = parser.parse_args()
    if wanted.command == "resolve":
        print(f"{len(jars_of(wanted.version))} jars, {java_for(wanted.version)}")
        return 0
    sweep_homes()
    server = Neo4jServer(
        version=wanted.version,
        home=wanted.home and wanted.home.resolve(),
        bolt_port=wanted.bolt,
        http_port=wanted.http,
        browser=True,
        password=os.environ.get("NEO4J_PASSWORD", ""),
    )
    with contextlib.suppress(KeyboardInterrupt), server:
        print(f"READY {server.bolt_url} Browser {server.browser_url} (Ctrl-C stops it)", flush=True)
        server.wait()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServerUnavailableError as unavailable:
        sys.exit(f"error: {unavailable}")
