/**
 * Window of a long table: only the lines that are seen are rows of the document, between two spacers, which may hold the
 * texts of the others.
 * @module
 */

import { el } from "./elements.js";

const MOST_LINES_TALL = 400_000; // above it the scroll height is scaled: browsers do not lay out much more
const BEYOND = 6; // lines above and below those that are seen
const BEYOND_WIDE = 2; // of a table with many columns
const MANY_COLUMNS = 20;
const GUESSED_HEIGHT = 28; // pixels of a line until one is measured

/** Lines of a table body of which those that are seen are in the document. */
export class VirtualRows {
  /**
   * @param {HTMLElement} scroller
   * @param {HTMLTableSectionElement} body
   * @param {(row: HTMLTableRowElement, line: number) => void} fill writes a line into a row of the document
   * @param {(first: number, end: number) => string} [textOf] returns the texts of lines, for a table whose every line can be
   *   found and selected
   */
  constructor(scroller, body, fill, textOf) {
    this.scroller = scroller;
    this.body = body;
    this.fill = fill;
    this.textOf = textOf;
    this.isUnfolded = false;
    this.length = 0;
    this.columnCount = 1;
    this.height = 0;
    this.first = 0;
    this.room = GUESSED_HEIGHT;
    /** @type {HTMLTableRowElement[]} */
    this.rows = [];
    this.above = this.#spacer();
    this.below = this.#spacer();
    body.replaceChildren(this.above, this.below);
    scroller.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroller);
  }

  /**
   * Show so many lines anew.
   * @param {number} length
   * @param {number} columnCount
   */
  show(length, columnCount) {
    this.length = length;
    this.columnCount = columnCount;
    this.draw(true);
  }

  /**
   * Make rows of all lines, for paper, where the table has their texts.
   * @param {boolean} isUnfolded
   */
  unfold(isUnfolded) {
    if (!this.textOf || isUnfolded === this.isUnfolded) return;
    this.isUnfolded = isUnfolded;
    this.draw(true);
  }

  /**
   * Bring the document's rows in line with the place of the scroller.
   * @param {boolean} [isChanged] whether lines that are there already must be written again
   */
  draw(isChanged = false) {
    this.room = this.#measuredRoom();
    const height = this.lineHeight;
    const beyond = this.columnCount > MANY_COLUMNS ? BEYOND_WIDE : BEYOND;
    const offset = this.scroller.scrollTop * this.#ratio;
    const visible = Math.ceil(this.room / height);
    const most = this.isUnfolded ? this.length : visible + 2 * beyond;
    const first = Math.max(0, Math.min(Math.floor(offset / height) - beyond, this.length - most));
    const count = Math.min(this.length - first, most);
    const top = Math.max(0, this.scroller.scrollTop - (offset - first * height));
    this.#fit(count);
    const isMoved = first !== this.first;
    this.first = first;
    const isOther = isMoved || isChanged || this.drawn !== count;
    if (isOther) this.rows.forEach((row, place) => this.fill(row, first + place));
    this.drawn = count;
    this.#stretch(this.above, top, isOther ? [0, first] : null);
    this.#stretch(this.below, Math.max(0, this.#tall - top - count * height), isOther ? [first + count, this.length] : null);
    if (isChanged || !this.height) this.#measure();
  }

  /**
   * Scroll as little as needed to see a line.
   * @param {number} line
   */
  reveal(line) {
    const height = this.lineHeight;
    const offset = this.scroller.scrollTop * this.#ratio;
    let wanted = offset;
    if (line * height < offset) wanted = line * height;
    else if ((line + 1) * height > offset + this.room) wanted = (line + 1) * height - this.room;
    if (wanted !== offset) {
      this.scroller.scrollTop = Math.ceil(wanted / this.#ratio);
      this.draw();
    }
  }

  /** @param {number} line @returns {HTMLTableRowElement | null} the row of a line that is in the document */
  rowOf(line) {
    return this.rows[line - this.first] ?? null;
  }

  /** Pixels of a line. */
  get lineHeight() {
    return this.height || GUESSED_HEIGHT;
  }

  /** @returns {number} pixels in which lines are seen: the scroller without the heads and sums that stay in place */
  #measuredRoom() {
    const table = /** @type {HTMLTableElement} */ (this.body.parentElement);
    const kept = (table.tHead?.offsetHeight ?? 0) + (table.tFoot?.offsetHeight ?? 0);
    return Math.max(this.lineHeight, this.scroller.clientHeight - kept);
  }

  /** Pixels of all lines, scaled where they are too many. */
  get #tall() {
    return Math.min(this.length, MOST_LINES_TALL) * this.lineHeight;
  }

  /** Pixels of lines for a pixel of scrolling. */
  get #ratio() {
    if (this.length <= MOST_LINES_TALL) return 1;
    return (this.length * this.lineHeight - this.room) / (this.#tall - this.room);
  }

  #spacer() {
    return /** @type {HTMLTableRowElement} */ (el("tr", { class: "spacer", "aria-hidden": "true" }, el("td", {}, el("div"))));
  }

  /**
   * @param {HTMLTableRowElement} spacer
   * @param {number} pixels
   * @param {[number, number] | null} lines first line for which it stands and the one behind the last; null where they are
   *   those from before
   */
  #stretch(spacer, pixels, lines) {
    const box = /** @type {HTMLElement} */ (spacer.cells[0].firstElementChild);
    box.style.height = `${pixels}px`;
    if (!this.textOf) return;
    box.style.lineHeight = `${this.lineHeight}px`;
    if (lines) box.textContent = this.textOf(...lines);
  }

  #fit(count) {
    while (this.rows.length > count) this.rows.pop()?.remove();
    while (this.rows.length < count) {
      const row = /** @type {HTMLTableRowElement} */ (el("tr"));
      this.rows.push(row);
      this.below.before(row);
    }
    for (const spacer of [this.above, this.below]) spacer.cells[0].colSpan = this.columnCount;
  }

  #measure() {
    const measured = this.rows[0]?.getBoundingClientRect().height ?? 0;
    if (measured && Math.abs(measured - this.lineHeight) > 0.05) {
      this.height = measured;
      this.draw();
    }
  }
}
