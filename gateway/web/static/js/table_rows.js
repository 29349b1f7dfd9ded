/**
 * Lines of a table in the rows of the document: rows, heads of groups, sums.
 * @module
 */

import { el } from "./elements.js";
import { _, numberText } from "./words.js";

const LONG_TEXTS = 4; // width of a column of addresses and the like, as reports tell it
const LONG = 38; // characters; a longer text of a window may be cut and is told whole under the pointer

/** Writer of the lines of a table. */
export class TableRows {
  /** @param {import("./table.js").DataTable} owner */
  constructor(owner) {
    this.owner = owner;
  }

  /**
   * Write a line into a row of the document.
   * @param {HTMLTableRowElement} row
   * @param {number} line
   */
  fill(row, line) {
    const { kind, row: number, group } = this.owner.lines.at(line);
    row.setAttribute("aria-rowindex", String(line + this.owner.table.tHead.rows.length + 1));
    row.tabIndex = line === this.owner.active ? 0 : -1;
    row.dataset.line = String(line);
    if (kind === "row") this.#fillRow(row, number);
    else if (kind === "head") this.#fillHead(row, this.owner.data.groupHeader(group, number));
    else this.#fillTotal(row, this.owner.data.groupTotal(group, number));
  }

  #fillRow(row, number) {
    const cells = this.owner.shown.length + (this.owner.options.isMappable ? 1 : 0);
    if (row.dataset.kind !== "row" || row.cells.length !== cells) {
      row.replaceChildren();
      row.dataset.kind = "row";
      if (this.owner.options.isMappable) row.append(el("td", { class: "pick" }, el("input", { type: "checkbox", tabindex: "-1" })));
      for (let i = 0; i < this.owner.shown.length; i++) row.append(document.createElement("td"));
    }
    const isSelected = this.owner.selected.has(number);
    row.className = isSelected ? "selected" : "";
    let i = 0;
    if (this.owner.options.isMappable) {
      const box = /** @type {HTMLInputElement} */ (row.cells[i++].firstElementChild);
      box.checked = isSelected;
      box.setAttribute("aria-label", _("Row {number} on the map", { number: numberText(number + 1) }));
    }
    const isLoaded = this.owner.data.has(number);
    for (const place of this.owner.shown) {
      const cell = row.cells[i++];
      const text = isLoaded ? this.owner.data.text(number, place) : "…";
      if (cell.textContent !== text) cell.textContent = text;
      cell.className = this.cellClass(place, number);
      if (!this.owner.isPlain && text.length > LONG) cell.title = text;
      else cell.removeAttribute("title");
    }
    if (!isLoaded) this.owner.data.need(number, number);
  }

  /**
   * Return lines as text, each a line with tabs between its cells.
   * @param {number} first
   * @param {number} end the line behind the last
   * @returns {string}
   */
  text(first, end) {
    const texts = [];
    for (let line = first; line < end; line++) texts.push(this.#lineTexts(line).join("\t").replace(/[\n\r]+/g, " "));
    return texts.join("\n");
  }

  #lineTexts(line) {
    const { lines, data, shown } = this.owner;
    const { kind, row, group } = lines.at(line);
    if (kind === "head") return [data.groupHeader(group, row)];
    if (kind === "total") return this.totalCells(data.groupTotal(group, row)).map((cell) => cell.textContent ?? "");
    return data.has(row) ? shown.map((place) => data.text(row, place)) : [];
  }

  cellClass(place, number) {
    const { align, width, max_row: most, min_row: least } = this.owner.data.definition.columns[place];
    const look = width >= LONG_TEXTS ? `${align} long` : align;
    if (number === most) return `${look} largest`;
    return number === least ? `${look} smallest` : look;
  }

  #fillHead(row, header) {
    row.dataset.kind = "head";
    row.className = "group-head";
    const span = this.owner.shown.length + (this.owner.options.isMappable ? 1 : 0);
    row.replaceChildren(el("th", { colspan: span, scope: "rowgroup" }, el("span", {}, header)));
  }

  #fillTotal(row, total) {
    row.dataset.kind = "total";
    row.className = "group-total";
    row.replaceChildren(...this.totalCells(total));
  }

  /** @param {{text: string, cells: Record<string, string>}} total */
  totalCells(total, note = "") {
    let words = [total.text, note].filter(Boolean).join(" ");
    const cells = this.owner.shown.map((place) => {
      const { field, align } = this.owner.data.definition.columns[place];
      const text = total.cells[field];
      if (text !== undefined) return el("td", { class: align }, text);
      const cell = el("td", {}, words);
      words = "";
      return cell;
    });
    if (this.owner.options.isMappable) cells.unshift(el("td", { class: "pick" }));
    return cells;
  }
}
