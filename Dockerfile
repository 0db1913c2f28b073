# Two images of one code base: `web` serves HTTP and has the `copydesk` command, `worker` judges
# comments. PyTorch is in neither; --build-arg WITH_DETOXIFY=1 adds it to the worker. No model is in
# either: they lie in /models, a volume.
#
# The build needs no BuildKit: whatever builds a Dockerfile builds this one.

FROM python:3.11-slim-bookworm AS base
ENV PATH=/opt/venv/bin:/app/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ORT_DISABLE_TELEMETRY=1
RUN groupadd --system --gid 10001 copydesk \
 && useradd --system --uid 10001 --gid copydesk --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin copydesk \
 # A new volume here gets the owner of this folder.
 && install --directory --owner=10001 --group=10001 /models
ENV COPYDESK_MODELS=/models
WORKDIR /app


FROM base AS dependencies
WORKDIR /src
COPY requirements/runtime.txt requirements/
# The environment itself has no pip: nothing can be installed in a running container.
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes \
        --requirement requirements/runtime.txt


FROM dependencies AS package
COPY . .
# Apart from the dependencies, so that a new version of Copydesk is one small layer.
RUN pip --python /opt/venv/bin/python install --no-cache-dir --no-deps --no-build-isolation \
        --target /app .


FROM base AS web
COPY --from=dependencies /opt/venv /opt/venv
COPY --from=package /app /app
# Inside a container the loopback address reaches nobody; what is published decides who comes in.
ENV COPYDESK_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8080
CMD ["gunicorn", "-c", "python:api.gunicorn_conf", "api.app:from_environment()"]


FROM dependencies AS worker-dependencies
ARG WITH_DETOXIFY=0
# Where pip finds PyTorch's CPU wheels if its usual index has none; the hashes still decide.
ARG PIP_EXTRA_INDEX_URL
COPY requirements/detoxify.txt requirements/
RUN if [ "$WITH_DETOXIFY" = 1 ]; then \
        pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes \
            --requirement requirements/detoxify.txt; \
    fi


FROM base AS worker
COPY --from=worker-dependencies /opt/venv /opt/venv
COPY --from=package /app /app
# Progress marks, which the health check reads, need a folder that can be written.
ENV COPYDESK_VAR=/tmp
USER 10001:10001
CMD ["celery", "--app", "worker.app", "worker", "--queues", "classify", \
     "--without-mingle", "--without-gossip"]
