/**
 * Rows of a table as they come from the server: all of them, or of a long table those around the place that is shown.
 * @module
 */

const BLOCK = 1000; // rows that are fetched at once of a long table
const MOST_BLOCKS = 50;
const NO_TOTAL = { text: "", cells: {} };

/**
 * @typedef {object} ColumnPiece
 * @property {string} field
 * @property {string} title
 * @property {string} align
 * @property {string} kind
 * @property {string} unit
 * @property {number} decimals
 * @property {string[]} text
 * @property {(number | null)[]} [raw]
 * @property {boolean} [hidden]
 * @property {number | null} [min_row]
 * @property {number | null} [max_row]
 * @property {{row: number[], lat: number[], lng: number[]}} [places]
 */

/**
 * @typedef {object} Group
 * @property {string} header
 * @property {number} row_count
 * @property {boolean} [continued]
 * @property {{text: string, cells: Record<string, string>}} [total]
 */

/**
 * @typedef {object} TablePiece
 * @property {string} header
 * @property {number} first_row
 * @property {number} row_count
 * @property {{start: string, end: string, tracker: string} | null} row_track
 * @property {number} total_row_count
 * @property {number[]} entity_ids
 * @property {{title: string, fields: string[]}[]} column_groups
 * @property {{title: string, text: string}[]} facts
 * @property {Group[]} groups
 * @property {ColumnPiece[]} columns
 */

/** Rows of a table that is loaded whole, piece by piece in order. */
export class WholeTable {
  /**
   * @param {TablePiece} first the piece that begins with the first row
   * @param {number} rowCount rows of the whole table
   */
  constructor(first, rowCount) {
    this.definition = first;
    this.rowCount = rowCount;
    this.loaded = 0;
    this.isWhole = true;
    /** @type {Group[]} */
    this.groups = [];
    /** @type {{text: string[], raw: Float64Array | null, lat: Float64Array | null, lng: Float64Array | null}[]} */
    this.columns = first.columns.map((column) => ({
      text: [],
      raw: column.raw ? new Float64Array(rowCount).fill(NaN) : null,
      lat: null,
      lng: null,
    }));
    this.append(first);
  }

  /** Rows that are no sums at the end of the table. */
  get bodyCount() {
    return this.rowCount - this.definition.total_row_count;
  }

  /** @param {TablePiece} piece the piece that follows */
  append(piece) {
    const start = this.loaded;
    piece.columns.forEach((column, place) => {
      const own = this.columns[place];
      if (!start) own.text = column.text;
      else for (const text of column.text) own.text.push(text);
      if (own.raw && column.raw) for (let i = 0; i < column.raw.length; i++) own.raw[start + i] = column.raw[i] ?? NaN;
      if (column.places) this.#place(own, column.places, start);
    });
    for (const group of piece.groups) {
      const last = this.groups.at(-1);
      if (group.continued && last) {
        last.row_count += group.row_count;
        last.total = group.total ?? last.total;
      } else this.groups.push({ ...group });
    }
    this.loaded = start + piece.row_count;
  }

  #place(own, places, start) {
    own.lat ??= new Float64Array(this.rowCount).fill(NaN);
    own.lng ??= new Float64Array(this.rowCount).fill(NaN);
    for (let i = 0; i < places.row.length; i++) {
      own.lat[start + places.row[i]] = places.lat[i];
      own.lng[start + places.row[i]] = places.lng[i];
    }
  }

  /** @param {number} row @returns {boolean} */
  has(row) {
    return row < this.loaded;
  }

  /** @param {number} row @param {number} place @returns {string} */
  text(row, place) {
    return this.columns[place].text[row];
  }

  /** @param {number} row @param {number} place @returns {number} NaN where it is unknown */
  raw(row, place) {
    return this.columns[place].raw?.[row] ?? NaN;
  }

  /** @param {number} row @param {number} place @returns {[number, number] | null} latitude and longitude in degrees */
  place(row, place) {
    const { lat, lng } = this.columns[place];
    return lat && lng && !Number.isNaN(lat[row]) ? [lat[row], lng[row]] : null;
  }

  /** @param {number} group @param {number} _row a row of it @returns {string} */
  groupHeader(group, _row) {
    return this.groups[group].header;
  }

  /** @param {number} group @param {number} _row its last row @returns {{text: string, cells: Record<string, string>}} */
  groupTotal(group, _row) {
    return this.groups[group].total ?? NO_TOTAL;
  }

  /** Nothing has to be fetched: rows come by `append`. */
  need() {}
}

/** Rows of a table that is too long to be loaded whole: blocks around those that are shown, the latest used stay. */
export class BlockTable {
  /**
   * @param {TablePiece} first the piece that begins with the first row
   * @param {import("./sheet_source.js").SectionOutline} outline
   * @param {(first: number, count: number) => Promise<TablePiece[]>} fetchRows
   * @param {() => void} onRows called when rows have come
   */
  constructor(first, outline, fetchRows, onRows) {
    this.definition = first;
    this.rowCount = outline.row_count;
    this.isWhole = false;
    /** @type {{row_count: number, header: boolean, total: boolean}[]} */
    this.groups = (outline.groups ?? []).flatMap(([count, header, total]) =>
      count ? [{ row_count: count, header: Boolean(header), total: Boolean(total) }] : [],
    );
    this.fetchRows = fetchRows;
    this.onRows = onRows;
    /** @type {Map<number, TablePiece[]>} */
    this.blocks = new Map();
    /** @type {Set<number>} */
    this.pending = new Set();
  }

  get bodyCount() {
    return this.rowCount;
  }

  /** @param {number} row @returns {boolean} */
  has(row) {
    return this.#find(row) !== null;
  }

  /** @param {number} row @param {number} place @returns {string} */
  text(row, place) {
    const found = this.#find(row);
    return found ? found.columns[place].text[row - found.first_row] : "";
  }

  /** @param {number} row @param {number} place @returns {number} NaN where it is unknown */
  raw(row, place) {
    const found = this.#find(row);
    return found?.columns[place].raw?.[row - found.first_row] ?? NaN;
  }

  /** @param {number} row @param {number} place @returns {[number, number] | null} latitude and longitude in degrees */
  place(row, place) {
    const found = this.#find(row);
    const places = found?.columns[place].places;
    const at = places ? places.row.indexOf(row - found.first_row) : -1;
    return places && at >= 0 ? [places.lat[at], places.lng[at]] : null;
  }

  /** @param {number} _group @param {number} row a row of it @returns {string} */
  groupHeader(_group, row) {
    return this.#groupOf(row)?.header ?? "…";
  }

  /** @param {number} _group @param {number} row its last row @returns {{text: string, cells: Record<string, string>}} */
  groupTotal(_group, row) {
    return this.#groupOf(row)?.total ?? NO_TOTAL;
  }

  /** @returns {Group | undefined} the piece of a group that holds a row; it is fetched where it is not there */
  #groupOf(row) {
    this.need(row, row);
    const found = this.#find(row);
    let end = found?.first_row ?? 0;
    return found?.groups.find((group) => row < (end += group.row_count));
  }

  /**
   * Fetch the blocks of some rows that are not there.
   * @param {number} first
   * @param {number} last
   */
  need(first, last) {
    for (let block = Math.floor(first / BLOCK); block <= Math.floor(last / BLOCK); block++) {
      const found = this.blocks.get(block);
      if (found) {
        this.blocks.delete(block); // and again at the end: the first of the map is the longest unused
        this.blocks.set(block, found);
      } else if (!this.pending.has(block)) this.#fetch(block);
    }
  }

  async #fetch(block) {
    this.pending.add(block);
    try {
      const pieces = await this.fetchRows(block * BLOCK, Math.min(BLOCK, this.rowCount - block * BLOCK));
      this.blocks.set(block, pieces);
      for (const old of this.blocks.keys()) if (this.blocks.size > MOST_BLOCKS) this.blocks.delete(old);
    } finally {
      this.pending.delete(block);
    }
    this.onRows();
  }

  #find(row) {
    const pieces = this.blocks.get(Math.floor(row / BLOCK)) ?? [];
    return pieces.find((piece) => row >= piece.first_row && row < piece.first_row + piece.row_count) ?? null;
  }
}
