"""Where built files are put: under a name that carries the hash of what is inside."""

import hashlib
import json
import os
from pathlib import Path

HASH_LENGTH = 12  # hexadecimal digits in a file's name; servers recognise `name.0123456789ab.ext` as unchanging


class Shelf:
    """Writes files into one folder and remembers `plain name -> hashed name` for the manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, content: bytes) -> str:
        """Store `content` and return its hashed name: `a.css` becomes `a.0123456789ab.css`."""
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_LENGTH]}.{ending}"
        self._write(hashed, content)
        self.names[name] = hashed
        return hashed

    def put_plain(self, name: str, content: bytes) -> None:
        """Store a file that people look for by its own name, such as a licence."""
        self._write(name, content)
        self.names[name] = name

    def close(self) -> None:
        """Write the manifest last, then remove what no longer stands in it."""
        manifest = json.dumps(self.names, indent=1, sort_keys=True).encode()
        self._write("manifest.json", manifest + b"\n")
        kept = {*self.names.values(), "manifest.json"}
        for file in self._folder.iterdir():
            if file.name not in kept and not file.name.startswith("."):
                file.unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> None:
        """Replace the file in one step: neither a running server nor a second build reads half of it."""
        target = self._folder / name
        if target.exists() and target.read_bytes() == content:
            return
        draft = target.with_name(f".{name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(target)
