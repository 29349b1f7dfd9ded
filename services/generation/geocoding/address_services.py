"""Clients of online geocoders through geopy, for a single address at a time."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

from geopy.adapters import AdapterHTTPError, URLLibAdapter
from geopy.exc import GeocoderAuthenticationFailure, GeocoderInsufficientPrivileges, GeocoderQuotaExceeded, GeopyError
from geopy.geocoders import GoogleV3, Nominatim, PickPoint, Yandex

from services.generation.geocoding.rate_limit import RateLimiter
from services.generation.settings import GeocoderSettings

log = logging.getLogger("daybook.geocoders")

MAX_TEXT = 300  # characters
REFUSALS = (GeocoderQuotaExceeded, GeocoderAuthenticationFailure, GeocoderInsufficientPrivileges)
NOTHING_THERE = (404, "Unable to geocode")  # status and text of LocationIQ's answer
YANDEX_LANGUAGES = {"be": "be_BY", "ru": "ru_RU", "tr": "tr_TR", "uk": "uk_UA"}

Place = tuple[float, float]  # latitude and longitude in degrees
Reverse = Callable[[Place, str, float], Any]  # place, language, seconds: a location of geopy, or None
Result = TypeVar("Result")


class Unasked(Exception):
    """The service could not be asked, because its next turn comes too late."""


class Unanswered(Exception):
    """The service gave no usable answer."""


class AddressService:
    """Client of an online geocoder. Addresses and error texts are never logged, because they show keys and places."""

    def __init__(self, name: str, reverse: Reverse, limiter: RateLimiter, timeout_s: float) -> None:
        self.name = name
        self._reverse = reverse
        self._limiter = limiter
        self._timeout_s = timeout_s

    def address(self, place: Place, language: str, within_s: float) -> str:
        """Return the address of a place in degrees, empty where there is none.

        Raises Unasked when there is no turn in time, and Unanswered when the service fails, is slow or sends garbage.
        """
        end = time.monotonic() + within_s
        if not self._limiter.take_turn(within_s):
            raise Unasked
        timeout_s = max(0.001, min(self._timeout_s, end - time.monotonic()))
        try:
            text = _text(_within(timeout_s, lambda: self._reverse(place, language, timeout_s)))
        except Exception as error:  # noqa: BLE001 - on garbage geopy's parsers raise any error
            if _is_nothing_there(error):
                text = ""
            else:
                self._record_failure(error)
                raise Unanswered from None  # the error's text may hold the key
        self._limiter.succeeded()
        return text

    def _record_failure(self, error: Exception) -> None:
        log.warning("no address", extra={"geocoder": self.name, "failure": type(error).__name__})
        if isinstance(error, REFUSALS):
            self._limiter.pause(getattr(error, "retry_after", None))
        else:
            self._limiter.failed()


def service_of(name: str, settings: GeocoderSettings, per_second: float) -> AddressService | None:
    """Return the client of the geocoder of that name, None when it is unknown or not configured."""
    found = _geopy(name, settings)
    if found is None:
        return None
    logging.getLogger("geopy").setLevel(logging.WARNING)  # at INFO it logs URLs with their keys

    def reverse(place: Place, language: str, timeout_s: float) -> Any:
        if name == "yandex":
            return found.reverse(place, lang=YANDEX_LANGUAGES.get(language, "en_US"), timeout=timeout_s)
        return found.reverse(place, language=language, timeout=timeout_s)

    return AddressService(name, reverse, RateLimiter(per_second), settings.geocoder_timeout_seconds)


def _geopy(name: str, settings: GeocoderSettings) -> Any:
    def endpoint(url: str) -> dict[str, Any]:
        scheme, _, domain = url.partition("://")
        agent = settings.geocoder_user_agent
        return {"scheme": scheme, "domain": domain.strip("/"), "user_agent": agent, "adapter_factory": URLLibAdapter}

    if name == "osm" and settings.geocoder_osm_url:
        return Nominatim(**endpoint(settings.geocoder_osm_url))
    if name == "google" and (key := settings.geocoder_google_key):
        return GoogleV3(key.get_secret_value(), **endpoint(settings.geocoder_google_url))
    if name == "yandex" and (key := settings.geocoder_yandex_key):
        return Yandex(key.get_secret_value(), **endpoint(settings.geocoder_yandex_url))
    if name == "locationiq" and (key := settings.geocoder_locationiq_key):  # PickPoint has the same paths and fields
        return PickPoint(key.get_secret_value(), **endpoint(settings.geocoder_locationiq_url))
    return None


def _within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return the result of the work. Raises TimeoutError, also in a DNS lookup, which sockets do not limit."""
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 - raised by the waiting thread
            done.set_exception(error)

    Thread(target=run, daemon=True, name="geocoder").start()
    return done.result(seconds)


def _text(location: Any) -> str:
    """Return a location's address as a short line, empty for no location. Raises ValueError when it has none."""
    if location is None:
        return ""
    if not isinstance(location.address, str):
        raise ValueError("the address is no text")  # noqa: TRY004 - the service's fault, not the caller's
    printable = "".join(letter if letter.isprintable() else " " for letter in location.address)
    text = " ".join(printable.split())[:MAX_TEXT].rstrip()
    if not text:
        raise ValueError("the location has no address")
    return text


def _is_nothing_there(error: Exception) -> bool:
    cause = error.__cause__ if isinstance(error, GeopyError) else None
    status, text = NOTHING_THERE
    return isinstance(cause, AdapterHTTPError) and cause.status_code == status and text in (cause.text or "")
