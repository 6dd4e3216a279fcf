"""Who fits a request, ranked, and why somebody else does not; people decide, this explains."""

from requests_app.matching.candidates import Candidate, Part, candidates
from requests_app.matching.need import Need, need_of
from requests_app.matching.refusals import (
    Obstacle,
    Refused,
    RuleCount,
    obstacles,
    obstacles_each,
    refused_by_rule,
    refused_named,
    why_not,
)

__all__ = [
    "Candidate",
    "Need",
    "Obstacle",
    "Part",
    "Refused",
    "RuleCount",
    "candidates",
    "need_of",
    "obstacles",
    "obstacles_each",
    "refused_by_rule",
    "refused_named",
    "why_not",
]
