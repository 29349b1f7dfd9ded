"""Checks of receivers: addresses of mails and URLs of webhooks."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from services.errors import Violation
from services.generation.domain.plain_text import is_plain

MAX_URL = 2_000
MAX_ADDRESS = 254
ANY_DOMAIN = "example.com"  # for the check of the part before the "@" of an allowed one


@dataclass(frozen=True, slots=True)
class AddressChecks:
    """Checks of addresses: at most so many at once, and in one of the domains if there are any."""

    most: int
    domains: Collection[str]

    def checked(self, emails: Collection[str], field: str, found: list[Violation]) -> list[str]:
        """Return normalised addresses without repeats, adding what is wrong with others to `found`."""
        known: dict[str, str] = {}
        if self.are_too_many(set(map(distinct_text, emails)), field, found):
            return []
        for place, email in enumerate(emails):
            try:
                address = self._address(email)
            except ValueError as error:
                found.append(Violation(f"{field}[{place}]", str(error)))
            else:
                known.setdefault(address.casefold(), address)
        return list(known.values())

    def are_too_many(self, receivers: Collection[object], field: str, found: list[Violation]) -> bool:
        """Return whether receivers are more than allowed, before each is looked at, and add that to `found`."""
        are_too_many = len(receivers) > self.most
        if are_too_many:
            found.append(Violation(field, f"must be at most {self.most}"))
        return are_too_many

    def is_address(self, text: str) -> bool:
        """Return whether mails may be sent to a text."""
        try:
            self._address(text)
        except ValueError:
            return False
        return True

    def _address(self, text: str) -> str:
        """Return an address with its domain in ASCII. Raises ValueError that says what would be right."""
        if len(text) > MAX_ADDRESS or not is_plain(text):
            raise ValueError(f"must be an e-mail address of at most {MAX_ADDRESS} characters")
        local, _, domain = text.strip().rpartition("@")
        is_allowed = domain.lower() in self.domains  # which may be of a network of one's own, such as .local
        try:
            known = f"{local}@{ANY_DOMAIN}" if is_allowed else text.strip()
            checked = validate_email(known, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError as error:
            raise ValueError("must be an e-mail address, such as ann@example.com") from error
        domain = domain.lower() if is_allowed else checked.ascii_domain.lower()
        if self.domains and domain not in self.domains:
            raise ValueError(f"must be in one of the domains {', '.join(sorted(self.domains))}")
        return f"{checked.ascii_local_part or checked.local_part}@{domain}"


def distinct_text(email: str) -> str:
    """Return a text that is the same for repeats of an address."""
    return email.strip().casefold()


def url_fault(url: str, *, with_http: bool) -> str | None:
    """Return what is wrong with a webhook's URL, None for a good one."""
    schemes = ("https", "http") if with_http else ("https",)
    wanted = f"must be an {schemes[0]} URL of at most {MAX_URL} characters without a user in it"
    if len(url) > MAX_URL or not is_plain(url) or " " in url or not url.isascii():
        return wanted
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return wanted
    is_good = parts.scheme in schemes and parts.hostname and "@" not in parts.netloc and port != 0
    return None if is_good else wanted
