# One image for worker, press, gateway, set-up and command line.
FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
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
RUN useradd --system --home /var/lib/dingdan --create-home dingdan
USER dingdan
CMD ["python", "worker.py"]
