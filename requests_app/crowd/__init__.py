"""A big invented city for measuring: as many volunteers and requests as wanted, written by COPY."""

from requests_app.crowd.load import load

__all__ = ["load"]
