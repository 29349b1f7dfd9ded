/**
 * Zones of the account on a map: circles, polygons and corridors, below the lines of rows.
 * @module
 */

import { el } from "./elements.js";
import { goingOn, turnsOf } from "./longitudes.js";
import { request } from "./request.js";

const PANE = "zones";
const EQUATOR_M = 40_075_016.7; // round the earth, which is 256 pixels at zoom 0
const TILE = 256;

/**
 * Fetch the zones and add them to a map.
 * @param {any} map a map of Leaflet
 * @param {string} address
 */
export async function addZones(map, address) {
  const { L } = globalThis;
  const { zones } = await request(address);
  map.createPane(PANE).style.zIndex = "350"; // between the base map and the lines
  const renderer = L.canvas({ pane: PANE });
  const corridors = [];
  for (const zone of zones) {
    if (!zone.center && !zone.points?.length) continue;
    const style = { pane: PANE, renderer, color: `#${zone.color}`, weight: 1.5, opacity: 0.8, fillOpacity: 0.15 };
    for (const turn of turnsOf((zone.center ?? zone.points[0]).lng)) {
      const layer = shape(L, zone, turn, style);
      layer.bindTooltip(el("bdi", {}, zone.label), { sticky: true }).addTo(map);
      if (zone.type === "sausage") corridors.push([layer, zone]);
    }
  }
  const widen = () => corridors.forEach(([layer, zone]) => layer.setStyle({ weight: corridorWidth(map, zone) }));
  widen();
  map.on("zoomend", widen);
}

function shape(L, zone, turn, style) {
  if (zone.type === "circle") return L.circle([zone.center.lat, zone.center.lng + turn], { ...style, radius: zone.radius });
  const lngs = goingOn(zone.points.map((point) => point.lng), zone.points[0].lng);
  const points = zone.points.map(({ lat }, place) => [lat, lngs[place] + turn]);
  if (zone.type === "polygon") return L.polygon(points, style);
  return L.polyline(points, { ...style, opacity: 0.25, lineCap: "round" });
}

/** @returns {number} pixels of a corridor's width where it lies */
function corridorWidth(map, zone) {
  const shrink = Math.cos((zone.points[0].lat * Math.PI) / 180);
  return Math.max(2, (2 * zone.radius * TILE * 2 ** map.getZoom()) / (EQUATOR_M * shrink));
}
