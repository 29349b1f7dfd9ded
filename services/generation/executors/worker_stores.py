"""Stores and geocoders of a worker process, opened once."""

from datetime import timedelta
from functools import cache

from pymongo.database import Database

from services.generation.geocoding.address_services import AddressService, service_of
from services.generation.geocoding.offline_geocoder import OfflineGeocoder
from services.generation.geocoding.online_geocoder import OnlineGeocoder
from services.generation.inputs.points import POINTS
from services.generation.kit.entity_data import DataScope, EntityData, Geocoder, TrackerData
from services.generation.kit.kind import Entity
from services.generation.reporting.report import Report
from services.generation.reporting.units import WorkerSettings, run_number
from services.generation.store.entity_reader import DataSources, MongoTrackerData, entity_data
from services.generation.store.mongo import Document, connect_worker, journalled_worker
from services.generation.store.mongo_addresses import MongoAddresses
from services.generation.store.mongo_parts import PartStore
from services.generation.store.series_reader import MongoSeriesReader


class WorkerStores:
    """Everything that units read from and write to. The connection and the geocoders are those of the process."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._database = connected(settings.mongodb_uri, settings.mongodb_database)

    def parts(self, report: Report) -> PartStore:
        """Return the store of the parts of a report's sheets, for the present run of a unit."""
        return PartStore(self._database, report, timedelta(days=self._settings.keep_days), run_number.get())

    def entity_data(self, entity: Entity, scope: DataScope, entity_id: int) -> EntityData:
        """Return the data of an entity of a report or a list."""
        return entity_data(entity, self._sources(scope), scope, entity_id)

    def tracker_data(self, scope: DataScope, tracker_id: int) -> TrackerData:
        """Return the data of a tracker."""
        return MongoTrackerData(self._sources(scope), scope, tracker_id)

    @property
    def points(self) -> MongoSeriesReader:
        """The points of all trackers."""
        return MongoSeriesReader(self._database, POINTS)

    def _sources(self, scope: DataScope) -> DataSources:
        geocoder = self._geocoder(scope.geocoder or self._settings.default_geocoder)
        return DataSources(self._database, geocoder, self._settings.chunk_points)

    def _geocoder(self, name: str) -> Geocoder:
        """Return the geocoder of a sheet: the one its report names where that is configured, else the offline one."""
        settings, offline = self._settings.geocoders, OfflineGeocoder()
        service = _address_service(self._settings, name)
        if service is None:
            return offline
        addresses = MongoAddresses(self._database, timedelta(days=settings.geocoder_keep_days))
        return OnlineGeocoder(service, addresses, offline, settings.geocoder_sheet_seconds)


@cache
def connected(uri: str, name: str) -> Database[Document]:
    """Return a database; it is connected at its first use."""
    return journalled_worker(connect_worker(uri), name)


@cache
def _address_service(settings: WorkerSettings, name: str) -> AddressService | None:
    """Return the process's one client of a geocoder, so that its rate limit holds over all sheets."""
    per_second = settings.geocoders.geocoder_requests_per_second / settings.workers
    return service_of(name, settings.geocoders, per_second)
