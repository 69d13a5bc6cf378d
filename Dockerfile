# One image for worker, press, gateway, set-up and command line. The same sources give the same layers: an exact base, a lock
# with hashes, bytecode that carries no times. It runs as nobody in particular, on a root file system that may be read-only:
# what is written goes to /var/lib/dingdan and /tmp. `docker buildx imagetools inspect python:3.11.14-slim-bookworm` prints the
# digest to put behind the tag (docs/security.md).
FROM python:3.11.14-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-compile --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock \
    && python -m compileall -q --invalidation-mode unchecked-hash /usr/local/lib/python3.11/site-packages
COPY models models
COPY activities activities
COPY workflows workflows
COPY runtime runtime
COPY gateway gateway
COPY rehearsal rehearsal
COPY commands commands
COPY migrations migrations
COPY stories stories
COPY templates templates
COPY webhooks webhooks
COPY worker.py starter.py policy.toml notices.toml pyproject.toml ./
RUN python -m compileall -q --invalidation-mode unchecked-hash /app \
    && groupadd --system --gid 10001 dingdan \
    && useradd --system --no-log-init --uid 10001 --gid 10001 --home-dir /var/lib/dingdan --create-home dingdan
USER 10001:10001
STOPSIGNAL SIGTERM
CMD ["python", "worker.py"]
