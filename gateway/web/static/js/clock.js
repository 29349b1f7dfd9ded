/**
 * Clock of a time zone: readings of moments, moments of readings, round ticks. The browser's own zone plays no part.
 * A reading is a number of milliseconds as if the clock showed UTC.
 * @module
 */

const SECOND = 1000;
const BLOCK = 900 * SECOND; // in which no offset changes
export const DAY = 86_400 * SECOND;
const MONDAY = 4 * DAY; // 1970-01-05, from which steps are counted
const STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800].map((one) => one * SECOND);

/** Clock of an IANA time zone. */
export class Clock {
  /** @param {string} timeZone */
  constructor(timeZone) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
    /** @type {Map<number, number>} */
    this.offsets = new Map();
  }

  /**
   * @param {number} ms
   * @returns {number} the reading at a moment
   */
  reading(ms) {
    return ms + this.#offset(ms);
  }

  /**
   * @param {number} reading
   * @returns {number} the moment of a reading, the first of two; one that clocks leave out counts as before the change
   */
  moment(reading) {
    const before = this.#offset(reading - DAY);
    const after = this.#offset(reading + DAY);
    if (before !== after && this.#offset(reading - before) !== before && this.#offset(reading - after) === after) return reading - after;
    return reading - before;
  }

  /**
   * Return round moments of a period, at most so many and a few more where clocks are changed.
   * @param {number} low
   * @param {number} high
   * @param {number} most
   * @returns {{step: number, ticks: {x: number, reading: number}[]}} `step` in milliseconds
   */
  ticks(low, high, most) {
    let step = STEPS.find((one) => (high - low) / one <= most) ?? 0;
    for (let days = 14 * DAY; !step; days *= 2) if ((high - low) / days <= most) step = days;
    const [first, last] = [this.reading(low), this.reading(high)];
    const ticks = [];
    for (let number = Math.ceil((first - MONDAY) / step); number <= Math.floor((last - MONDAY) / step); number++) {
      const reading = number * step + MONDAY;
      const x = this.moment(reading);
      if (x >= low && x <= high && x > (ticks.at(-1)?.x ?? -Infinity)) ticks.push({ x, reading });
    }
    return { step, ticks };
  }

  /** @param {number} ms */
  #offset(ms) {
    const block = Math.floor(ms / BLOCK);
    let found = this.offsets.get(block);
    if (found === undefined) {
      /** @type {Record<string, number>} */
      const part = {};
      for (const { type, value } of this.format.formatToParts(block * BLOCK)) part[type] = Number(value);
      found = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - block * BLOCK;
      this.offsets.set(block, found);
    }
    return found;
  }
}

/**
 * Return the date of a reading by a CLDR pattern of days, months and years.
 * @param {string} pattern such as "d. MMM y"
 * @param {number} reading
 * @param {string} locale of the names of months
 * @returns {string}
 */
export function dateText(pattern, reading, locale) {
  const date = new Date(reading);
  const month = date.getUTCMonth() + 1;
  const named = (/** @type {"short" | "long"} */ length) =>
    new Intl.DateTimeFormat(locale, { day: "numeric", month: length, timeZone: "UTC" }).formatToParts(date).find((one) => one.type === "month")?.value ?? "";
  return pattern.replace(/'((?:[^']|'')*)'|d+|[ML]+|y+/g, (field, quoted) => {
    if (quoted !== undefined) return quoted.replaceAll("''", "'") || "'";
    if (field[0] === "d") return String(date.getUTCDate()).padStart(field.length, "0");
    if (field[0] === "y") return field.length === 2 ? String(date.getUTCFullYear()).slice(-2) : String(date.getUTCFullYear());
    return field.length < 3 ? String(month).padStart(field.length, "0") : named(field.length === 3 ? "short" : "long");
  });
}
