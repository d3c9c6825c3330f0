# The service alone: `iconograph serve` on port 8000; the store's URL comes from ICONOGRAPH_STORE.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/core.txt requirements/
RUN python -m venv /opt/iconograph \
 && /opt/iconograph/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && /opt/iconograph/bin/pip install --no-cache-dir --require-hashes -r requirements/core.txt
COPY pyproject.toml README.md LICENSE ./
COPY graph graph
COPY ingest ingest
COPY relations relations
COPY gql gql
RUN /opt/iconograph/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --system --create-home iconograph
COPY --from=build /opt/iconograph /opt/iconograph
USER iconograph
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD \
  ["/opt/iconograph/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["/opt/iconograph/bin/iconograph", "serve", "--host", "0.0.0.0", "--port", "8000"]
