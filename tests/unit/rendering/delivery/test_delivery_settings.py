"""Settings of delivery."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from services.rendering.delivery.delivery_settings import DeliverySettings, mail_address
from services.runtime.settings import wrong_settings

SERVER = {"smtp_host": "mail.example.com", "smtp_from": "Daybook <reports@example.com>"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reports@example.com", "reports@example.com"),
        ("Daybook <reports@localhost>", "Daybook <reports@localhost>"),
        ("Отчёты <reports@bücher.example.org>", "Отчёты <reports@xn--bcher-kva.example.org>"),
        ('"Reports, daily" <a@b.de>', '"Reports, daily" <a@b.de>'),
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(text: str, expected: str) -> None:
    """Its domain is told to servers in ASCII."""
    assert expected == str(mail_address(text))


@pytest.mark.parametrize("text", ["reports", "a@b.de\r\nBcc: c@d.de", "a@b@c", "jürgen@example.com", "@example.com"])
def test_what_is_no_address_is_told(text: str) -> None:
    """A line feed would begin another header."""
    with pytest.raises(ValidationError) as wrong:
        DeliverySettings(smtp_host="mail.example.com", smtp_from=text)

    assert wrong_settings(wrong.value).startswith("wrong settings: SMTP_FROM: must be an address such as")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"smtp_host": "mail.example.com"}, "SMTP_FROM: is needed where SMTP_HOST is set"),
        (
            {**SERVER, "smtp_username": "anna"},
            "SMTP_PASSWORD: SMTP_USERNAME and SMTP_PASSWORD belong together",
        ),
        (
            {**SERVER, "smtp_password": SecretStr("secret")},
            "SMTP_PASSWORD: SMTP_USERNAME and SMTP_PASSWORD belong together",
        ),
        ({**SERVER, "smtp_ca": Path("/nowhere.pem")}, "SMTP_CA: cannot be read: No such file or directory"),
        ({**SERVER, "smtp_ca": Path(__file__)}, "SMTP_CA: holds no certificate in PEM form"),
        (
            {"smtp_host": "smtp://mail.example.com"},
            "SMTP_HOST: must be the name or the address of a host, such as mail.example.com; SMTP_FROM: is needed",
        ),
    ],
)
def test_settings_that_do_not_fit_are_told_at_the_start(settings: dict[str, object], expected: str) -> None:
    """The line names the variable and never shows a password."""
    with pytest.raises(ValidationError) as wrong:
        DeliverySettings(**settings)  # type: ignore[arg-type] # fields by name

    assert expected.split("; ", maxsplit=1)[0] in wrong_settings(wrong.value)
    assert "secret" not in wrong_settings(wrong.value)


def test_without_a_mail_server_no_sender_is_needed() -> None:
    """Schedules work without mail."""
    assert "" == DeliverySettings().smtp_from
