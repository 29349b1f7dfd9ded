"""Frame of the page: templates, words and assets, made once when the gateway starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway.settings import Settings
from gateway.web.assets import Assets
from gateway.web.kind_list import KindList
from gateway.web.progress import ProgressHub
from gateway.web.translations import Words


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("gateway.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """Data that every view needs to make a document."""

    settings: Settings
    words: Words = field(default_factory=Words)
    assets: Assets = field(default_factory=Assets)
    environment: Environment = field(default_factory=_environment)
    kinds: KindList = field(default_factory=KindList)
    progress: ProgressHub = field(default_factory=ProgressHub)

    def document(self, template: str, locale: str, context: Mapping[str, object]) -> str:
        """Return a document in a locale.

        Templates also know `_`, `ngettext`, `locale`, `asset` and `words_address`.
        """
        catalogue = self.words.of(locale)
        return self.environment.get_template(template).render(
            _=catalogue.gettext,
            ngettext=catalogue.ngettext,
            locale=locale,
            asset=self.assets.address,
            words_address=self.assets.words_address(locale),
            has_mailbox=self.settings.mailbox_folder is not None,
            map_tiles=self.settings.map_tiles_url,
            map_attribution=self.settings.map_tiles_attribution,
            **context,
        )

    @property
    def public_origin(self) -> str:
        """Origin of PUBLIC_URL, empty without."""
        parts = urlsplit(self.settings.public_url)
        return f"{parts.scheme}://{parts.netloc}" if self.settings.public_url else ""


FRAME = web.AppKey("frame", Frame)


async def end_streams(app: web.Application) -> None:
    """End the streams of progress, which last as long as their reports."""
    app[FRAME].progress.close()
