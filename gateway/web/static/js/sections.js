/**
 * Sections of a sheet as elements: tables, named values, paragraphs, charts. Each is drawn when its rows have come.
 * @module
 */

import { categoryChart } from "./bars.js";
import { lineChart } from "./chart.js";
import { el } from "./elements.js";
import { tableOf } from "./line_data.js";
import { DataTable } from "./table.js";
import { BlockTable, WholeTable } from "./table_data.js";
import { timeline } from "./timeline.js";
import { _ } from "./words.js";

/**
 * @typedef {object} Sheet what a section needs to know of its sheet
 * @property {import("./sheet_source.js").SheetSource} source
 * @property {import("./values.js").ValueTexts} texts
 * @property {import("./state.js").View} view
 * @property {string} label
 * @property {string} file address of the workbook
 * @property {(view: import("./state.js").View, isStep: boolean) => void} onView
 * @property {(section: Section) => boolean} isMappable
 * @property {(section: Section, rows: number[]) => void} onSelect
 * @property {import("./element_budget.js").ElementBudget} budget
 */

/** Section of a sheet. */
export class Section {
  /**
   * @param {number} place
   * @param {Sheet} sheet
   */
  constructor(place, sheet) {
    this.place = place;
    this.sheet = sheet;
    this.outline = sheet.source.outline.sections[place];
    this.loaded = 0;
    this.element = el("div", { class: `sheet-section ${this.outline.kind}` });
    /** @type {import("./sheet_source.js").Piece[]} */
    this.pieces = [];
  }

  /** @param {import("./sheet_source.js").Piece} piece the piece that follows */
  add(piece) {
    if (this.pieces.length && piece.first_row < this.loaded) return; // an empty one that two answers hold
    if (piece.type === "table") this.#addRows(piece);
    else {
      this.pieces.push(piece);
      this.loaded += piece.row_count ?? this.outline.row_count;
      if (this.loaded >= this.outline.row_count) this.#draw(this.pieces);
    }
  }

  /** Fetch a chart that comes thinned. */
  async fetch() {
    const { source } = this.sheet;
    if (source.isThinned(this.place)) this.#draw([await source.chart(this.place)]);
  }

  /** @param {import("./state.js").View} view */
  update(view) {
    this.table?.update(view);
  }

  #addRows(piece) {
    this.loaded += piece.row_count;
    if (this.table) {
      if (this.table.data.isWhole) this.table.data.append(piece);
      return;
    }
    this.pieces.push(piece);
    const { source, view, texts } = this.sheet;
    this.data = source.isLong(this.place)
      ? new BlockTable(piece, this.outline, (first, count) => source.sectionRows(this.place, first, count), () => this.table.rowsCame())
      : new WholeTable(piece, this.outline.row_count);
    this.table = new DataTable(this.data, view, {
      label: this.sheet.label,
      sortLocale: texts.locale,
      onView: this.sheet.onView,
      file: this.sheet.file,
      budget: this.sheet.budget,
      isMappable: this.sheet.isMappable(this),
      onSelect: (rows) => this.sheet.onSelect(this, rows),
    });
    this.element.replaceChildren(this.table.element);
  }

  /** All pieces of an answer were added. */
  flush() {
    this.table?.rowsCame();
  }

  /** @param {boolean} isUnfolded whether the rows that stand as text are rows of the document, as on paper */
  unfold(isUnfolded) {
    this.table?.virtual?.unfold(isUnfolded);
  }

  #draw(pieces) {
    const joined = join(pieces);
    const { texts, source } = this.sheet;
    const closer = source.isThinned(this.place) ? (low, high) => source.chart(this.place, [low, high]) : undefined;
    const drawn = {
      map_table: () => namedValues(joined),
      text: () => el("p", { class: joined.small_print ? "small-print" : "" }, joined.text),
      chart: () => figure(joined, categoryChart(joined, texts)),
      line_chart: () => figure(joined, lineChart(joined, texts, closer), () => valueTable(joined, this.sheet)),
      interval_chart: () => figure(joined, timeline(joined, texts)),
    }[joined.type];
    if (drawn) this.element.replaceChildren(drawn());
  }
}

/**
 * Return one section of its pieces: lists go on from piece to piece.
 * @param {import("./sheet_source.js").Piece[]} pieces
 */
export function join(pieces) {
  if (pieces.length === 1) return pieces[0];
  const joined = structuredClone(pieces[0]);
  for (const piece of pieces.slice(1)) {
    for (const name of ["rows", "categories", "labels", "gaps", "markers", "lane", "start", "end"]) extend(joined[name], piece[name]);
    if (joined.text !== undefined) joined.text += piece.text;
    joined.series?.forEach((series, place) => {
      for (const name of ["x", "y", "values", "labels"]) extend(series[name], piece.series[place][name]);
    });
    if (joined.colors) extend(joined.colors, piece.colors);
  }
  return joined;
}

function extend(list, more) {
  if (Array.isArray(list)) for (const one of more) list.push(one);
}

function namedValues(section) {
  const rows = section.rows.map((row) =>
    el("div", { class: row.highlight ? "highlight" : "" }, el("dt", {}, row.name.replace("\n", " ")), el("dd", {}, row.text)),
  );
  const title = section.header ? el("h2", {}, section.header) : null;
  return el("section", {}, title, el("dl", { class: "named-values" }, ...rows));
}

/** @returns {HTMLElement} a chart below its title; `values` gives what stands in it as a table */
function figure(section, chart, values) {
  const head = el("div", { class: "section-head" }, section.header ? el("h2", {}, section.header) : null);
  const element = el("section", { class: "chart-section" }, head, chart);
  if (values && section.series.some((series) => series.x.length)) {
    const shown = el("div", { hidden: true });
    const button = el("button", { type: "button", class: "quiet", "aria-expanded": "false" }, _("As a table"));
    button.addEventListener("click", () => {
      if (!shown.hasChildNodes()) shown.append(values());
      shown.hidden = !shown.hidden;
      button.setAttribute("aria-expanded", String(!shown.hidden));
    });
    head.append(el("div", { class: "toolbar" }, el("span", { class: "hint wide-only" }, _("Zoom: draw over the chart, or + and −")), button));
    element.append(shown);
  }
  return element;
}

function valueTable(chart, { texts, budget }) {
  const piece = tableOf(chart, texts, _("Value"));
  let view = { sheet: 0, sort: "", hide: [], q: "", filters: {} };
  const table = new DataTable(new WholeTable(piece, piece.row_count), view, {
    label: chart.header || _("Values of the chart"),
    sortLocale: texts.locale,
    budget,
    onView: (next) => {
      view = next;
      table.update(view);
    },
  });
  return table.element;
}
