/**
 * Tables of a report: heads that sort, filters, choice of columns, totals. A short one stands whole in the document, others
 * are a window on their rows, in which up to 500 rows stay as text, so that browsers find, select and print them.
 * @module
 */

import { ElementBudget } from "./element_budget.js";
import { el, newId } from "./elements.js";
import { GroupedLines, OrderedLines, filteredRows, sortRows } from "./row_order.js";
import { TableHead } from "./table_head.js";
import { TableRows } from "./table_rows.js";
import { VirtualRows } from "./virtual_rows.js";
import { _, locale, ngettext, numberText } from "./words.js";

const MOST_TEXT_ROWS = 500; // that are in the document, if only as text
const PAGE_KEYS = { PageUp: -1, PageDown: 1 };

/**
 * @typedef {object} TableOptions
 * @property {string} label name of the table for those who do not see it
 * @property {string} [sortLocale] locale in which texts are sorted
 * @property {(view: import("./state.js").View, isStep: boolean) => void} onView called when the visitor changes the view
 * @property {string} [file] address of a workbook, for a table that is too long to be sorted here
 * @property {boolean} [isMappable] whether rows can be shown on the map
 * @property {(rows: number[]) => void} [onSelect] called with the rows that are chosen for the map
 * @property {number} [mostSelected]
 * @property {ElementBudget} [budget] elements that the rows of the sheet may have
 */

/** A table of a report. */
export class DataTable {
  /**
   * @param {import("./table_data.js").WholeTable | import("./table_data.js").BlockTable} data
   * @param {import("./state.js").View} view
   * @param {TableOptions} options
   */
  constructor(data, view, options) {
    this.data = data;
    this.view = view;
    this.options = options;
    this.isPlain = this.#isShort();
    this.active = 0;
    /** @type {Set<number>} */
    this.selected = new Set();
    this.#build();
    this.update(view);
  }

  /**
   * Show another view: sort, search, filters, columns.
   * @param {import("./state.js").View} view
   */
  update(view) {
    this.view = view;
    this.shown = this.data.definition.columns.flatMap((column, place) =>
      column.hidden || view.hide.includes(column.field) ? [] : [place],
    );
    this.head.write();
    this.reorder();
  }

  /** Order and show the rows anew, after the view or the loaded rows have changed. */
  reorder() {
    const { data, view } = this;
    this.lines = data.isWhole ? this.#orderedLines() : new GroupedLines(data.groups, data.rowCount, false);
    this.active = Math.min(this.active, Math.max(0, this.lines.length - 1));
    const columnCount = this.shown.length + (this.options.isMappable ? 1 : 0);
    this.#writeFoot();
    this.table.setAttribute("aria-rowcount", String(this.lines.length + this.table.tHead.rows.length));
    if (this.virtual) this.virtual.show(this.lines.length, columnCount);
    else this.#writePlain(columnCount);
    this.#writeCount(Boolean(view.q || Object.values(view.filters).some(Boolean)));
  }

  /** Rows have come: those of a window that waited for them are written. */
  rowsCame() {
    if (!this.data.isWhole) this.virtual?.draw(true);
    else this.reorder();
  }

  #orderedLines() {
    const { data, view } = this;
    const whole = /** @type {import("./table_data.js").WholeTable} */ (data);
    const field = view.sort.replace(/^-/, "");
    const sorted = data.definition.columns.findIndex((column) => column.field === field && !column.hidden);
    const isFiltered = view.q || Object.values(view.filters).some(Boolean);
    if (sorted < 0 && !isFiltered) return new GroupedLines(whole.groups, data.bodyCount, this.#isSingleGroup);
    const rows = filteredRows(whole, this.shown, view);
    if (sorted >= 0) sortRows(rows, whole, sorted, view.sort.startsWith("-"), this.options.sortLocale ?? locale);
    return new OrderedLines(rows);
  }

  get #isSingleGroup() {
    return this.data.groups.length <= 1 && !this.data.groups[0]?.header;
  }

  /** @returns {boolean} whether the document has room for all rows, of which it is taken */
  #isShort() {
    const { rowCount, definition } = this.data;
    const elements = definition.columns.filter((column) => !column.hidden).length + (this.options.isMappable ? 3 : 1);
    const lines = rowCount + 2 * definition.groups.length;
    return rowCount <= MOST_TEXT_ROWS && (this.options.budget ?? new ElementBudget()).take(lines * elements);
  }

  #build() {
    const { header } = this.data.definition;
    this.count = el("span", { class: "count", role: "status" });
    this.head = new TableHead(this);
    this.rows = new TableRows(this);
    const tools = el("div", { class: "toolbar" }, this.count, this.head.filters, this.head.columnMenu);
    this.table = /** @type {HTMLTableElement} */ (
      el("table", { class: "data" }, el("thead"), el("tbody"), el("tfoot"))
    );
    const id = newId("table");
    const title = header ? el("h2", { id }, header) : null;
    const label = header ? { "aria-labelledby": id } : { "aria-label": this.options.label };
    this.scroller = el("div", { class: "scroller", tabindex: "0", role: "region", ...label }, this.table);
    this.scroller.classList.toggle("windowed", !this.isPlain);
    this.element = el("section", { class: "table-section" }, el("div", { class: "section-head" }, title, tools));
    if (!this.data.isWhole) this.element.append(this.#tooLongNote());
    for (const fact of this.data.definition.facts) {
      this.element.append(el("p", { class: "fact" }, `${fact.title}: `, el("bdi", {}, fact.text)));
    }
    this.element.append(this.scroller);
    this.scroller.addEventListener("keydown", (event) => this.#onKey(event));
    this.scroller.addEventListener("click", (event) => this.#onClick(event));
    if (!this.isPlain) {
      const textOf = this.data.rowCount <= MOST_TEXT_ROWS ? (first, end) => this.rows.text(first, end) : undefined;
      this.virtual = new VirtualRows(this.scroller, this.table.tBodies[0], (row, line) => this.rows.fill(row, line), textOf);
    }
  }

  #tooLongNote() {
    const text = ngettext(
      "This table has {number} row: sort and filter it in the XLSX file.",
      "This table has {number} rows: sort and filter it in the XLSX file.",
      this.data.rowCount,
    );
    const link = this.options.file ? el("a", { href: this.options.file, download: true }, _("Download XLSX")) : null;
    return el("p", { class: "fact" }, text, " ", link);
  }

  // Rows

  #writePlain(columnCount) {
    const rows = [];
    for (let line = 0; line < this.lines.length; line++) {
      const row = /** @type {HTMLTableRowElement} */ (el("tr"));
      this.rows.fill(row, line);
      rows.push(row);
    }
    if (!rows.length && this.data.rowCount) {
      rows.push(el("tr", {}, el("td", { class: "nothing", colspan: columnCount }, _("No row fits the search."))));
    }
    this.table.tBodies[0].replaceChildren(...rows);
  }

  /** Sums of all rows stay in sight below the others; they are those of the report whatever is searched for. */
  #writeFoot() {
    const rows = [];
    const { total } = this.data.isWhole && this.#isSingleGroup ? (this.data.groups[0] ?? {}) : {};
    const isFiltered = this.view.q || Object.values(this.view.filters).some(Boolean);
    if (total) rows.push(el("tr", {}, ...this.rows.totalCells(total, isFiltered ? _("(all rows)") : "")));
    for (let row = this.data.bodyCount; row < this.data.rowCount; row++) {
      if (!this.data.has(row)) continue;
      const cells = this.shown.map((place) => el("td", { class: this.rows.cellClass(place, -1) }, this.data.text(row, place)));
      rows.push(el("tr", {}, this.options.isMappable ? el("td", { class: "pick" }) : null, ...cells));
    }
    this.table.tFoot.replaceChildren(...rows);
  }

  #writeCount(isFiltered) {
    const all = this.data.bodyCount;
    const loaded = this.data.isWhole ? this.data.loaded : this.data.rowCount;
    const number = numberText;
    if (loaded < this.data.rowCount) this.count.textContent = _("{loaded} of {all} loaded", { loaded: number(loaded), all: number(all) });
    else if (isFiltered) this.count.textContent = _("{found} of {all}", { found: number(this.lines.length), all: number(all) });
    else this.count.textContent = ngettext("{number} row", "{number} rows", all);
  }

  // Choice of rows and keys

  /** @param {boolean} isOn whether the first rows are chosen, or none */
  selectAll(isOn) {
    this.selected.clear();
    for (let line = 0; isOn && line < this.lines.length && this.selected.size < (this.options.mostSelected ?? 100); line++) {
      const { kind, row } = this.lines.at(line);
      if (kind === "row") this.selected.add(row);
    }
    this.#selectionChanged();
  }

  /**
   * Choose a row for the map, alone or beside the others.
   * @param {number} line
   * @param {boolean} isAlone
   */
  #select(line, isAlone) {
    const { kind, row } = this.lines.at(line);
    if (kind !== "row" || !this.options.isMappable) return;
    const isOnly = this.selected.has(row) && (this.selected.size === 1 || !isAlone);
    if (isAlone) this.selected.clear();
    if (isOnly) this.selected.delete(row);
    else if (this.selected.size < (this.options.mostSelected ?? 100)) this.selected.add(row);
    this.#selectionChanged();
  }

  #selectionChanged() {
    for (const row of this.table.tBodies[0].rows) {
      if (row.dataset.kind === "row") this.rows.fill(row, Number(row.dataset.line));
    }
    this.head.write();
    this.options.onSelect?.([...this.selected]);
  }

  #onClick(event) {
    const row = event.target.closest("tbody tr[data-line]");
    if (!row || String(getSelection())) return;
    const line = Number(row.dataset.line);
    this.#setActive(line, false);
    this.#select(line, !event.target.closest(".pick") && !event.ctrlKey && !event.metaKey);
  }

  #onKey(event) {
    if (event.target.closest("thead") || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.lines.length - 1;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / (this.virtual?.lineHeight ?? 28)) - 3);
    const isOnRow = event.target !== this.scroller;
    const targets = {
      ArrowDown: isOnRow ? this.active + 1 : this.active,
      ArrowUp: this.active - 1,
      Home: 0,
      End: last,
      PageUp: this.active + PAGE_KEYS.PageUp * page,
      PageDown: this.active + PAGE_KEYS.PageDown * page,
    };
    if (event.key in targets) {
      event.preventDefault();
      this.#setActive(Math.min(Math.max(targets[event.key], 0), last), true);
    } else if ((event.key === "Enter" || event.key === " ") && isOnRow) {
      event.preventDefault();
      this.#select(this.active, event.key === "Enter");
    }
  }

  /** Give the focus to the row that had it last. */
  focus() {
    if (this.lines.length) this.#setActive(this.active, true);
    else this.scroller.focus();
  }

  #setActive(line, isFocused) {
    const before = this.#rowOf(this.active);
    if (before) before.tabIndex = -1;
    this.active = line;
    if (isFocused) this.virtual?.reveal(line);
    const row = this.#rowOf(line);
    if (!row) return;
    row.tabIndex = 0;
    if (!isFocused) return;
    const { tHead, tFoot } = this.table;
    this.scroller.style.scrollPaddingBlock = `${tHead.offsetHeight}px ${tFoot.offsetHeight}px`; // they stay in sight above rows
    row.focus({ preventScroll: Boolean(this.virtual) });
  }

  #rowOf(line) {
    return this.virtual ? this.virtual.rowOf(line) : (this.table.tBodies[0].rows[line] ?? null);
  }
}
