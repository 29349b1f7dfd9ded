/**
 * Sheets as the server gives them: rows of the sections one after the other, fetched in ranges.
 * @module
 */

import { request } from "./request.js";

const FIRST_ROWS = 500;
const ROWS = 10_000; // of further requests
const AT_ONCE = 2;
const MOST_WHOLE_ROWS = 200_000; // of a table; a longer one is not loaded whole
const MOST_CHART_ROWS = 5_000; // of line charts that come with the other rows; longer ones come thinned for the screen
const POINTS = 5_000; // of each line of a thinned chart, four for each pixel of a wide screen

/**
 * @typedef {{kind: string, header: string, row_count: number, groups?: [number, number, number][]}} SectionOutline `groups` of a
 *   long table: rows of each, and whether it has a line with its name and one with its sums
 */
/** @typedef {{header: string, entity_ids: number[], sections: SectionOutline[]}} SheetOutline */
/** @typedef {{type: string, place: number, first_row: number} & Record<string, any>} Piece */

/** Sheet that is loaded piece by piece. */
export class SheetSource {
  /**
   * @param {string} address of the sheet's data
   * @param {SheetOutline} outline
   */
  constructor(address, outline) {
    this.address = address;
    this.outline = outline;
    this.abort = new AbortController();
    let row = 0;
    this.starts = outline.sections.map(({ row_count: count }) => (row += count) - count);
    this.rowCount = row;
  }

  /** Stop loading. */
  stop() {
    this.abort.abort();
  }

  /** @param {number} place @returns {boolean} whether a section is a table that is too long to be loaded whole */
  isLong(place) {
    const { kind, row_count: count } = this.outline.sections[place];
    return kind === "table" && count > MOST_WHOLE_ROWS;
  }

  /** @param {number} place @returns {boolean} whether a section is a line chart that comes thinned */
  isThinned(place) {
    const { kind, row_count: count } = this.outline.sections[place];
    return kind === "line_chart" && count > MOST_CHART_ROWS;
  }

  /**
   * Return a line chart thinned for the screen, whole or a part of its x axis.
   * @param {number} place
   * @param {[number, number]} [range]
   * @returns {Promise<Piece>}
   */
  async chart(place, range) {
    const query = new URLSearchParams({ section: String(place), points: String(POINTS) });
    if (range) for (const [i, name] of ["from_x", "to_x"].entries()) query.set(name, String(range[i]));
    const found = await request(`${this.address}?${query}`, { signal: this.abort.signal });
    return found.sections[0];
  }

  /**
   * Load the sheet but for long tables, of which the first rows come, and for charts that come thinned.
   * @param {(pieces: Piece[]) => void} onPieces called with pieces in the order of the rows
   */
  async load(onPieces) {
    const ranges = this.#ranges();
    /** @type {Map<number, Promise<Piece[]>>} */
    const coming = new Map();
    for (let i = 0; i < ranges.length; i++) {
      for (let ahead = i; ahead < Math.min(i + (i ? AT_ONCE : 1), ranges.length); ahead++) {
        if (!coming.has(ahead)) coming.set(ahead, this.rows(...ranges[ahead]));
      }
      onPieces(await coming.get(i));
      coming.delete(i);
    }
  }

  /**
   * @param {number} first row of the sheet
   * @param {number} count
   * @returns {Promise<Piece[]>} pieces, each with the row of its section at which it begins
   */
  async rows(first, count) {
    const query = new URLSearchParams({ from_row: String(first), rows: String(count) });
    const found = await request(`${this.address}?${query}`, { signal: this.abort.signal });
    return found.sections.map((piece) => ({ ...piece, first_row: piece.first_row - this.starts[piece.place] }));
  }

  /**
   * @param {number} place of a section
   * @param {number} first row of the section
   * @param {number} count
   * @returns {Promise<Piece[]>}
   */
  async sectionRows(place, first, count) {
    const pieces = await this.rows(this.starts[place] + first, count);
    return pieces.filter((piece) => piece.place === place);
  }

  /** @returns {[number, number][]} first row and number of rows of each request */
  #ranges() {
    const ranges = [];
    let first = 0;
    const upTo = (end) => {
      while (first < end) {
        const count = Math.min(end - first, ranges.length ? ROWS : FIRST_ROWS);
        ranges.push([first, count]);
        first += count;
      }
    };
    this.outline.sections.forEach((section, place) => {
      if (!this.isLong(place) && !this.isThinned(place)) return;
      upTo(this.starts[place] + (this.isLong(place) ? FIRST_ROWS : 0));
      first = this.starts[place] + section.row_count;
    });
    upTo(this.rowCount);
    if (!ranges.length && !this.rowCount) ranges.push([0, FIRST_ROWS]);
    return /** @type {[number, number][]} */ (ranges);
  }
}
