"""Moving in: lists that an office kept before are taken over, and given out in the same form.

Nobody is mailed by an import. `desk` is the only writer of an import and of its rows.
"""
