"""What the demo refuses and what it keeps apart; tests/chaos/test_demo_life.py starts it for real."""

import os
import socket
import stat

import pytest
from django.core.management import CommandError

from lotsen_portal import embedded
from lotsen_portal.embedded import CannotStart
from lotsen_portal.management.commands.demo import Command, Demo


class NoServers:
    """Addresses without servers behind them."""

    database_url = "postgresql://portal:x@127.0.0.1:1/portal"
    redis_url = "redis://127.0.0.1:1/0"


@pytest.fixture
def own_environment(monkeypatch):
    """Give every variable back as it was."""
    before = dict(os.environ)
    yield monkeypatch
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def make():
    """Make demos and let go of what they hold at the end."""
    made = []
    yield lambda data, port=None: made.append(Demo(data, port or embedded.free_port())) or made[-1]
    for demo in made:
        demo.stop()


@pytest.fixture
def demo(make, tmp_path):
    return make(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DATABASE_URL_FILE", "REDIS_URL_FILE", "EMAIL_URL_FILE"],
)
def test_the_demo_does_not_start_near_real_servers(own_environment, tmp_path, name):
    for foreign in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        own_environment.delenv(foreign, raising=False)
    own_environment.setenv(name, "")
    with pytest.raises(CommandError, match=f"solange {name} gesetzt ist"):
        Command().handle(port=8000, data=tmp_path / "data", fresh=False, die_with_parent=False)
    assert not (tmp_path / "data").exists()


def test_a_taken_port_is_told_in_one_sentence(demo):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        with pytest.raises(CannotStart, match=rf"^Der Port {demo.port} ist belegt [^\n]+$"):
            demo.start(fresh=False)
    assert demo.servers is None


@pytest.mark.parametrize("port", [70000, -1])
def test_a_port_that_cannot_be_is_told_in_one_sentence(make, tmp_path, port):
    with pytest.raises(CannotStart, match=f"Der Port {port} ist belegt oder nicht erlaubt"):
        make(tmp_path, port).start(fresh=False)


def test_one_folder_holds_one_demo(make, demo):
    demo._take_folder()
    second = make(demo.data)
    with pytest.raises(CannotStart, match="läuft schon eine Demo"):
        second._take_folder()
    demo.stop()
    second._take_folder()


def test_a_folder_that_cannot_be_is_told_in_one_sentence(make, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="ist nicht beschreibbar"):
        make(tmp_path / "file" / "data").start(fresh=False)


def test_keys_are_made_once_and_only_for_their_owner(demo):
    keys = demo._keys()
    assert set(keys) == {"SECRET_KEY", "LINK_KEY", "INDEX_KEY", "FIELD_KEYS"}
    assert demo._keys() == keys
    assert stat.S_IMODE((demo.data / "keys.json").stat().st_mode) == 0o600


def test_starting_fresh_leaves_what_the_demo_did_not_make(demo):
    for name in ("keys.json", "city", "notes.txt"):
        (demo.data / name).touch()
    (demo.data / "mail").mkdir()
    demo._clear()
    assert [path.name for path in demo.data.iterdir()] == ["notes.txt"]


def test_nothing_of_an_installation_shines_through(own_environment, demo):
    for name in (
        "SECRET_KEY_FILE",
        "OIDC_SERVER_URL",
        "METRICS_TOKEN",
        "ALLOWED_HOSTS",
        "TRUSTED_PROXY_FILE",
    ):
        own_environment.setenv(name, "real")
    demo._set_environment(NoServers())
    assert [name for name, value in os.environ.items() if value == "real"] == []
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "requests_app.demo.settings"
    assert os.environ["SITE_URL"] == f"http://localhost:{demo.port}"


def test_mail_stays_in_the_folder_of_the_demo(own_environment, make, tmp_path):
    demo = make(tmp_path / "with space")
    demo.data.mkdir()
    demo._set_environment(NoServers())
    assert os.environ["EMAIL_URL"] == f"file://{tmp_path}/with%20space/mail"
