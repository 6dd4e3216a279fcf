from datetime import UTC, datetime
from itertools import count

import pytest

from lotsen_portal.models import OfficeRole, OutgoingMail, User

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def make_mail(db):
    """Make a row of the outbox; its function need not exist."""
    numbers = count(1)

    def make(**values):
        values = {"key": f"test:{next(numbers)}", "function": "tests.none", "due_at": NOW, **values}
        values.setdefault("try_at", values["due_at"])
        return OutgoingMail.objects.create(created_at=NOW, **values)

    return make


@pytest.fixture
def coordinator(db):
    user = User.objects.create_user("koordination@example.org", "right-password", name="Karin Koch")
    OfficeRole.objects.create(user=user, role="coordinator")
    return user


@pytest.fixture
def administrator(db):
    user = User.objects.create_user("it@example.org", "right-password", name="Igor Issel")
    OfficeRole.objects.create(user=user, role="administrator")
    return user


@pytest.fixture
def outsider(db):
    """Signed in, with no role at all."""
    return User.objects.create_user("fremd@example.org", "right-password", name="Frieda Fremd")
