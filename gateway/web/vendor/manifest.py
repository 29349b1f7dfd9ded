"""Manifest of the files of others: VENDOR.toml read and written."""

import tomllib
from dataclasses import dataclass, replace
from hashlib import sha512
from pathlib import Path

FOLDER = Path(__file__).parent
MANIFEST = FOLDER / "VENDOR.toml"


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """A file as it is called in its package and here, and the SHA-512 of its bytes in hexadecimal digits.

    The `source` of a file of towns is the smallest number of people of a town that it holds.
    """

    source: str
    path: str
    sha512: str

    def digested(self) -> "VendoredFile":
        """Return the same with the digest of the bytes that lie here."""
        return replace(self, sha512=digest(FOLDER / self.path))


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a registry, its licence, its files and the addresses in them that nothing fetches."""

    name: str
    version: str
    licence: str
    registry: str
    files: tuple[VendoredFile, ...]
    links: tuple[str, ...] = ()

    @property
    def licence_file(self) -> Path:
        """The text of the licence."""
        return FOLDER / "LICENSES" / f"{self.name}.txt"


def digest(file: Path) -> str:
    """Return the SHA-512 of a file in hexadecimal digits."""
    return sha512(file.read_bytes()).hexdigest()


def read_manifest() -> list[Package]:
    """Return the packages in the order of the manifest."""
    packages = []
    for entry in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["package"]:
        files = tuple(VendoredFile(**file) for file in entry.pop("file"))
        packages.append(Package(**entry | {"files": files, "links": tuple(entry.get("links", ()))}))
    return packages


def write_manifest(packages: list[Package]) -> None:
    """Write the packages below the comment that the manifest begins with."""
    lines = MANIFEST.read_text(encoding="utf-8").splitlines()
    comment = [line for line in lines if line.startswith("#")]
    MANIFEST.write_text("\n".join([*comment, *map(_entry, packages)]) + "\n", encoding="utf-8")


def _entry(package: Package) -> str:
    lines = ["", "[[package]]"]
    lines += [f'{name} = "{getattr(package, name)}"' for name in ("name", "version", "licence", "registry")]
    if package.links:
        links = ", ".join(f'"{link}"' for link in package.links)
        lines.append(f"links = [{links}]")
    for file in package.files:
        lines += ["", "[[package.file]]"]
        lines += [f'{name} = "{getattr(file, name)}"' for name in ("source", "path", "sha512")]
    return "\n".join(lines)
