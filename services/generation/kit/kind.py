"""What every report is: a plugin with an id, a title, a model of its options, and the sheets it builds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Protocol, TypeVar
from zoneinfo import ZoneInfo

from daybook.report.v1.sheet_pb2 import Section, Sheet, Text
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from services.generation.domain.detection import Detection
from services.generation.domain.windows import Windows
from services.generation.kit.entity_data import EntityData
from services.generation.words.language import Language


def _flag(value: object) -> object:
    """Take 0 and 1 in any numeric form as a flag; other values are the model's business."""
    return bool(value) if isinstance(value, float) and value in (0, 1) else value


Flag = Annotated[bool, BeforeValidator(_flag)]


class Options(BaseModel):
    """Options that all reports share. Unknown keys are ignored and not stored; null stands for the default."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    hide_empty_tabs: Flag = False
    show_seconds: Flag = False

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, values: Any) -> Any:
        return (
            {name: value for name, value in values.items() if value is not None} if isinstance(values, dict) else values
        )


@dataclass(frozen=True, slots=True)
class Job:
    """What a plugin knows about the report it builds a sheet of."""

    language: Language
    zone: ZoneInfo
    end_ms: int  # the first moment after the period
    windows: Windows
    detection: Detection


@dataclass(frozen=True, slots=True)
class Built:
    """What a plugin built of one entity: its sheet, or None when it is left out, and its row of the summary."""

    sheet: Sheet | None
    summary_row: Mapping[str, Any] | None = None


AnyOptions_contra = TypeVar("AnyOptions_contra", bound=Options, contravariant=True)


class Plugin(Protocol[AnyOptions_contra]):
    """A kind of report. It is plain code that runs in a worker process."""

    id: ClassVar[int]
    title: ClassVar[str]  # a msgid
    module: ClassVar[str]
    ui_module: ClassVar[str]
    by_employees: ClassVar[bool]
    max_time_span: ClassVar[timedelta | None]

    @property
    def Options(self) -> type[Options]:  # noqa: N802 - plugins state it as a class
        """The model of the plugin's options."""

    def sheet(self, job: Job, options: AnyOptions_contra, data: EntityData) -> Built:
        """Build one entity's sheet."""

    def has_summary(self, options: AnyOptions_contra, entity_count: int) -> bool:
        """Say whether the report has a summary sheet."""

    def summary(self, job: Job, options: AnyOptions_contra, rows: Sequence[Mapping[str, Any]]) -> Sheet:
        """Build the summary sheet over the entities' rows."""


class TrackerPlugin:
    """The defaults of a report by trackers without a summary sheet."""

    by_employees: ClassVar[bool] = False
    max_time_span: ClassVar[timedelta | None] = None

    def has_summary(self, options: Any, entity_count: int) -> bool:
        """Say that there is none."""
        del options, entity_count
        return False

    def summary(self, job: Job, options: Any, rows: Sequence[Mapping[str, Any]]) -> Sheet:
        """Never called."""
        raise NotImplementedError


def tracker_sheet(job: Job, data: EntityData, sections: Sequence[Section]) -> Sheet:
    """Return a tracker's sheet under its driver's and its own name (reference 4.1)."""
    return Sheet(header=data.header, entity_ids=[data.entity_id], time_zone=job.language.clock.zone, sections=sections)


def sentence(text: str, *, small: bool = False) -> Section:
    """Return a paragraph."""
    return Section(text=Text(text=text, style=Text.STYLE_SMALL_PRINT if small else Text.STYLE_UNSPECIFIED))
