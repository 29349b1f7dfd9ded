/**
 * Tables of a report: heads that sort, filters, choice of columns, totals; up to 500 rows as a plain table, longer ones as a
 * window on their rows.
 * @module
 */

import { el, newId } from "./elements.js";
import { GroupedLines, OrderedLines, PlainLines, filteredRows, sortRows } from "./row_order.js";
import { VirtualRows } from "./virtual_rows.js";
import { _, locale, ngettext } from "./words.js";

const MOST_PLAIN_ROWS = 500;
const SAMPLE = 500; // rows from which widths are taken
const NARROWEST = 5; // characters
const WIDEST = 44;
const PAGE_KEYS = { PageUp: -1, PageDown: 1 };
const NUMBERS = new Set(["number", "duration", "percent", "money"]);

/**
 * @typedef {object} TableOptions
 * @property {string} label name of the table for those who do not see it
 * @property {string} [sortLocale] locale in which texts are sorted
 * @property {(view: import("./state.js").View, isStep: boolean) => void} onView called when the visitor changes the view
 * @property {string} [file] address of a workbook, for a table that is too long to be sorted here
 * @property {boolean} [isMappable] whether rows can be shown on the map
 * @property {(rows: number[]) => void} [onSelect] called with the rows that are chosen for the map
 * @property {number} [mostSelected]
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
    this.isPlain = data.rowCount <= MOST_PLAIN_ROWS;
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
    this.#writeHead();
    this.#writeFoot();
    this.reorder();
  }

  /** Order and show the rows anew, after the view or the loaded rows have changed. */
  reorder() {
    const { data, view } = this;
    this.lines = data.isWhole ? this.#orderedLines() : new PlainLines(data.rowCount);
    this.active = Math.min(this.active, Math.max(0, this.lines.length - 1));
    const columnCount = this.shown.length + (this.options.isMappable ? 1 : 0);
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

  #build() {
    const { header } = this.data.definition;
    this.count = el("span", { class: "count", role: "status" });
    this.filters = el("button", { type: "button", "aria-expanded": "false", onclick: () => this.#toggleFilters() }, _("Filters"));
    this.columnMenu = el("details", { class: "menu" }, el("summary", { class: "button" }, _("Columns")));
    this.columnMenu.addEventListener("toggle", () => this.#writeColumnMenu());
    const tools = el("div", { class: "toolbar" }, this.count, this.filters, this.columnMenu);
    this.table = /** @type {HTMLTableElement} */ (
      el("table", { class: "data" }, el("thead"), el("tbody"), el("tfoot"))
    );
    const id = newId("table");
    const title = header ? el("h3", { id }, header) : null;
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
      this.virtual = new VirtualRows(this.scroller, this.table.tBodies[0], (row, line) => this.#fill(row, line));
    }
  }

  #tooLongNote() {
    const text = ngettext(
      "This table has {number} row: sort and filter it in the XLSX file.",
      "This table has {number} rows: sort and filter it in the XLSX file.",
      this.data.rowCount,
    );
    const link = this.options.file ? el("a", { href: this.options.file, download: true }, _("Download XLSX")) : null;
    this.filters.hidden = true;
    return el("p", { class: "fact" }, text, " ", link);
  }

  // Heads

  #writeHead() {
    const head = this.table.tHead;
    const rows = [];
    const groups = this.data.definition.column_groups;
    if (groups.length) rows.push(this.#groupHeads(groups));
    rows.push(el("tr", {}, this.#pickHead(), ...this.shown.map((place) => this.#head(place))));
    if (this.filters.getAttribute("aria-expanded") === "true") rows.push(this.#filterRow());
    rows.forEach((row, place) => row.setAttribute("aria-rowindex", String(place + 1)));
    const focused = head.contains(document.activeElement) ? document.activeElement.getAttribute("data-field") : null;
    head.replaceChildren(...rows);
    if (focused) head.querySelector(`[data-field="${CSS.escape(focused)}"]`)?.focus();
    if (!this.isPlain) this.#writeWidths();
  }

  #groupHeads(groups) {
    const row = el("tr", { class: "column-groups" }, this.options.isMappable ? el("td") : null);
    for (let i = 0; i < this.shown.length; ) {
      const { field } = this.data.definition.columns[this.shown[i]];
      const group = groups.find((one) => one.fields.includes(field));
      let span = 1;
      while (group && i + span < this.shown.length) {
        if (!group.fields.includes(this.data.definition.columns[this.shown[i + span]].field)) break;
        span++;
      }
      row.append(group ? el("th", { colspan: span, scope: "colgroup" }, group.title) : el("td"));
      i += span;
    }
    return row;
  }

  #pickHead() {
    if (!this.options.isMappable) return null;
    const box = el("input", { type: "checkbox", "aria-label": _("All rows on the map"), "data-field": "*" });
    box.checked = this.selected.size > 0;
    box.addEventListener("change", () => this.#selectAll(box.checked));
    return el("th", { class: "pick" }, box);
  }

  #head(place) {
    const { field, title, align } = this.data.definition.columns[place];
    const name = title.replace("\n", " ");
    if (!this.data.isWhole) return el("th", { class: align, scope: "col" }, name);
    const [ascending, descending] = [this.view.sort === field, this.view.sort === `-${field}`];
    const sort = ascending ? "ascending" : descending ? "descending" : null;
    const mark = el("span", { class: "sort-mark", "aria-hidden": "true" }, ascending ? "▲" : descending ? "▼" : "");
    const button = el("button", { type: "button", "data-field": field, onclick: () => this.#sortBy(field) }, name, mark);
    return el("th", { class: align, scope: "col", "aria-sort": sort }, button);
  }

  #sortBy(field) {
    const next = { [field]: `-${field}`, [`-${field}`]: "" }[this.view.sort] ?? field;
    this.options.onView({ ...this.view, sort: next }, true);
  }

  #toggleFilters() {
    const isOpen = this.filters.getAttribute("aria-expanded") !== "true";
    this.filters.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#writeHead();
    else if (Object.keys(this.view.filters).length) this.options.onView({ ...this.view, filters: {} }, false);
    else this.#writeHead();
    if (isOpen) this.table.tHead.querySelector("input[type=search]")?.focus();
  }

  #filterRow() {
    const row = el("tr", { class: "filters" }, this.options.isMappable ? el("td") : null);
    for (const place of this.shown) {
      const { field, title, kind } = this.data.definition.columns[place];
      const input = /** @type {HTMLInputElement} */ (
        el("input", {
          type: "search",
          "data-field": `f-${field}`,
          "aria-label": _("Filter: {column}", { column: title.replace("\n", " ") }),
          placeholder: NUMBERS.has(kind) ? _("10..20, >5") : _("contains"),
          value: this.view.filters[field] ?? "",
        })
      );
      input.addEventListener("input", () => {
        const filters = { ...this.view.filters, [field]: input.value };
        if (!input.value) delete filters[field];
        this.options.onView({ ...this.view, filters }, false);
      });
      row.append(el("td", {}, input));
    }
    return row;
  }

  #writeColumnMenu() {
    if (!this.columnMenu.open) return;
    const boxes = this.data.definition.columns.flatMap((column) => {
      if (column.hidden) return [];
      const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
      box.checked = !this.view.hide.includes(column.field);
      box.addEventListener("change", () => {
        const hide = this.view.hide.filter((field) => field !== column.field);
        if (!box.checked) hide.push(column.field);
        this.options.onView({ ...this.view, hide }, false);
      });
      return [el("label", { class: "check" }, box, column.title.replace("\n", " "))];
    });
    const note = el("p", { class: "hint" }, _("Files hold all columns."));
    const list = el("fieldset", {}, el("legend", { class: "visually-hidden" }, _("Columns")), ...boxes, note);
    this.columnMenu.replaceChildren(this.columnMenu.firstElementChild, list);
  }

  #writeWidths() {
    this.table.querySelector("colgroup")?.remove();
    const group = el("colgroup", {}, this.options.isMappable ? el("col", { class: "pick" }) : null);
    let sum = this.options.isMappable ? 4 : 0;
    for (const place of this.shown) {
      const width = this.#width(place);
      sum += width;
      const column = el("col");
      column.style.width = `${width}ch`;
      group.append(column);
    }
    this.table.prepend(group);
    this.table.style.minWidth = `${sum}ch`;
  }

  /** @param {number} place @returns {number} characters that fit most of a column's texts and its title's words */
  #width(place) {
    const { title, text, kind } = this.data.definition.columns[place];
    const sample = text.slice(0, SAMPLE);
    const words = title.split(/\s+/).map((word) => word.length * 1.1 + 2);
    const longest = sample.reduce((most, one) => Math.max(most, one.length), 0) * (NUMBERS.has(kind) ? 1.05 : 0.95);
    return Math.min(WIDEST, Math.max(NARROWEST, longest + 2.5, ...words));
  }

  // Rows

  #writePlain(columnCount) {
    const rows = [];
    for (let line = 0; line < this.lines.length; line++) {
      const row = /** @type {HTMLTableRowElement} */ (el("tr"));
      this.#fill(row, line);
      rows.push(row);
    }
    if (!rows.length && this.data.rowCount) {
      rows.push(el("tr", {}, el("td", { class: "nothing", colspan: columnCount }, _("No row fits the search."))));
    }
    this.table.tBodies[0].replaceChildren(...rows);
  }

  /** @param {HTMLTableRowElement} row @param {number} line */
  #fill(row, line) {
    const { kind, row: number, group } = this.lines.at(line);
    row.setAttribute("aria-rowindex", String(line + this.table.tHead.rows.length + 1));
    row.tabIndex = line === this.active ? 0 : -1;
    row.dataset.line = String(line);
    if (kind === "row") this.#fillRow(row, number);
    else if (kind === "head") this.#fillHead(row, this.data.groups[group].header);
    else this.#fillTotal(row, this.data.groups[group].total);
  }

  #fillRow(row, number) {
    const cells = this.shown.length + (this.options.isMappable ? 1 : 0);
    if (row.dataset.kind !== "row" || row.cells.length !== cells) {
      row.replaceChildren();
      row.dataset.kind = "row";
      if (this.options.isMappable) row.append(el("td", { class: "pick" }, el("input", { type: "checkbox", tabindex: "-1" })));
      for (let i = 0; i < this.shown.length; i++) row.append(document.createElement("td"));
    }
    const isSelected = this.selected.has(number);
    row.className = isSelected ? "selected" : "";
    let i = 0;
    if (this.options.isMappable) {
      const box = /** @type {HTMLInputElement} */ (row.cells[i++].firstElementChild);
      box.checked = isSelected;
      box.setAttribute("aria-label", _("Row {number} on the map", { number: (number + 1).toLocaleString(locale) }));
    }
    const isLoaded = this.data.has(number);
    for (const place of this.shown) {
      const cell = row.cells[i++];
      const text = isLoaded ? this.data.text(number, place) : "…";
      if (cell.textContent !== text) cell.textContent = text;
      cell.className = this.#cellClass(place, number);
      if (!this.isPlain && text.length > WIDEST - 6) cell.title = text;
      else cell.removeAttribute("title");
    }
    if (!isLoaded) this.data.need(number, number);
  }

  #cellClass(place, number) {
    const { align, max_row: most, min_row: least } = this.data.definition.columns[place];
    if (number === most) return `${align} largest`;
    return number === least ? `${align} smallest` : align;
  }

  #fillHead(row, header) {
    row.dataset.kind = "head";
    row.className = "group-head";
    const span = this.shown.length + (this.options.isMappable ? 1 : 0);
    row.replaceChildren(el("th", { colspan: span, scope: "rowgroup" }, el("span", {}, header)));
  }

  #fillTotal(row, total) {
    row.dataset.kind = "total";
    row.className = "group-total";
    row.replaceChildren(...this.#totalCells(total));
  }

  /** @param {{text: string, cells: Record<string, string>}} total */
  #totalCells(total, note = "") {
    let words = [total.text, note].filter(Boolean).join(" ");
    const cells = this.shown.map((place) => {
      const { field, align } = this.data.definition.columns[place];
      const text = total.cells[field];
      if (text !== undefined) return el("td", { class: align }, text);
      const cell = el("td", {}, words);
      words = "";
      return cell;
    });
    if (this.options.isMappable) cells.unshift(el("td", { class: "pick" }));
    return cells;
  }

  /** Sums of all rows stay in sight below the others; they are those of the report whatever is searched for. */
  #writeFoot() {
    const rows = [];
    const { total } = this.#isSingleGroup ? (this.data.groups[0] ?? {}) : {};
    const isFiltered = this.view.q || Object.values(this.view.filters).some(Boolean);
    if (total) rows.push(el("tr", {}, ...this.#totalCells(total, isFiltered ? _("(all rows)") : "")));
    for (let row = this.data.bodyCount; row < this.data.rowCount; row++) {
      if (!this.data.has(row)) continue;
      const cells = this.shown.map((place) => el("td", { class: this.#cellClass(place, -1) }, this.data.text(row, place)));
      rows.push(el("tr", {}, this.options.isMappable ? el("td", { class: "pick" }) : null, ...cells));
    }
    this.table.tFoot.replaceChildren(...rows);
  }

  #writeCount(isFiltered) {
    const all = this.data.bodyCount;
    const loaded = this.data.isWhole ? this.data.loaded : this.data.rowCount;
    const number = (count) => count.toLocaleString(locale);
    if (loaded < this.data.rowCount) this.count.textContent = _("{loaded} of {all} loaded", { loaded: number(loaded), all: number(all) });
    else if (isFiltered) this.count.textContent = _("{found} of {all}", { found: number(this.lines.length), all: number(all) });
    else this.count.textContent = ngettext("{number} row", "{number} rows", all);
  }

  // Choice of rows and keys

  #selectAll(isOn) {
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
      if (row.dataset.kind === "row") this.#fill(row, Number(row.dataset.line));
    }
    const box = this.table.tHead.querySelector("th.pick input");
    if (box) box.checked = this.selected.size > 0;
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

  #setActive(line, isFocused) {
    const before = this.#rowOf(this.active);
    if (before) before.tabIndex = -1;
    this.active = line;
    if (isFocused) this.virtual?.reveal(line);
    const row = this.#rowOf(line);
    if (!row) return;
    row.tabIndex = 0;
    if (isFocused) row.focus({ preventScroll: Boolean(this.virtual) });
  }

  #rowOf(line) {
    return this.virtual ? this.virtual.rowOf(line) : (this.table.tBodies[0].rows[line] ?? null);
  }
}
