import pytest

from lotsen_portal.caching import PatientRedisCache


@pytest.fixture
def gone():
    """A cache whose server is not there."""
    return PatientRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_a_cache_without_server_is_an_empty_one(gone):
    gone.set("key", "value")
    assert (gone.get("key"), gone.get("key", "else")) == (None, "else")
    assert (gone.add("key", 1), gone.delete("key"), gone.touch("key")) == (True, False, False)


def test_signing_in_works_without_the_cache(client, coordinator, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    answer = client.post("/konto/login/", {"login": coordinator.email, "password": "right-password"})
    assert answer.status_code == 302
