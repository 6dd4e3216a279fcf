"""The cache: shared by all processes, and never a reason for a page to fail."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class PatientRedisCache(RedisCache):
    """Seems empty while Redis or Valkey is away: sign-in and forms go on, unthrottled for that time."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store a value unless there is one; True where it is lost, so that nobody waits for a lock."""
        return bool(_patient(super().add, True, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value or the default."""
        return _patient(super().get, default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Store a value, or nothing."""
        _patient(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Let a value live longer; False where there is none."""
        return bool(_patient(super().touch, False, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Remove a value; False where there is none."""
        return bool(_patient(super().delete, False, *args, **kwargs))


def _patient(call: Any, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    except (RedisError, OSError) as error:
        log.warning("cache_unavailable", error=type(error).__name__)
        return otherwise
