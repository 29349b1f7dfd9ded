/**
 * Base map without any server: countries of Natural Earth, towns of GeoNames by zoom, a graticule.
 * @module
 */

import { assetAddress, colour } from "./library.js";
import { goingOn, near } from "./longitudes.js";

const TOWNS = [
  { zoom: 0, file: "world/towns-500k.json" },
  { zoom: 5, file: "world/towns-100k.json" },
  { zoom: 8, file: "world/towns-15k.json" },
];
const MOST_TOWNS = 160;
const EDGE = 170; // degrees; a view beyond has the countries of the other side of the date line too
const GRATICULE = [30, 20, 10, 10, 5, 5, 2, 1, 0.5, 0.5, 0.2, 0.1, 0.05, 0.05, 0.02, 0.01, 0.005, 0.005, 0.002]; // degrees by zoom

/** @type {Map<string, Promise<any>>} */
const files = new Map();

/** @param {string} path @returns {Promise<any>} */
function json(path) {
  const found = files.get(path) ?? fetch(assetAddress(path)).then((answer) => answer.json());
  files.set(path, found);
  return found;
}

/**
 * Add the base map to a map.
 * @param {any} map a map of Leaflet
 */
export async function addBaseMap(map) {
  const { L } = globalThis;
  const [{ default: feature }, atlas] = await Promise.all([import("../topojson-client/feature.js"), json("world/countries-50m.json")]);
  const land = colour(map.getContainer(), "--land");
  const border = colour(map.getContainer(), "--border");
  const countries = feature(atlas, atlas.objects.countries);
  for (const { geometry } of countries.features) closeOverDateLine(geometry);
  const renderer = L.canvas({ pane: "tilePane", padding: 0.2 });
  /** @type {Set<number>} degrees by which the countries that were added are turned */
  const added = new Set();
  const add = (turn) => {
    if (added.has(turn)) return;
    added.add(turn);
    const options = {
      interactive: false,
      renderer,
      style: { color: border, weight: 1, fillColor: land, fillOpacity: 1, smoothFactor: 1.5 },
      coordsToLatLng: ([lng, lat]) => L.latLng(lat, lng + turn),
    };
    L.geoJSON(countries, options).addTo(map);
  };
  const fill = () => {
    const bounds = map.getBounds();
    add(0);
    if (bounds.getEast() > EDGE) add(360);
    if (bounds.getWest() < -EDGE) add(-360);
  };
  fill();
  map.on("moveend", fill);
  new (labels(L))().addTo(map);
}

/** The outline of a country on both sides of the date line goes on over it instead of round the earth. */
function closeOverDateLine({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  for (const ring of polygons.flat()) {
    const lngs = goingOn(ring.map(([lng]) => lng), ring[0][0]);
    if (lngs[0] !== lngs.at(-1)) continue; // round a pole, which lies outside of the map
    lngs.forEach((lng, place) => (ring[place] = [lng, ring[place][1]]));
  }
}

/** @returns the class of the layer of towns and the graticule, a canvas that is drawn anew when the map has moved */
function labels(L) {
  return L.Layer.extend({
    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "map-labels", map.getPanes().overlayPane);
      map.on("moveend resize zoomend", this.redraw, this);
      map.on("zoomstart", this.clear, this);
      this.redraw();
    },
    onRemove(map) {
      map.off("moveend resize zoomend", this.redraw, this);
      map.off("zoomstart", this.clear, this);
      this.canvas.remove();
    },
    clear() {
      this.canvas.width = 0;
    },
    async redraw() {
      const map = this._map;
      const turn = (this.turn = (this.turn ?? 0) + 1);
      const towns = await json(TOWNS.findLast((one) => map.getZoom() >= one.zoom).file);
      if (!this._map || turn !== this.turn) return;
      const size = map.getSize();
      const scale = devicePixelRatio || 1;
      const { canvas } = this;
      [canvas.width, canvas.height] = [size.x * scale, size.y * scale];
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      const context = canvas.getContext("2d");
      context.scale(scale, scale);
      drawGraticule(context, map, size);
      drawTowns(context, map, towns, size);
    },
  });
}

function drawGraticule(context, map, size) {
  const step = GRATICULE[Math.min(Math.max(0, Math.round(map.getZoom())), GRATICULE.length - 1)];
  const bounds = map.getBounds();
  context.strokeStyle = colour(map.getContainer(), "--graticule");
  context.lineWidth = 0.5;
  context.beginPath();
  for (let lng = Math.ceil(bounds.getWest() / step) * step; lng < bounds.getEast(); lng += step) {
    const { x } = map.latLngToContainerPoint([0, lng]);
    context.moveTo(x, 0);
    context.lineTo(x, size.y);
  }
  for (let lat = Math.ceil(Math.max(bounds.getSouth(), -85) / step) * step; lat < Math.min(bounds.getNorth(), 85); lat += step) {
    const { y } = map.latLngToContainerPoint([lat, 0]);
    context.moveTo(0, y);
    context.lineTo(size.x, y);
  }
  context.stroke();
}

/** Write the names of the largest towns; one that would cover another is left out. */
function drawTowns(context, map, towns, size) {
  const bounds = map.getBounds().pad(0.05);
  const middle = bounds.getCenter().lng;
  const [south, north, west, east] = [bounds.getSouth(), bounds.getNorth(), bounds.getWest(), bounds.getEast()];
  /** @type {[number, number, number, number][]} */
  const boxes = [];
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.fillStyle = colour(map.getContainer(), "--ink");
  context.strokeStyle = colour(map.getContainer(), "--land");
  for (let i = 0; i < towns.name.length && boxes.length < MOST_TOWNS; i++) {
    const [lat, lng] = [towns.lat[i], near(towns.lng[i], middle)];
    if (lat < south || lat > north || lng < west || lng > east) continue;
    const { x, y } = map.latLngToContainerPoint([lat, lng]);
    const width = context.measureText(towns.name[i]).width;
    const box = /** @type {[number, number, number, number]} */ ([x - 4, y - 9, x + width + 10, y + 9]);
    if (box[2] > size.x || boxes.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) continue;
    boxes.push(box);
    context.strokeText(towns.name[i], x + 6, y);
    context.fillText(towns.name[i], x + 6, y);
    context.beginPath();
    context.arc(x, y, 2.2, 0, 2 * Math.PI);
    context.fill();
  }
}
