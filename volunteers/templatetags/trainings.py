"""Words for sessions and places in templates: {% load trainings %}."""

from django import template

from volunteers import session_words

register = template.Library()

register.filter("for_whom", session_words.for_whom)
register.filter("place_label", session_words.place_label)
register.filter("place_tone", session_words.place_tone)
register.filter("session_label", session_words.session_label)
register.filter("times", session_words.times)
register.filter("where", session_words.where)
