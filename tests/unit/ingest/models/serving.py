"""A web server on this machine that sends files, in pieces when asked, and breaks off on demand."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class Site:
    """What is served and what was asked: `breaks_after` bytes once for each entry, then whole."""

    files: Mapping[str, bytes]
    url: str = ""
    ranges: bool = True
    hangs: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    breaks_after: list[int] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Site]:
    """A site that lives as long as the block; paths start with a slash."""
    site = Site(files=files)
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing: what was asked is kept in `asked`."""

        def do_GET(self) -> None:
            span = self.headers.get("Range", "")
            path = unquote(self.path)
            site.asked.append((path, span))
            if path not in site.files:
                self.send_error(404)
                return
            content = site.files[path]
            start = 0
            if site.ranges and (found := re.fullmatch(r"bytes=(\d+)-", span)):
                start = int(found[1])
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content) - start))
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            sent = site.breaks_after.pop(0) if site.breaks_after else len(content)
            self.wfile.write(content[start : start + sent])
            if site.hangs:
                self.wfile.flush()
                done.wait()

        do_HEAD = do_GET  # noqa: N815  the name is the base class's

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield site
        finally:
            done.set()
            server.shutdown()
            thread.join()
