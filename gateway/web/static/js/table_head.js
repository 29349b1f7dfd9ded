/**
 * Heads of a table: titles that sort, filters of columns, the choice of columns, widths.
 * @module
 */

import { el } from "./elements.js";
import { _ } from "./words.js";

const SAMPLE = 500; // rows from which widths are taken
const NARROWEST = 5; // characters
const WIDEST = 44;
const ROOMY = 14;
const NUMBERS = new Set(["number", "duration", "percent", "money"]);

/** Heads of a table. */
export class TableHead {
  /** @param {import("./table.js").DataTable} owner */
  constructor(owner) {
    this.owner = owner;
    this.facts = "";
    this.isOpen = Object.keys(owner.view.filters).length > 0;
    this.filters = el("button", { type: "button", "aria-expanded": String(this.isOpen), onclick: () => this.#toggleFilters() }, _("Filters"));
    this.filters.hidden = !owner.data.isWhole;
    this.columnMenu = el("details", { class: "menu" }, el("summary", { class: "button" }, _("Columns")));
    this.columnMenu.addEventListener("toggle", () => this.#writeColumnMenu());
  }

  /** Write the heads anew where the columns, the sort or the filters that are open have changed. */
  write() {
    const { shown, view, selected } = this.owner;
    const facts = JSON.stringify([shown, view.sort, this.isOpen, selected.size > 0]);
    if (facts !== this.facts) this.#rewrite();
    this.facts = facts;
    for (const input of this.owner.table.tHead.querySelectorAll("[data-filter]")) {
      if (input !== document.activeElement) input.value = view.filters[input.dataset.filter] ?? "";
    }
  }

  #rewrite() {
    const head = this.owner.table.tHead;
    const rows = [];
    const groups = this.owner.data.definition.column_groups;
    if (groups.length) rows.push(this.#groupHeads(groups));
    rows.push(el("tr", {}, this.#pickHead(), ...this.owner.shown.map((place) => this.#head(place))));
    if (this.isOpen) rows.push(this.#filterRow());
    rows.forEach((row, place) => row.setAttribute("aria-rowindex", String(place + 1)));
    const focused = head.contains(document.activeElement) ? document.activeElement.getAttribute("data-field") : null;
    head.replaceChildren(...rows);
    if (focused) head.querySelector(`[data-field="${CSS.escape(focused)}"]`)?.focus();
    if (!this.owner.isPlain) this.#writeWidths();
  }

  #groupHeads(groups) {
    const row = el("tr", { class: "column-groups" }, this.owner.options.isMappable ? el("td") : null);
    for (let i = 0; i < this.owner.shown.length; ) {
      const { field } = this.owner.data.definition.columns[this.owner.shown[i]];
      const group = groups.find((one) => one.fields.includes(field));
      let span = 1;
      while (group && i + span < this.owner.shown.length) {
        if (!group.fields.includes(this.owner.data.definition.columns[this.owner.shown[i + span]].field)) break;
        span++;
      }
      row.append(group ? el("th", { colspan: span, scope: "colgroup" }, group.title) : el("td"));
      i += span;
    }
    return row;
  }

  #pickHead() {
    if (!this.owner.options.isMappable) return null;
    const box = el("input", { type: "checkbox", "aria-label": _("All rows on the map"), "data-field": "*" });
    box.checked = this.owner.selected.size > 0;
    box.addEventListener("change", () => this.owner.selectAll(box.checked));
    return el("th", { class: "pick" }, box);
  }

  #head(place) {
    const { field, title, align } = this.owner.data.definition.columns[place];
    const name = title.replace("\n", " ");
    if (!this.owner.data.isWhole) return el("th", { class: align, scope: "col" }, name);
    const [ascending, descending] = [this.owner.view.sort === field, this.owner.view.sort === `-${field}`];
    const sort = ascending ? "ascending" : descending ? "descending" : null;
    const mark = el("span", { class: "sort-mark", "aria-hidden": "true" }, ascending ? "▲" : descending ? "▼" : "");
    const button = el("button", { type: "button", "data-field": field, onclick: () => this.#sortBy(field) }, name, mark);
    return el("th", { class: align, scope: "col", "aria-sort": sort }, button);
  }

  #sortBy(field) {
    const next = { [field]: `-${field}`, [`-${field}`]: "" }[this.owner.view.sort] ?? field;
    this.owner.options.onView({ ...this.owner.view, sort: next }, true);
  }

  #toggleFilters() {
    this.isOpen = !this.isOpen;
    this.filters.setAttribute("aria-expanded", String(this.isOpen));
    const isCleared = !this.isOpen && Object.keys(this.owner.view.filters).length > 0;
    if (isCleared) this.owner.options.onView({ ...this.owner.view, filters: {} }, false);
    this.write();
    if (this.isOpen) this.owner.table.tHead.querySelector("[data-filter]")?.focus();
  }

  #filterRow() {
    const row = el("tr", { class: "filter-row" }, this.owner.options.isMappable ? el("td") : null);
    for (const place of this.owner.shown) {
      const { field, title, kind } = this.owner.data.definition.columns[place];
      const input = /** @type {HTMLInputElement} */ (
        el("input", {
          type: "search",
          "data-field": `f-${field}`,
          "data-filter": field,
          "aria-label": _("Filter: {column}", { column: title.replace("\n", " ") }),
          placeholder: NUMBERS.has(kind) ? _("10..20, >5") : _("contains"),
          value: this.owner.view.filters[field] ?? "",
        })
      );
      input.addEventListener("input", () => {
        const filters = { ...this.owner.view.filters, [field]: input.value };
        if (!input.value) delete filters[field];
        this.owner.options.onView({ ...this.owner.view, filters }, false);
      });
      row.append(el("td", {}, input));
    }
    return row;
  }

  #writeColumnMenu() {
    if (!this.columnMenu.open) return;
    const boxes = this.owner.data.definition.columns.flatMap((column) => {
      if (column.hidden) return [];
      const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
      box.checked = !this.owner.view.hide.includes(column.field);
      box.addEventListener("change", () => {
        const hide = this.owner.view.hide.filter((field) => field !== column.field);
        if (!box.checked) hide.push(column.field);
        this.owner.options.onView({ ...this.owner.view, hide }, false);
      });
      return [el("label", { class: "check" }, box, column.title.replace("\n", " "))];
    });
    const note = el("p", { class: "hint" }, _("Files hold all columns."));
    const list = el("fieldset", {}, el("legend", { class: "visually-hidden" }, _("Columns")), ...boxes, note);
    this.columnMenu.replaceChildren(this.columnMenu.firstElementChild, list);
  }

  #writeWidths() {
    this.owner.table.querySelector("colgroup")?.remove();
    const group = el("colgroup", {}, this.owner.options.isMappable ? el("col", { class: "pick" }) : null);
    let sum = this.owner.options.isMappable ? 4 : 0;
    for (const place of this.owner.shown) {
      const width = this.#width(place);
      sum += width;
      const column = el("col");
      column.style.width = `${width}ch`;
      group.append(column);
    }
    this.owner.table.prepend(group);
    this.owner.table.style.minWidth = `${sum}ch`;
  }

  /** @param {number} place @returns {number} characters that fit most of a column's texts and its title's words */
  #width(place) {
    const { title, text, kind } = this.owner.data.definition.columns[place];
    const sample = text.slice(0, SAMPLE);
    const words = title.split(/\s+/).map((word) => word.length * 1.1 + 2);
    const longest = sample.reduce((most, one) => Math.max(most, one.length), 0) * (NUMBERS.has(kind) ? 1.05 : 0.95);
    return Math.min(WIDEST, Math.max(NARROWEST, longest + 2.5, Math.min(ROOMY, title.length / 2 + 3), ...words));
  }
}
