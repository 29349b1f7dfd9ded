/**
 * Order of a table's rows: sorted, filtered, or in groups as the report has them.
 * @module
 */

/** @typedef {{kind: "row" | "head" | "total", row: number, group: number}} Line */

const RANGE = /^\s*(-?[\d.,:]*)\s*\.\.\s*(-?[\d.,:]*)\s*$/;
const BOUND = /^\s*([<>]=?)\s*(-?[\d.,:]+)\s*$/;

/**
 * Return the number that a visitor typed: 12.5, 12,5, or hours and minutes as 1:30 for durations in seconds.
 * @param {string} text
 * @param {string} kind
 * @returns {number}
 */
function numberOf(text, kind) {
  if (kind === "duration") {
    const [hours, minutes = "0", seconds = "0"] = text.split(":");
    return Number(hours.replace(",", ".")) * 3600 + Number(minutes) * 60 + Number(seconds);
  }
  return Number(text.replace(",", "."));
}

/**
 * Return a test of rows for the filter of a column: "10..20", "> 10", "<= 1:30" for numbers, else a text that is contained.
 * @param {import("./table_data.js").WholeTable} data
 * @param {number} place
 * @param {string} filter
 * @returns {(row: number) => boolean}
 */
function columnTest(data, place, filter) {
  const { kind } = data.definition.columns[place];
  const raw = data.columns[place].raw;
  const range = RANGE.exec(filter);
  const bound = BOUND.exec(filter);
  if (raw && ["number", "duration", "percent", "money"].includes(kind) && (range || bound)) {
    const low = range ? (range[1] ? numberOf(range[1], kind) : -Infinity) : -Infinity;
    const high = range ? (range[2] ? numberOf(range[2], kind) : Infinity) : Infinity;
    if (range) return (row) => raw[row] >= low && raw[row] <= high;
    const edge = numberOf(bound[2], kind);
    return {
      ">": (row) => raw[row] > edge,
      ">=": (row) => raw[row] >= edge,
      "<": (row) => raw[row] < edge,
      "<=": (row) => raw[row] <= edge,
    }[bound[1]];
  }
  const wanted = filter.trim().toLowerCase();
  const texts = data.columns[place].text;
  return (row) => texts[row].toLowerCase().includes(wanted);
}

/**
 * Return the rows that pass a search over the shown columns and the filters of columns, in the order of the table.
 * @param {import("./table_data.js").WholeTable} data
 * @param {number[]} shown places of the shown columns
 * @param {import("./state.js").View} view
 * @returns {Uint32Array}
 */
export function filteredRows(data, shown, view) {
  const count = Math.min(data.loaded, data.bodyCount);
  const tests = [];
  data.definition.columns.forEach((column, place) => {
    const filter = view.filters[column.field];
    if (filter?.trim()) tests.push(columnTest(data, place, filter));
  });
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = shown.map((place) => data.columns[place].text);
  for (const word of words) tests.push((row) => texts.some((column) => column[row].toLowerCase().includes(word)));
  const rows = new Uint32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (tests.every((test) => test(row))) rows[found++] = row;
  return rows.subarray(0, found);
}

/**
 * Sort rows in place by a column: by the raw value where it has one, else by its text; what is unknown is last both ways.
 * @param {Uint32Array} rows
 * @param {import("./table_data.js").WholeTable} data
 * @param {number} place
 * @param {boolean} isDescending
 * @param {string} locale
 */
export function sortRows(rows, data, place, isDescending, locale) {
  const column = data.columns[place];
  const sign = isDescending ? -1 : 1;
  const keys = column.raw && data.definition.columns[place].kind !== "name" ? column.raw : ranks(column.text, locale);
  rows.sort((one, other) => {
    const a = keys[one];
    const b = keys[other];
    if (a === b) return one - other;
    if (Number.isNaN(a)) return Number.isNaN(b) ? one - other : 1;
    if (Number.isNaN(b)) return -1;
    return a < b ? -sign : sign;
  });
}

/**
 * Return the rank of each text among all, NaN for those that are empty or unknown.
 * @param {string[]} texts
 * @param {string} locale
 * @returns {Float64Array}
 */
function ranks(texts, locale) {
  const collator = new Intl.Collator(locale, { numeric: true });
  const distinct = [...new Set(texts)].sort(collator.compare);
  const rankOf = new Map(distinct.map((text, rank) => [text, rank]));
  return Float64Array.from(texts, (text) => (text === "" || text === "\u2014" ? NaN : (rankOf.get(text) ?? NaN)));
}

/** Lines of a table in the order of the report: groups with their heads and totals, and the rows of each. */
export class GroupedLines {
  /**
   * @param {import("./table_data.js").Group[]} groups
   * @param {number} rowCount rows of the body; those behind the known groups are lines of their own
   * @param {boolean} isSingle whether a head or a total of the only group is shown elsewhere
   */
  constructor(groups, rowCount, isSingle) {
    /** @type {{start: number, row: number, head: number, count: number, total: number}[]} */
    this.groups = [];
    let line = 0;
    let row = 0;
    for (const group of groups) {
      const head = !isSingle && group.header ? 1 : 0;
      const total = !isSingle && group.total ? 1 : 0;
      const count = Math.min(group.row_count, rowCount - row);
      this.groups.push({ start: line, row, head, count, total });
      line += head + count + total;
      row += count;
    }
    if (row < rowCount) {
      this.groups.push({ start: line, row, head: 0, count: rowCount - row, total: 0 });
      line += rowCount - row;
    }
    this.length = line;
  }

  /** @param {number} line @returns {Line} */
  at(line) {
    let low = 0;
    let high = this.groups.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.groups[middle].start <= line) low = middle;
      else high = middle - 1;
    }
    const group = this.groups[low];
    const within = line - group.start;
    if (within < group.head) return { kind: "head", row: group.row, group: low };
    if (within < group.head + group.count) return { kind: "row", row: group.row + within - group.head, group: low };
    return { kind: "total", row: group.row + group.count - 1, group: low };
  }
}

/** Lines of a table whose rows are sorted or filtered: rows alone. */
export class OrderedLines {
  /** @param {Uint32Array} rows */
  constructor(rows) {
    this.rows = rows;
    this.length = rows.length;
  }

  /** @param {number} line @returns {Line} */
  at(line) {
    return { kind: "row", row: this.rows[line], group: -1 };
  }
}
