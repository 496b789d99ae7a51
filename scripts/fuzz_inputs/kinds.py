"""What a good value is like: several kinds, anything at all, or numbers of any shape."""


class Either:
    """Several kinds of good values; the first one is used."""

    def __init__(self, *values):
        self.values, self.value = values, values[0]


class Anything:
    """A good value where any other may be one too."""

    def __init__(self, value=None):
        self.value = value


class Ours(Anything):
    """A value that the course's own code writes there, and no user: it is not tried."""


class Shaped:
    """A number, or an array of them of any shape; whole ones only if this one is, and bools too if it holds bools."""

    def __init__(self, value):
        self.value = value
