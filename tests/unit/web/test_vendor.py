"""Rules of the files of others that the page uses."""

import re
from pathlib import Path

import pytest

from gateway.web.vendor.__main__ import towns
from gateway.web.vendor.manifest import FOLDER, MANIFEST, Package, digest, read_manifest, write_manifest

PACKAGES = read_manifest()
FILES = [file for package in PACKAGES for file in package.files]
ADDRESS = re.compile(r"https?://[^\s\"'`)<>,;]*")
COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_each_file_is_as_it_was_published(file):
    assert digest(FOLDER / file.path) == file.sha512


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_each_package_has_the_text_of_its_licence(package):
    assert len(package.licence_file.read_text(encoding="utf-8")) > 200


def test_no_file_lies_beside_those_of_the_manifest():
    ours = {MANIFEST.name, *(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py"))}
    licences = {package.licence_file.relative_to(FOLDER).as_posix() for package in PACKAGES}
    listed = {file.path for file in FILES}
    assert listed | licences | ours == {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_no_file_names_an_address_that_is_fetched(package: Package):
    found = {
        link
        for file in package.files
        for link in ADDRESS.findall(COMMENTS.sub("", (FOLDER / file.path).read_text(encoding="utf-8")))
    }
    assert found <= set(package.links)


@pytest.mark.parametrize("size", [500_000, 100_000, 15_000])
def test_towns_are_those_that_the_locked_package_brings(size):
    [file] = [file for file in FILES if file.source == str(size)]
    assert towns(size) == (FOLDER / file.path).read_bytes()


def test_a_manifest_that_is_written_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    copy = tmp_path / MANIFEST.name
    copy.write_bytes(MANIFEST.read_bytes())
    monkeypatch.setattr("gateway.web.vendor.manifest.MANIFEST", copy)
    write_manifest(PACKAGES)
    assert copy.read_bytes() == MANIFEST.read_bytes()
