/**
 * The view of a finished report: tiles, tabs, sections, map, keys, and the view in the address bar.
 * @module
 */

import { isDialogOpen } from "./dialog.js";
import { ElementBudget } from "./element_budget.js";
import { el } from "./elements.js";
import { FarSections } from "./far_sections.js";
import { ReportMap } from "./map.js";
import { addKeys, announce, isTyping } from "./page.js";
import { Section, join } from "./sections.js";
import { SheetSource } from "./sheet_source.js";
import { SheetTabs } from "./sheet_tabs.js";
import { readView, writeView } from "./state.js";
import { ValueTexts } from "./values.js";
import { _ } from "./words.js";

const MOST_TILES = 6;
const SEARCH_PAUSE_MS = 120;

class ReportView {
  /** @param {HTMLElement} root element whose data describe the report */
  constructor(root) {
    this.root = root;
    this.report = JSON.parse(root.dataset.report ?? "{}");
    this.texts = new ValueTexts(this.report.locale, this.report.time_zone, this.report);
    this.view = readView(location.search);
    this.panel = el("div", { id: "sheet", role: "tabpanel", class: "sheet" });
    const sheets = this.report.sheets.map((sheet) => ({ header: sheet.header, is_empty: sheet.sections.every((one) => !one.row_count) }));
    this.tabs = new SheetTabs(sheets, this.panel, (sheet) => this.#choose(sheet));
    this.tiles = el("ul", { class: "tiles", "aria-label": _("Summary"), hidden: true });
    this.search = this.#searchField();
    this.bar = el("div", { class: "sheet-bar" }, this.tabs.element, this.search);
    root.append(this.tiles, this.bar, this.panel);
    addEventListener("popstate", () => this.#goTo(readView(location.search)));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    this.far = new FarSections();
    addEventListener("beforeprint", () => this.#unfold(true));
    addEventListener("afterprint", () => this.#unfold(false));
    addKeys([["[  ]", _("Sheet before and after")], ["↑ ↓ PgUp PgDn Home End", _("Rows of a table")], ["Enter", _("Row on the map")]]);
    this.open();
    this.#writeTiles();
  }

  get address() {
    return this.report.address;
  }

  /** Show the sheet of the view. */
  async open() {
    const { sheets } = this.report;
    this.source?.stop();
    if (!sheets.length) {
      this.bar.hidden = true;
      this.panel.replaceChildren(this.#empty());
      return;
    }
    this.view.sheet = Math.min(this.view.sheet, sheets.length - 1);
    const place = this.view.sheet;
    this.tabs.show(place);
    const outline = sheets[place];
    const source = new SheetSource(`${this.address}/sheets/${place}`, outline);
    this.source = source;
    this.map = this.#newMap();
    const { texts } = this;
    const sheet = {
      source, texts, budget: new ElementBudget(), view: this.view, label: outline.header, file: this.report.files?.xlsx ?? "",
      onView: (view, isStep) => this.#changeView(view, isStep),
      isMappable: (section) => this.#isMappable(section),
      onSelect: (section, rows) => this.#showOnMap(rows.map((row) => this.#mapItem(section, row))),
    };
    this.sections = outline.sections.map((_one, at) => new Section(at, sheet));
    const isEmpty = outline.sections.every((section) => section.kind === "text" || !section.row_count);
    this.panel.replaceChildren(this.map.element, ...this.sections.map((section) => section.element), ...(isEmpty ? [this.#empty()] : []));
    this.far.watch(this.sections.map((section) => section.element));
    this.search.hidden = !outline.sections.some((section) => section.kind === "table" && section.row_count && section.row_count <= 200_000);
    this.panel.setAttribute("aria-busy", "true");
    try {
      const charts = this.sections.map((section) => section.fetch());
      await source.load((pieces) => this.#add(source, pieces));
      await Promise.all(charts);
      this.far.tidy();
      announce(_("{sheet} is shown.", { sheet: outline.header }));
    } catch (error) {
      if (!source.abort.signal.aborted) this.panel.prepend(this.#failure(error));
    }
    if (source === this.source) this.panel.removeAttribute("aria-busy");
  }

  #add(source, pieces) {
    if (source !== this.source) return;
    const touched = new Set();
    for (const piece of pieces) {
      this.sections[piece.place]?.add(piece);
      touched.add(this.sections[piece.place]);
    }
    for (const section of touched) section?.flush();
    this.far.tidy();
  }

  /** Paper has all rows of tables whose texts are in the document. */
  #unfold(isUnfolded) {
    if (isUnfolded) this.far.unfold();
    for (const section of this.sections ?? []) section.unfold(isUnfolded);
    if (!isUnfolded) this.far.tidy();
  }

  #empty() {
    return el("div", { class: "empty" }, el("h2", {}, _("No data")), el("p", {}, _("There is nothing in the period {period}.", { period: this.report.period })));
  }

  #failure(error) {
    const retry = el("button", { type: "button", onclick: () => this.open() }, _("Try again"));
    return el("div", { class: "error", role: "alert" }, el("p", {}, error.message), retry);
  }

  // View

  #choose(sheet) {
    if (sheet === this.view.sheet) return;
    this.#goTo({ sheet, sort: "", hide: [], q: "", filters: {} });
    writeView(this.view, true);
  }

  #goTo(view) {
    const isOther = view.sheet !== this.view.sheet;
    this.view = view;
    this.input.value = view.q;
    if (isOther) this.open();
    else for (const section of this.sections ?? []) section.update(view);
  }

  #changeView(view, isStep) {
    this.view = { ...view, sheet: this.view.sheet };
    writeView(this.view, isStep);
    for (const section of this.sections) section.update(this.view);
  }

  #searchField() {
    this.input = /** @type {HTMLInputElement} */ (
      el("input", { type: "search", "data-search": true, "aria-label": _("Search in the sheet"), placeholder: _("Search"), value: this.view.q })
    );
    let timer = 0;
    this.input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#changeView({ ...this.view, q: this.input.value }, false), SEARCH_PAUSE_MS);
    });
    return el("div", { class: "sheet-search" }, this.input);
  }

  #onKey(event) {
    if (isTyping(event) || isDialogOpen()) return;
    if (event.key === "[") this.tabs.move(-1);
    else if (event.key === "]") this.tabs.move(1);
    else if (event.key === "Escape" && this.map) this.#closeMap();
  }

  // Map

  #newMap() {
    const { tiles, attribution, osm } = this.root.dataset;
    const { zones } = this.report;
    return new ReportMap({ zones, track: `${this.address}/track`, osm: osm ?? "", tiles, attribution, texts: this.texts, onClose: () => this.#closeMap() });
  }

  /** The map comes above the table: the row that has the focus stays in sight. */
  #showOnMap(items) {
    this.map.show(items);
    const active = document.activeElement;
    if (items.length && this.panel.contains(active)) active.scrollIntoView({ block: "nearest" });
  }

  #closeMap() {
    const hadFocus = this.map.element.contains(document.activeElement);
    const tables = this.sections.flatMap((section) => (section.table?.selected.size ? [section.table] : []));
    for (const table of tables) table.selectAll(false);
    this.map.show([]);
    if (hadFocus) tables[0]?.focus();
  }

  #isMappable(section) {
    const { row_track: track, columns } = section.data.definition;
    return this.report.with_map && Boolean((track && this.#trackerOf(section, 0)) || columns.some((column) => column.places));
  }

  /** @returns {number} the tracker of a row: that of the sheet, or the one in the column that names it; 0 for none */
  #trackerOf(section, row) {
    const { row_track: track, columns } = section.data.definition;
    const place = columns.findIndex((column) => track?.tracker && column.field === track.tracker);
    if (place >= 0) return section.data.raw(row, place) || 0;
    const ids = this.report.sheets[this.view.sheet].entity_ids;
    return ids.length === 1 ? ids[0] : 0;
  }

  /** @returns {import("./map.js").MapItem} */
  #mapItem(section, row) {
    const { row_track: track, columns } = section.data.definition;
    const placeOf = (field) => columns.findIndex((column) => column.field === field);
    const title = section.data.text(row, Math.max(0, columns.findIndex((column) => !column.hidden)));
    let range = null;
    if (track) {
      const [start, end] = [section.data.raw(row, placeOf(track.start)), section.data.raw(row, placeOf(track.end))];
      const tracker = this.#trackerOf(section, row);
      if (tracker && end > start) range = { tracker, start, end };
    }
    const places = columns.flatMap((_column, place) => {
      const found = section.data.place(row, place);
      return found ? [{ lat: found[0], lng: found[1], text: section.data.text(row, place) }] : [];
    });
    return { title, range, places };
  }

  // Tiles

  /** The first named values of the first sheet, else the total of its first table. */
  async #writeTiles() {
    const [first] = this.report.sheets;
    if (!first) return;
    const isNamed = first.sections.some((section) => section.kind === "map_table" && section.row_count);
    const place = first.sections.findIndex((section) => section.kind === (isNamed ? "map_table" : "table") && section.row_count);
    if (place < 0) return;
    const source = new SheetSource(`${this.address}/sheets/0`, first);
    const count = isNamed ? Math.min(MOST_TILES, first.sections[place].row_count) : first.sections[place].row_count;
    if (count > 500) return;
    const pieces = await source.sectionRows(place, 0, count).catch(() => []);
    if (!pieces.length) return;
    const values = isNamed ? join(pieces).rows : totals(join(pieces));
    this.tiles.replaceChildren(...values.slice(0, MOST_TILES).map(({ name, text }) => tile(name, text)));
    this.tiles.hidden = !values.length;
  }
}

/** @returns {{name: string, text: string}[]} the sums of a table, each with the title of its column */
function totals(table) {
  const { total } = table.groups.at(-1) ?? {};
  if (!total || table.groups.length > 1) return [];
  return table.columns.flatMap(({ field, title }) => (total.cells[field] ? [{ name: title, text: total.cells[field] }] : []));
}

function tile(name, text) {
  const [plain, unit] = split(name.replace("\n", " "), text);
  const shown = unit ? el("span", { class: "unit" }, ` ${unit}`) : null;
  return el("li", { class: "tile" }, el("span", { class: "tile-name" }, plain), el("strong", {}, text, shown));
}

/** @returns {[string, string]} the name of a value without its unit, and the unit, which stands behind the last comma */
function split(name, text) {
  const at = name.lastIndexOf(", ");
  const unit = at < 0 ? "" : name.slice(at + 2);
  return unit && unit.length <= 10 && /\d$/.test(text) ? [name.slice(0, at), unit] : [name, ""];
}

/** Menus close at a press outside of them and by Esc, which leads back to their button. */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.type === "click" && menu.contains(event.target)) continue;
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary")?.focus();
  }
}

document.addEventListener("click", closeMenus);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector("details.menu[open]")) {
    closeMenus(event);
    event.stopImmediatePropagation();
  }
}, true);

const root = document.getElementById("report");
if (root) new ReportView(root);
