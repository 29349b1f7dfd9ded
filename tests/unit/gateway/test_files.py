"""The headers of a download."""

import pytest
from daybook.rendering.v1.rendering_service_pb2 import FileInfo
from hypothesis import given
from hypothesis import strategies as st

from gateway.files import disposition, file_headers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Trip report.pdf", "attachment; filename=\"Trip report.pdf\"; filename*=UTF-8''Trip%20report.pdf"),
        ("Отчёт.xlsx", "attachment; filename=\"Otchet.xlsx\"; filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.xlsx"),
        ("Übersicht.csv", "attachment; filename=\"Ubersicht.csv\"; filename*=UTF-8''%C3%9Cbersicht.csv"),
        ('a"b\\c.xls', "attachment; filename=\"abc.xls\"; filename*=UTF-8''a%22b%5Cc.xls"),
        ("\N{DELIVERY TRUCK}.pdf", "attachment; filename=\"truck.pdf\"; filename*=UTF-8''%F0%9F%9A%9A.pdf"),
        ("\ufffd_.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''%EF%BF%BD_.pdf"),
        ("", "attachment; filename=\"report\"; filename*=UTF-8''report"),
    ],
)
def test_a_file_has_an_ascii_name_and_its_own(name, expected):
    assert expected == disposition(name)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_title_breaks_the_header(name):
    """Whatever the title, the header is printable ASCII and its quotes are balanced."""
    header = disposition(name)

    assert header.isascii()
    assert header.isprintable()
    assert 2 == header.count('"')


def test_the_length_is_sent_where_it_is_known():
    known = FileInfo(file_name="a.pdf", media_type="application/pdf", size_bytes=0)

    assert "0" == file_headers(known)["Content-Length"]
    assert "Content-Length" not in file_headers(FileInfo(file_name="a.csv", media_type="text/csv"))
