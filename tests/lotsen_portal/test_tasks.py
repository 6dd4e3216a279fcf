import threading

import pytest
from django.db import connection

from lotsen_portal import tasks

pytestmark = pytest.mark.django_db


def elsewhere(name):
    """Try to be alone in a name from a connection of its own."""
    answers = []

    def attempt():
        with tasks.alone(name) as free:
            answers.append(free)
        connection.close()

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    return answers[0]


def test_one_process_at_a_time_is_alone_in_a_name():
    with tasks.alone("expire_offers") as free:
        assert free is True
        assert elsewhere("expire_offers") is False
        assert elsewhere("another_task") is True
    assert elsewhere("expire_offers") is True


def test_a_task_that_fails_leaves_the_name_free():
    with pytest.raises(LookupError), tasks.alone("expire_offers"):
        raise LookupError
    assert elsewhere("expire_offers") is True
