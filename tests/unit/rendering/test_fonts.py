"""Fonts for what the main font lacks: where they are found, and which of them is taken."""

import logging
from pathlib import Path

import pytest

from services.rendering.formats.pdf.font_faces import coverage_of, faces_in, fontconfig_folders
from services.rendering.formats.pdf.fonts import run_around
from services.rendering.formats.pdf.script_fonts import SCRIPT_FONTS, debian_packages, missing_scripts
from tests.builders.pdf_files import Report, printed, reader
from tests.builders.sheets import one_sheet, text_table
from tests.builders.small_fonts import save_collection, small_font

TRUCK = "東京配送車"
THAI = "รถไทย"


def fonts_of(report: Report, folder: Path) -> list[str]:
    """Return the families of the fonts of a file beside the main ones; their names say the family twice."""
    fonts = reader(printed(report, fonts_folder=folder, headless=True)).pages[0]["/Resources"]["/Font"]
    names = [font.get_object()["/BaseFont"].partition("+")[2] for font in fonts.values()]
    return [name[: len(name) // 2] for name in names if not name.startswith("DejaVu")]


def words(text: str, *, locale: str = "en") -> Report:
    """Return a report of a text in a cell."""
    head, parts = one_sheet(text_table(text, header="", title=""), header="Sheet")
    head.report.locale_info.locale = locale
    return head, parts


def test_fonts_of_folders_below_are_found(tmp_path: Path) -> None:
    """Whatever the case of their endings."""
    (tmp_path / "more").mkdir()
    small_font("Thai", THAI).save(tmp_path / "more" / "Thai.TTF")

    assert ["Thai"] == fonts_of(words(THAI), tmp_path)


def test_every_face_of_a_collection_is_found(tmp_path: Path) -> None:
    """Not only the first."""
    save_collection(tmp_path / "all.ttc", [small_font("First", TRUCK), small_font("Second", THAI)])

    assert ["First", "Second"] == [face.family for face in faces_in(tmp_path)]
    assert ["Second"] == fonts_of(words(THAI), tmp_path)


def test_the_face_that_shows_most_of_a_run_is_taken(tmp_path: Path) -> None:
    """All of its characters are of one font, though the first file by name has some of them."""
    small_font("A few", TRUCK[:2]).save(tmp_path / "a.ttf")
    small_font("All", TRUCK).save(tmp_path / "b.ttf")

    assert ["All"] == fonts_of(words(TRUCK), tmp_path)


@pytest.mark.parametrize(
    ("locale", "family"),
    [("ja", "CJK JP"), ("ko", "CJK KR"), ("zh_CN", "CJK SC"), ("zh_TW", "CJK TC"), ("en", "CJK JP")],
)
def test_han_is_shown_in_the_face_of_the_locale(tmp_path: Path, locale: str, family: str) -> None:
    """Of one collection with a face for each."""
    save_collection(tmp_path / "cjk.ttc", [small_font(f"CJK {one}", TRUCK) for one in ("KR", "TC", "SC", "JP")])

    assert [family.replace(" ", "")] == fonts_of(words(TRUCK, locale=locale), tmp_path)


def test_a_bold_title_takes_the_bold_face_of_the_family_if_there_is_one(tmp_path: Path) -> None:
    """Else the regular one."""
    small_font("Thai", THAI).save(tmp_path / "a.ttf")
    head, parts = one_sheet(text_table(THAI), header=THAI)
    assert 1 == len(fonts_of((head, parts), tmp_path))

    other = tmp_path / "both"
    other.mkdir()
    small_font("Thai", THAI).save(other / "a.ttf")
    small_font("Thai", THAI, weight=700).save(other / "b.ttf")

    assert 2 == len(fonts_of((head, parts), other))


def test_what_no_font_shows_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With scripts, count and the first code points."""
    with caplog.at_level(logging.WARNING):
        printed(one_sheet(text_table(*[TRUCK, THAI] * 3)), fonts_folder=tmp_path)

    (record,) = [one for one in caplog.records if one.message == "characters without a glyph"]
    assert (["Han", "Thai"], len({*TRUCK, *THAI})) == (record.scripts, record.count)  # type: ignore[attr-defined]
    assert f"U+{ord(TRUCK[0]):04X}" in record.first  # type: ignore[attr-defined]
    assert 5 == len(record.first)  # type: ignore[attr-defined]


def test_the_folders_of_fontconfig_follow_its_prefixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its file they are the usual ones."""
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("HOME", "/home/ann")
    config = tmp_path / "fonts.conf"
    config.write_text('<fontconfig><dir>/opt/f</dir><dir prefix="xdg">fonts</dir><dir>~/.fonts</dir></fontconfig>')

    assert [Path("/opt/f"), Path("/data/fonts"), Path("/home/ann/.fonts")] == fontconfig_folders(config)
    assert [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/data/fonts"),
        Path("/home/ann/.fonts"),
    ] == fontconfig_folders(tmp_path / "none.conf")


def test_a_run_is_of_one_script(tmp_path: Path) -> None:
    """Full-width digits go with Han; Latin and blanks do not."""
    small_font("Thai", THAI).save(tmp_path / "a.ttf")
    (face,) = faces_in(tmp_path)

    assert "東京１号" == run_around("Van 東京１号 7", "京")
    assert [True, False] == [ord(char) in coverage_of(face) for char in (THAI[0], TRUCK[0])]


def test_scripts_without_a_font_are_told_with_packages_that_have_some(tmp_path: Path) -> None:
    """A font of one letter is enough for its script; a folder with fonts for all lacks none."""
    small_font("Some", "\u4e2dก").save(tmp_path / "some.ttf")
    missing = missing_scripts(tmp_path, from_system=False)

    assert {"Han", "Thai"} == SCRIPT_FONTS.keys() - set(missing)
    assert missing == sorted(missing)
    assert ["fonts-noto-cjk", "fonts-noto-core"] == debian_packages(missing)
    assert ["fonts-noto-cjk"] == debian_packages(["Hangul"])

    small_font("All", (script.letter for script in SCRIPT_FONTS.values())).save(tmp_path / "sub.ttf")
    faces_in.cache_clear()
    assert [] == missing_scripts(tmp_path, from_system=False)
    assert [*SCRIPT_FONTS] == missing_scripts(None, from_system=False)


def test_a_font_whose_marks_stand_over_their_letters_is_taken_before_others(tmp_path: Path) -> None:
    """Others have rules for the places of marks, without which a vowel stands over the next letter."""
    text = f"{THAI}\N{THAI CHARACTER SARA I}"
    placed = small_font("Placed", text)
    placed["hmtx"]["g"] = 0, -500
    small_font("By rules", text).save(tmp_path / "a.ttf")
    placed.save(tmp_path / "b.ttf")

    assert any("Placed" in name for name in fonts_of(words(text), tmp_path))
    assert not any("Byrules" in name for name in fonts_of(words(text), tmp_path))
