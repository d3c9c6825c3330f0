#!/bin/sh
# Install mmpose and this project into an environment of its own; see README.md here.
# Usage: tools/mmpose/install.sh UV ENVIRONMENT [PYTHON]
set -eu

uv=$1
environment=$2
python=${3:-python3}
here=$(dirname "$0")
root=$here/../..

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || {
    echo "mmpose needs Python 3.11 or 3.12 (xtcocotools does not build on later ones); found: $("$python" --version)" >&2
    exit 1
}

installed() {
    "$uv" pip install --quiet --python "$environment/bin/python" "$@"
}

"$python" -m venv --clear "$environment"
installed --require-hashes -r "$root/requirements/build.txt"
installed --require-hashes -r "$root/requirements/dev.txt"
installed --require-hashes -r "$here/libraries.txt"
installed --require-hashes --no-deps --no-build-isolation --no-binary xtcocotools -r "$here/openmmlab.txt"
installed --no-deps --no-build-isolation --editable "$root"

packages=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
if ! ls "$packages"/mmcv/_ext.*.so >/dev/null 2>&1; then
    cp "$here/mmcv_ext.py" "$packages/mmcv/_ext.py"
fi
"$environment/bin/python" -W ignore -c 'import mmpose.apis; print("mmpose", mmpose.__version__, "is ready")'
