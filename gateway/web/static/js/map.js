/**
 * Map of chosen rows: the ways of their times, and their places, on a canvas.
 * @module
 */

import { addBaseMap } from "./base_map.js";
import { el } from "./elements.js";
import { colour, load, onThemeChange } from "./library.js";
import { goingOn, near } from "./longitudes.js";
import { request } from "./request.js";
import { _ } from "./words.js";
import { addZones } from "./zones.js";

const COLOURS = ["#2f6fb0", "#e58b2f", "#3d9a6c", "#c9503f", "#8063b3", "#2fa3b5", "#a05a7c", "#6f8f3a"];
const CLOSEST_FIT = 15;
const FARTHEST = 18;
const FIRST_ZOOM = 12;

/**
 * @typedef {object} MapItem row on the map
 * @property {string} title
 * @property {{tracker: number, start: number, end: number} | null} range times in milliseconds
 * @property {{lat: number, lng: number, text: string}[]} places
 */

/**
 * @typedef {object} MapOptions
 * @property {string} track address of the points
 * @property {string} osm address of OpenStreetMap
 * @property {string} [zones] address of the account's zones
 * @property {string} [tiles] address of tiles with {z}, {x} and {y}, empty for the own base map
 * @property {string} [attribution]
 * @property {import("./values.js").ValueTexts} texts
 * @property {() => void} onClose called when the visitor closes the map
 */

/** Map above a table. */
export class ReportMap {
  /** @param {MapOptions} options */
  constructor(options) {
    this.options = options;
    this.canvas = el("div", { class: "map", role: "application", "aria-label": _("Map of the chosen rows") });
    this.note = el("p", { class: "hint map-note", role: "status" });
    this.place = el("p", { class: "hint" });
    const source = options.tiles ? options.attribution : _("Map: Natural Earth. Towns: GeoNames, CC BY 4.0.");
    this.source = el("p", { class: "hint" }, source ?? "");
    const close = el("button", { type: "button", class: "icon-button", "aria-label": _("Close the map"), onclick: options.onClose }, "×");
    const foot = el("div", { class: "map-foot" }, this.source, this.place, this.note);
    this.element = el("section", { class: "map-section", hidden: true }, this.canvas, close, foot);
    this.turn = 0;
  }

  /**
   * Show rows; none hide the map.
   * @param {MapItem[]} items
   */
  async show(items) {
    this.items = items;
    this.element.hidden = !items.length;
    if (!items.length) return;
    this.note.textContent = _("Loading …");
    await (this.ready ??= this.#start());
    this.map.invalidateSize();
    this.fitted = false;
    await this.#drawLines(FIRST_ZOOM);
  }

  async #start() {
    await load("leaflet/leaflet.js", "leaflet/leaflet.css");
    const { L } = globalThis;
    this.map = L.map(this.canvas, {
      preferCanvas: true, attributionControl: false, zoomControl: false, maxZoom: FARTHEST, center: [20, 10], zoom: 2,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    L.control.zoom({ zoomInTitle: _("Zoom in"), zoomOutTitle: _("Zoom out") }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    this.lines = L.featureGroup().addTo(this.map);
    if (this.options.zones) addZones(this.map, this.options.zones).catch(() => {}); // the map is of use without them
    this.map.on("click", (event) => this.#showPlace(event.latlng));
    this.map.on("zoomend", () => this.#refine());
    this.#addBase();
    onThemeChange(this.canvas, () => this.#restart());
  }

  #addBase() {
    const { L } = globalThis;
    if (this.options.tiles) L.tileLayer(this.options.tiles, { maxZoom: FARTHEST }).addTo(this.map);
    else addBaseMap(this.map).catch(() => (this.source.textContent = _("The base map could not be loaded.")));
  }

  /** The colours of the base map are those of the theme: it is made anew. */
  async #restart() {
    this.map.remove();
    this.ready = this.#start();
    await this.ready;
    await this.show(this.items);
  }

  async #drawLines(zoom) {
    const turn = ++this.turn;
    this.zoom = zoom;
    const ranged = this.items.filter((item) => item.range);
    let lines = [];
    try {
      lines = ranged.length ? await this.#fetchLines(ranged, zoom) : [];
    } catch (error) {
      if (turn === this.turn) this.note.textContent = error.message;
    }
    if (turn !== this.turn) return;
    this.#draw(ranged, lines);
    if (!this.fitted && this.lines.getLayers().length) {
      this.fitted = true;
      this.map.fitBounds(this.lines.getBounds().pad(0.08), { maxZoom: CLOSEST_FIT, animate: false });
    }
  }

  async #fetchLines(items, zoom) {
    const ranges = items.map(({ range }) => `${range.tracker}:${range.start}:${range.end}`).join(",");
    const found = await request(`${this.options.track}?${new URLSearchParams({ ranges, zoom: String(zoom) })}`);
    return found.ranges;
  }

  #draw(ranged, lines) {
    const { L } = globalThis;
    this.lines.clearLayers();
    let points = 0;
    const middle = lines.find((line) => line.lng.length)?.lng[0] ?? this.items.find((item) => item.places.length)?.places[0].lng ?? 0;
    lines.forEach((line, place) => {
      points += line.lat.length;
      line.lng = goingOn(line.lng, middle);
      this.#drawLine(line, COLOURS[place % COLOURS.length], ranged[place]);
    });
    const paper = colour(this.canvas, "--paper");
    for (const item of this.items) {
      const isDrawn = lines[ranged.indexOf(item)]?.lat.length; // its places are the ends of its line
      for (const { lat, lng, text } of isDrawn ? [] : item.places) {
        const dot = L.circleMarker([lat, near(lng, middle)], { radius: 5, color: paper, weight: 1.5, fillColor: colour(this.canvas, "--accent"), fillOpacity: 1 });
        this.lines.addLayer(dot.bindTooltip(el("bdi", {}, text)));
      }
    }
    const isEmpty = !points && !this.items.some((item) => item.places.length);
    this.note.textContent = isEmpty ? _("There are no points of these rows.") : "";
  }

  #drawLine(line, color, { title, places }) {
    const { L } = globalThis;
    const spots = line.lat.map((lat, i) => [lat, line.lng[i]]);
    if (!spots.length) return;
    const cuts = [0, ...line.line_starts.filter((at) => at > 0), spots.length];
    const pieces = cuts.slice(1).map((end, i) => spots.slice(cuts[i], end));
    const way = L.polyline(pieces, { color, weight: 3.5, opacity: 0.9, smoothFactor: 0.5 });
    way.bindTooltip((layer) => el("bdi", {}, this.#textAt(line, layer, title)), { sticky: true });
    way.on("mousemove", (event) => {
      this.pointer = event.latlng;
      way.getTooltip()?.setContent(el("bdi", {}, this.#textAt(line, way, title)));
    });
    this.lines.addLayer(way);
    const { texts } = this.options;
    const ends = [[0, "#ffffff", places[0]], [spots.length - 1, color, places[1]]];
    for (const [at, fill, place] of ends) {
      const end = L.circleMarker(spots[at], { radius: 6, color, weight: 2.5, fillColor: fill, fillOpacity: 1 });
      this.lines.addLayer(end.bindTooltip(el("bdi", {}, `${place?.text ?? title}\n${texts.moment(line.time[at])}`)));
    }
  }

  /** @returns {string} moment and speed at the point that is nearest to the pointer */
  #textAt(line, _layer, title) {
    if (!this.pointer) return title;
    const { lat, lng } = this.pointer;
    const shrink = Math.cos((lat * Math.PI) / 180);
    let best = 0;
    let least = Infinity;
    for (let i = 0; i < line.lat.length; i++) {
      const distance = (line.lat[i] - lat) ** 2 + ((line.lng[i] - lng) * shrink) ** 2;
      if (distance < least) [least, best] = [distance, i];
    }
    const speed = _("{speed} km/h", { speed: this.options.texts.number(line.speed[best] ?? 0, 0) });
    return [title, this.options.texts.moment(line.time[best]), speed].join("\n");
  }

  #refine() {
    const zoom = Math.min(FARTHEST, Math.ceil(this.map.getZoom()));
    if (this.fitted && this.items.some((item) => item.range) && zoom !== this.zoom) this.#drawLines(zoom);
  }

  #showPlace(latlng) {
    const { lat, lng } = latlng.wrap();
    const at = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
    const zoom = Math.round(this.map.getZoom());
    const address = `${this.options.osm}?mlat=${lat.toFixed(5)}&mlon=${lng.toFixed(5)}#map=${zoom}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
    this.place.replaceChildren(`${at} · `, el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, _("OpenStreetMap")));
  }
}
