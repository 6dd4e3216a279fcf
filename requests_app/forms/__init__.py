"""Forms about requests; crispy helpers own their layout."""

from requests_app.forms.changing import CancelForm, ChangeForm, OfficeChangeForm, OwnChangeForm
from requests_app.forms.filing import NewRequestForm, like
from requests_app.forms.filters import OwnRequestsFilter

__all__ = [
    "CancelForm",
    "ChangeForm",
    "NewRequestForm",
    "OfficeChangeForm",
    "OwnChangeForm",
    "OwnRequestsFilter",
    "like",
]
