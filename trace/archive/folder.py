"""The folder of an archive: files that appear whole, and a note of what need not be made again."""

import json
from pathlib import Path

STATE = ".archive.jsonl"


class Folder:
    """Writes below `out` only. Each file appears whole; a file that is the same already is left alone."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.written = 0
        out.mkdir(parents=True, exist_ok=True)
        self._noted = out / STATE
        lines = self._noted.read_text().splitlines() if self._noted.exists() else []
        self._state = dict(
            _read(line) for line in lines if line.endswith("]")
        )  # a kill may have cut the last one short

    def write(self, path: str, content: bytes | str) -> None:
        data = content.encode() if isinstance(content, str) else content
        target = self.out / path
        if target.exists() and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        part.write_bytes(data)
        part.replace(target)
        self.written += 1

    def has(self, path: str) -> bool:
        return (self.out / path).exists()

    def known(self, key: str) -> str | None:
        return self._state.get(key)

    def note(self, key: str, mark: str) -> None:
        """Remember that what `key` names was made of facts with this mark; survives a kill right after."""
        self._state[key] = mark
        with self._noted.open("a") as file:
            file.write(json.dumps([key, mark]) + "\n")

    def tidy(self) -> None:
        """One line a thing, when all is done."""
        part = self._noted.with_suffix(".part")
        part.write_text("".join(json.dumps(pair) + "\n" for pair in sorted(self._state.items())))
        part.replace(self._noted)


def _read(line: str) -> tuple[str, str]:
    key, mark = json.loads(line)
    return key, mark
