"""Every error that Iconograph raises on purpose.

::

    IconographError
    ├── InvalidValueError          a value that cannot exist (also a ValueError)
    ├── InputError                 something a user supplied cannot be used
    │   ├── PictureError           a picture file
    │   ├── AnnotationError        an annotation file or one annotation in it
    │   ├── MetadataError          a table of works
    │   └── QueryError             a search text or pattern
    │       └── LimitExceededError it asks for more than is allowed
    ├── StoreError                 the graph store
    │   ├── StoreUnavailableError  cannot be reached, or refused the credentials
    │   ├── StoreVersionError      schema or server version does not fit
    │   ├── StoreWriteError        read-only, full disk, broken transaction
    │   ├── VectorSpaceError       a vector of another space or size
    │   └── NotFoundError          no such work, image, region or edge
    ├── MissingExtraError          an optional package is not installed
    ├── MissingModelError          model files are not where they should be
    └── ModelError                 a model failed on a picture
        ├── ModelOutputError       it answered something that cannot be
        └── ModelMemoryError       it needs more memory than there is

Each message says what was found, what was expected and what to do.
"""

from __future__ import annotations

from typing import ClassVar


class IconographError(Exception):
    """Base of all errors of this project; `code` is stable and meant for programs."""

    code: ClassVar[str] = "ERROR"


class InvalidValueError(IconographError, ValueError):
    """A value that cannot exist, refused at construction."""

    code = "INVALID_VALUE"


class InputError(IconographError):
    """Something a user supplied cannot be used."""

    code = "BAD_INPUT"


class PictureError(InputError):
    """A picture file cannot be used."""

    code = "BAD_PICTURE"


class AnnotationError(InputError):
    """An annotation file, or one annotation in it, cannot be used."""

    code = "BAD_ANNOTATION"


class MetadataError(InputError):
    """A table of works cannot be used."""

    code = "BAD_METADATA"


class QueryError(InputError):
    """A search text or pattern cannot be understood."""

    code = "BAD_QUERY"


class LimitExceededError(QueryError):
    """A request asks for more than is allowed."""

    code = "LIMIT_EXCEEDED"


class StoreError(IconographError):
    """The graph store failed or refused."""

    code = "STORE"


class StoreUnavailableError(StoreError):
    """The store cannot be reached, or refused the credentials."""

    code = "STORE_UNAVAILABLE"


class StoreVersionError(StoreError):
    """The store's schema or its server has a version that does not fit this software."""

    code = "STORE_VERSION"


class StoreWriteError(StoreError):
    """The store could not be written: read-only, full disk, broken transaction."""

    code = "STORE_WRITE"


class VectorSpaceError(StoreError):
    """A vector or a query belongs to another space, or has another size, than the store holds."""

    code = "VECTOR_SPACE"


class NotFoundError(StoreError):
    """There is no such work, image, region or edge."""

    code = "NOT_FOUND"


class MissingExtraError(IconographError):
    """An optional package is not installed."""

    code = "MISSING_EXTRA"

    def __init__(self, needed_by: str, *, package: str, extra: str) -> None:
        super().__init__(
            f"{needed_by} needs the package {package}, which is not installed; "
            f"install it with: pip install 'iconograph[{extra}]'"
        )


class MissingModelError(IconographError):
    """Model files are not where they should be."""

    code = "MISSING_MODEL"


class ModelError(IconographError):
    """A model failed on a picture; the picture is left out and the others go on."""

    code = "MODEL"


class ModelOutputError(ModelError):
    """A model answered something that cannot be, such as numbers that are not finite."""

    code = "MODEL_OUTPUT"


class ModelMemoryError(ModelError):
    """A model needs more memory than there is, even for one crop at a time."""

    code = "MODEL_MEMORY"
