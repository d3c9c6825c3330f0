"""What is known of a model: where its files come from, their hashes, licence and use."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from iconograph.graph.errors import InvalidValueError

SOURCE_KINDS = ("pypi", "npm", "https", "http", "hub", "folder", "installed", "shipped")
PROFILES = ("mini", "laptop", "full")
FORMATS = (".json", ".onnx", ".safetensors", ".tflite", ".toml", ".txt")
"""Endings of files that are read as data; formats that can run code when read are refused."""

CONVERSIONS = ("tfjs-graph@1",)
"""The number rises when the same files are converted otherwise: converted files are made anew."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A file of a model: its name in the cache, its path in the source, and what it must be."""

    name: str
    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How the pulled files become the file `to` that is run; made once, on the user's machine.

    With `free_size` the input's height and width are left open (multiples of `size_step_px`), and
    `outputs` names the graph's nodes that are answered, those of its signature when empty.
    """

    kind: str
    to: str
    free_size: bool = False
    outputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require(self.kind in CONVERSIONS, "conversion.kind", self.kind, ", ".join(CONVERSIONS))
        _require(self.to.endswith(".onnx"), "conversion.to", self.to, "a name ending in .onnx")
        _require_plain_name("conversion.to", self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """A model: `source` is `kind:place`, pinned by `revision`, each file pinned by its SHA-256.

    ==============  ===========================================================================
    source          what it names; `path` of a file is its path in there
    ==============  ===========================================================================
    pypi:NAME       the wheel of a Python package; `wheel_tag` picks one built for some platform
    npm:NAME        the tarball of an npm package
    https:ADDRESS   a folder on the web, `https://...`; `http:` only on this machine itself
    hub:OWNER/NAME  a repository of a model hub, at the commit `revision`
    folder:PATH     a folder on this machine
    installed:NAME  an installed Python package, the one of our extra `extra`
    shipped         our own wheel
    ==============  ===========================================================================

    `archive_sha256` and `archive_size_bytes` pin the wheel or tarball itself. `input_size_px` is
    width and height of the pictures the model takes, None where any size or no picture will do;
    `space` and `dim` are those of an encoder's vectors. `licence_note` is shown before a pull.
    Raises `InvalidValueError` for a value that cannot be, and for files that could run code.
    """

    name: str
    task: str
    source: str
    revision: str
    files: tuple[ModelFile, ...]
    licence: str
    licence_note: str = ""
    profiles: tuple[str, ...] = ()
    input_size_px: tuple[int, int] | None = None
    space: str = ""
    dim: int = 0
    extra: str = ""
    wheel_tag: str = ""
    archive_sha256: str = ""
    archive_size_bytes: int = 0
    conversion: Conversion | None = None

    def __post_init__(self) -> None:
        _require(_NAME.fullmatch(self.name) is not None, "name", self.name, "a-z, 0-9, . _ -")
        for field in ("task", "licence"):
            value = getattr(self, field)
            _require(bool(value.strip()), f"{self.name}.{field}", value, "some text")
        _require_source(self)
        _require(bool(self.files), f"{self.name}.files", self.files, "at least one file")
        names = [file.name for file in self.files]
        _require(len(set(names)) == len(names), f"{self.name}.files", names, "distinct names")
        for file in self.files:
            _require_file(self, file)
        unknown = sorted(set(self.profiles) - set(PROFILES))
        _require(not unknown, f"{self.name}.profiles", unknown, ", ".join(PROFILES))

    @property
    def source_kind(self) -> str:
        """The part of the source before the colon."""
        return self.source.partition(":")[0]

    @property
    def source_place(self) -> str:
        """The part of the source after the colon; the whole address for `https:`."""
        kind, _, place = self.source.partition(":")
        return self.source if kind in ("https", "http") else place

    @property
    def size_bytes(self) -> int:
        """What all files take together."""
        return sum(file.size_bytes for file in self.files)

    @property
    def sha256(self) -> str:
        """The hash of the model: its file's, or that of the list of several files' hashes."""
        if len(self.files) == 1 and self.conversion is None:
            return self.files[0].sha256
        lines = [f"{file.sha256} {file.name}" for file in sorted(self.files, key=_file_name)]
        lines += [] if self.conversion is None else [repr(self.conversion)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _file_name(file: ModelFile) -> str:
    return file.name


def _require_source(record: ModelRecord) -> None:
    kind, place = record.source_kind, record.source_place
    field = f"{record.name}.source"
    expected = "one of " + ", ".join(f"{kind}:" for kind in SOURCE_KINDS[:-1]) + " or shipped"
    _require(kind in SOURCE_KINDS, field, record.source, expected)
    _require(bool(place) or kind == "shipped", field, record.source, f"{kind}:PLACE")
    if kind == "http":
        on_this_machine = re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])[:/]", place)
        _require(on_this_machine is not None, field, record.source, "https://...")
    if kind == "https":
        _require(place.startswith("https://"), field, record.source, "https://...")
    if kind in ("pypi", "npm", "hub", "installed"):
        _require(bool(record.revision), f"{record.name}.revision", "none", "a pinned revision")


def _require_file(record: ModelRecord, file: ModelFile) -> None:
    field = f"{record.name}.files {file.name!r}"
    _require_plain_name(field, file.name)
    parts = PurePosixPath(file.path).parts
    inside = bool(parts) and ".." not in parts and not PurePosixPath(file.path).is_absolute()
    _require(inside, f"{field} path", file.path, "a path inside the source")
    _require(_SHA256.fullmatch(file.sha256) is not None, f"{field} sha256", file.sha256, "64 hex")
    _require(file.size_bytes > 0, f"{field} size_bytes", file.size_bytes, "more than 0")
    # Weights of a graph model are plain numbers; elsewhere .bin is mostly a pickle.
    formats = (*FORMATS, ".bin") if record.conversion else FORMATS
    readable = file.name.endswith(formats)
    _require(readable, field, file.name, f"{', '.join(formats)}; others could run code when read")


def _require_plain_name(field: str, name: str) -> None:
    plain = name == PurePosixPath(name).name and "\\" not in name and not name.startswith(".")
    _require(plain and bool(name), field, name, "a file name without folders")


def _require(holds: bool, field: str, found: object, expected: str) -> None:  # noqa: FBT001
    if not holds:
        message = f"model record: {field} is {found!r}, expected {expected}"
        raise InvalidValueError(message)
