from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lotsen_portal import links
from lotsen_portal.links import LinkExpired, LinkRevoked, LinkUnknown
from lotsen_portal.models import Link, Purpose

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def link(db):
    return links.make(Purpose.ANSWER, subject=7, holder=3, expires_at=NOW + timedelta(days=2), now=NOW)


def test_a_token_leads_back_to_its_link(link):
    assert links.read(links.token(link), Purpose.ANSWER, NOW) == link


def test_a_token_can_be_rebuilt_from_the_row(link):
    assert links.token(Link.objects.get(pk=link.pk)) == links.token(link)
    assert len(links.token(link)) == 32


def test_a_token_opens_nothing_of_another_purpose(link):
    with pytest.raises(LinkUnknown):
        links.read(links.token(link), Purpose.STATUS, NOW)


def test_a_token_opens_no_other_row(link):
    other = links.make(Purpose.ANSWER, subject=8, holder=4, expires_at=None, now=NOW)
    mixed = urlsafe_b64encode(
        urlsafe_b64decode(links.token(other))[:8] + urlsafe_b64decode(links.token(link))[8:]
    ).decode()
    with pytest.raises(LinkUnknown):
        links.read(mixed, Purpose.ANSWER, NOW)


def test_every_changed_character_makes_a_token_unknown(link):
    token = links.token(link)
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkUnknown):
            links.read(changed, Purpose.ANSWER, NOW)


def test_a_row_number_used_again_after_a_restored_backup_opens_nothing(link):
    token = links.token(link)
    Link.objects.filter(pk=link.pk).delete()
    Link.objects.create(
        pk=link.pk, purpose=Purpose.ANSWER, subject=9, holder=9, created_at=NOW + timedelta(microseconds=1)
    )
    with pytest.raises(LinkUnknown):
        links.read(token, Purpose.ANSWER, NOW)


def test_another_key_makes_all_tokens_unknown(link, settings):
    token = links.token(link)
    settings.LINK_KEY = "another key of the right length, as it seems"
    with pytest.raises(LinkUnknown):
        links.read(token, Purpose.ANSWER, NOW)


@pytest.mark.parametrize(
    "garbage",
    ["", "x", "\0", "a" * 31, "a" * 33, "a" * 100_000, "_" * 32, "ä" * 32, "\0" * 32, "a b%" * 8, "====" * 8],
)
def test_garbage_is_unknown_and_never_an_error(db, garbage):
    with pytest.raises(LinkUnknown):
        links.read(garbage, Purpose.ANSWER, NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    garbage=st.text(max_size=40)
    | st.binary(min_size=24, max_size=24).map(lambda raw: urlsafe_b64encode(raw).decode())
)
def test_any_text_at_all_is_unknown(link, garbage):
    with pytest.raises(LinkUnknown):
        links.read(garbage, Purpose.ANSWER, NOW)


def test_a_link_ends_at_its_moment_and_tells_what_it_was(link):
    before, end = NOW + timedelta(days=2, seconds=-1), NOW + timedelta(days=2)
    assert links.read(links.token(link), Purpose.ANSWER, before) == link
    with pytest.raises(LinkExpired) as failure:
        links.read(links.token(link), Purpose.ANSWER, end)
    assert failure.value.link == link


def test_a_withdrawn_link_says_so_even_when_its_time_is_over(link):
    assert links.revoke(now=NOW, purpose=Purpose.ANSWER, subject=7) == 1
    with pytest.raises(LinkRevoked) as failure:
        links.read(links.token(link), Purpose.ANSWER, NOW + timedelta(days=9))
    assert failure.value.link == link


def test_withdrawing_meets_only_the_links_meant(link):
    others = [
        links.make(Purpose.ANSWER, subject=8, holder=3, expires_at=None, now=NOW),
        links.make(Purpose.REPORT, subject=7, holder=3, expires_at=None, now=NOW),
    ]
    assert links.revoke(now=NOW, purpose=Purpose.ANSWER, subject=7, holder=3) == 1
    assert links.revoke(now=NOW, purpose=Purpose.ANSWER, subject=7) == 0
    assert list(Link.objects.filter(revoked_at=None).order_by("pk")) == others


@pytest.mark.parametrize("which", [{}, {"subject": 7}, {"holder": 3}, {"purpose": Purpose.ANSWER}])
def test_withdrawing_needs_a_purpose_and_a_number(link, which):
    with pytest.raises(ValueError, match="Which links"):
        links.revoke(now=NOW, **which)
