import pytest

from tests import locks


def test_the_locks_belong_to_the_dependencies_and_name_no_host():
    assert locks.problems() == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pyproject.toml", "redis==8.1.0", "redis==8.1.1", "redis is 8.1.0, pyproject.toml wants 8.1.1"),
        ("pyproject.toml", '"ruff==', '"ruffian==', "requirements-dev.lock: ruffian is None"),
        ("requirements.lock", "--hash=sha256:", "--hash=md5:", "requirements.lock: amqp==5.4.2 has no hash"),
        ("requirements.lock", "amqp==", "--index-url x\namqp==", "names a host or an index"),
        ("package.json", "2.7.2", "2.7.3", "@kern-ux/native is 2.7.2, package.json wants 2.7.3"),
    ],
)
def test_a_lock_left_behind_is_named(tmp_path, monkeypatch, name, old, new, said):
    for file in ("pyproject.toml", "package.json", "package-lock.json", *locks.LOCKS):
        text = (locks.ROOT / file).read_text("utf-8")
        (tmp_path / file).write_text(text.replace(old, new) if file == name else text, "utf-8")
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    assert said in "\n".join(locks.problems())
