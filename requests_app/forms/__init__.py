"""Forms about requests; crispy helpers own their layout."""

from requests_app.forms.changing import CancelForm, ChangeForm
from requests_app.forms.filing import NewRequestForm, like
from requests_app.forms.filters import OwnRequestsFilter

__all__ = ["CancelForm", "ChangeForm", "NewRequestForm", "OwnRequestsFilter", "like"]
