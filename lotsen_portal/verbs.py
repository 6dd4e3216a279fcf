"""What every verb is made of: one transaction, a refusal that is a sentence, the database as the judge."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
T = TypeVar("T")


class NotPossible(Exception):
    """A verb that cannot be carried out now; `str()` is the sentence to show, as written."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence())

    def sentence(self) -> str:
        """What to say when the verb gave no sentence of its own."""
        return _("Das geht gerade nicht. Bitte laden Sie die Seite neu.")


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function one transaction; a deadlock is retried once when the transaction is its own."""

    @functools.wraps(function)
    def transacted(*args: P.args, **kwargs: P.kwargs) -> T:
        outermost = not connection.in_atomic_block
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except OperationalError as error:
            if not (outermost and isinstance(error.__cause__, DeadlockDetected)):
                raise
        with transaction.atomic():
            return function(*args, **kwargs)

    return transacted


@contextmanager
def settled_by_the_database(losers: Mapping[str, type[NotPossible]]) -> Iterator[None]:
    """Turn the violation of a constraint that decides races into the sentence for the slower one.

    `losers` holds the refusal by the constraint's name; any other violation is an error.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        if name not in losers:
            raise
        loser = losers[name]
        raise loser from error
