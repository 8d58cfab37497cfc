"""One kind of "no" for the whole workshop, in a shape that a web page can translate."""


class LabelError(ValueError):
    """Something given cannot become labels.

    `code` is stable and machine-readable; `message` is an English sentence with %(name)s places; `figures` fills them.
    `str()` gives the English sentence, filled in.
    """

    def __init__(self, code: str, message: str, **figures: object) -> None:
        super().__init__(code, message, figures)
        self.code = code
        self.message = message
        self.figures = figures

    def __str__(self) -> str:
        return self.message % self.figures

    def __reduce__(self) -> tuple[object, ...]:
        return (_again, (self.code, self.message, self.figures))


def _again(code: str, message: str, figures: dict[str, object]) -> LabelError:
    return LabelError(code, message, **figures)
