from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisDown

from lotsen_portal import access
from lotsen_portal.access import Role
from lotsen_portal.models import OfficeRole, User


@pytest.fixture
def request_of(rf):
    def build(user, session=None, **meta):
        request = rf.get("/", **meta)
        request.user, request.session = user, session or {}
        return request

    return build


@pytest.fixture
def both(coordinator):
    """One person who is coordinator and administrator."""
    OfficeRole.objects.create(user=coordinator, role="administrator")
    return coordinator


@access.only(Role.COORDINATOR)
def for_coordinators(request):
    return HttpResponse(access.acting_role(request))


@access.only(Role.ADMINISTRATOR)
def for_administrators(request):
    return HttpResponse(access.acting_role(request))


def test_roles_come_from_rows_and_not_from_flags(both, outsider):
    assert access.roles(both) == {Role.COORDINATOR, Role.ADMINISTRATOR}
    assert access.roles(outsider) == frozenset()
    assert access.roles(AnonymousUser()) == frozenset()


def test_whoever_is_inactive_has_no_role(both):
    both.is_active = False
    assert access.roles(both) == frozenset()
    assert both.is_staff is False


def test_roles_are_asked_for_once_per_request(both, django_assert_num_queries):
    user = User.objects.get(pk=both.pk)
    access.roles(user)
    with django_assert_num_queries(0):
        access.roles(user)


def test_the_chosen_role_acts_and_else_the_first(both, request_of):
    assert access.acting_role(request_of(both)) == Role.COORDINATOR
    assert access.acting_role(request_of(both, {"role": "administrator"})) == Role.ADMINISTRATOR
    assert access.acting_role(request_of(both, {"role": "volunteer"})) == Role.COORDINATOR


def test_a_door_opens_for_its_role_only(coordinator, outsider, request_of):
    assert for_coordinators(request_of(coordinator)).content == b"coordinator"
    with pytest.raises(Http404):
        for_administrators(request_of(coordinator))
    with pytest.raises(Http404):
        for_coordinators(request_of(outsider))


def test_a_page_is_met_in_its_own_role(both, request_of):
    assert for_administrators(request_of(both)).content == b"administrator"
    assert for_coordinators(request_of(both, {"role": "administrator"})).content == b"coordinator"


def test_a_door_lets_the_sign_in_middleware_do_its_work():
    assert getattr(for_coordinators, "login_required", True) is True
    assert for_coordinators.__name__ == "for_coordinators"


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        ("coordinator", "lotsen_portal.change_programme", True),
        ("head", "lotsen_portal.change_programme", False),
        ("head", "lotsen_portal.view_programme", True),
        ("coordinator", "lotsen_portal.add_programme", False),
        ("administrator", "lotsen_portal.change_officerole", True),
        ("coordinator", "lotsen_portal.change_officerole", False),
        ("administrator", "lotsen_portal.change_logentry", False),
        ("administrator", "lotsen_portal.delete_accesslog", False),
        ("coordinator", "lotsen_portal.view_accesslog", False),
        ("administrator", "auth.change_permission", False),
        ("administrator", "nonsense", False),
    ],
)
def test_rights_come_from_the_one_table(outsider, role, permission, allowed):
    OfficeRole.objects.create(user=outsider, role=role)
    assert outsider.has_perm(permission) is allowed


def test_nobody_may_change_or_delete_a_log():
    for label in ("lotsen_portal.logentry", "lotsen_portal.accesslog"):
        assert set(access.RIGHTS[label]) == {"view"}


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", ""),
        (1, "not an address", ""),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_a_sender_cannot_choose_the_own_address(settings, trusted, forwarded, address):
    settings.TRUSTED_PROXY = trusted
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert access.client_address(request) == address


@pytest.fixture
def counter(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def test_a_sender_is_stopped_behind_the_limit_and_others_are_not(counter, rf):
    one, other = rf.get("/", REMOTE_ADDR="1.1.1.1"), rf.get("/", REMOTE_ADDR="2.2.2.2")
    assert [access.throttle(one, "ask", 2, 60) for _ in range(3)] == [True, True, False]
    assert access.throttle(other, "ask", 2, 60) is True
    assert access.throttle(one, "apply", 2, 60) is True


def test_no_address_is_kept_in_clear(rf, monkeypatch):
    keys = []
    store = SimpleNamespace(add=lambda key, *_: keys.append(key), incr=lambda key: 1)
    monkeypatch.setattr(access, "cache", store)
    access.throttle(rf.get("/", REMOTE_ADDR="1.1.1.1"), "ask", 2, 60)
    assert len(keys) == 1
    assert "1.1.1.1" not in keys[0]


@pytest.mark.parametrize("failure", [RedisDown("no server"), OSError(), ValueError("key is gone")])
def test_without_the_cache_everybody_may(monkeypatch, rf, failure):
    def fail(*args):
        raise failure

    monkeypatch.setattr(access, "cache", SimpleNamespace(add=fail, incr=fail))
    assert access.throttle(rf.get("/"), "ask", 0, 60) is True
