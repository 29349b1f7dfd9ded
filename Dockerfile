# One image of Daybook: the command chooses the part, as docker-compose.yml shows and docs/operations.md tells.
# Targets: `daybook`, the default, and `daybook-dask`, the same with Dask, for a cluster and who gives it work.

ARG PYTHON_IMAGE=python:3.11-slim-bookworm  # with @sha256:... behind it a certain one

FROM ${PYTHON_IMAGE} AS dependencies
WORKDIR /build
COPY requirements-production.lock ./
RUN python -m venv --without-pip /opt/daybook \
    && pip --python /opt/daybook/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: --requirement requirements-production.lock

FROM dependencies AS dask-dependencies
COPY requirements-dask.lock ./
RUN pip --python /opt/daybook/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: --requirement requirements-dask.lock

FROM ${PYTHON_IMAGE} AS application
WORKDIR /build
COPY requirements.lock ./
# setuptools alone, as the developers' lock pins it: it builds the two wheels and stays here
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements.lock > setuptools.lock \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --requirement setuptools.lock
COPY pyproject.toml README.md ./
COPY protos protos
COPY services services
COPY gateway gateway
COPY --from=dependencies /opt/daybook /opt/daybook
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels ./protos . \
    && pip --python /opt/daybook/bin/python install --no-cache-dir --no-deps --target /opt/application wheels/*.whl

FROM ${PYTHON_IMAGE} AS part
RUN groupadd --gid 10001 daybook \
    && useradd --uid 10001 --gid daybook --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin daybook
ENV PATH=/opt/application/bin:/opt/daybook/bin:$PATH \
    PYTHONPATH=/opt/application \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /tmp
EXPOSE 8080 50051 50052
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "services.cli.probe"]
CMD ["daybook", "--help"]

FROM part AS daybook-dask
COPY --from=dask-dependencies /opt/daybook /opt/daybook
COPY --from=application /opt/application /opt/application

FROM part AS daybook
COPY --from=dependencies /opt/daybook /opt/daybook
COPY --from=application /opt/application /opt/application
