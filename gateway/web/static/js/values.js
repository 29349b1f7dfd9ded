/**
 * Values of charts as texts in the report's language and zone; cells of tables come worded from the server.
 * @module
 */

const UNKNOWN = "\u2014";

/**
 * @typedef {object} Quantity
 * @property {string} kind
 * @property {string} unit
 * @property {number} decimals
 * @property {boolean} [seconds]
 */

/** Writer of values in a language and a zone. */
export class ValueTexts {
  /**
   * @param {string} locale such as "ru_RU"
   * @param {string} timeZone IANA name
   * @param {"h12" | "h23"} [hourCycle] of times of day, by default that of the language
   */
  constructor(locale, timeZone, hourCycle) {
    this.locale = known(locale.replace("_", "-"));
    this.hourCycle = hourCycle;
    this.timeZone = timeZone || "UTC";
    /** @type {Map<string, Intl.DateTimeFormat | Intl.NumberFormat>} */
    this.formats = new Map();
  }

  /**
   * Return a value with its unit, a dash for an unknown one.
   * @param {Quantity} quantity
   * @param {number | null | undefined} value
   * @returns {string}
   */
  text(quantity, value) {
    if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
    const plain = this.plain(quantity, value);
    return quantity.unit && quantity.kind !== "duration" ? `${plain} ${quantity.unit}` : plain;
  }

  /**
   * Return a value without its unit, as axes show it.
   * @param {Quantity} quantity
   * @param {number} value
   * @param {number} [decimals] digits after the point, by default those of the quantity
   * @returns {string}
   */
  plain(quantity, value, decimals = quantity.decimals) {
    if (quantity.kind === "duration") {
      return quantity.decimals ? this.number(value / 3600, decimals) : span(value, Boolean(quantity.seconds));
    }
    if (quantity.kind.startsWith("moment")) return this.moment(value);
    if (quantity.kind === "percent") return `${this.number(value, decimals)} %`;
    return this.number(value, decimals);
  }

  /** @param {number} value @param {number} decimals @returns {string} */
  number(value, decimals) {
    const format = this.#format(`n${decimals}`, () => new Intl.NumberFormat(this.locale, { maximumFractionDigits: decimals }));
    return format.format(value);
  }

  /** @param {number} ms @returns {string} date and time to the second */
  moment(ms) {
    return this.#date("moment", { dateStyle: "medium", timeStyle: "medium" }, ms);
  }

  /**
   * Return a tick of a time axis: with its date where the day begins or the axis spans days.
   * @param {number} ms
   * @param {number} step milliseconds between two ticks
   * @param {boolean} isFirst whether no tick stands before it
   * @returns {string}
   */
  tick(ms, step, isFirst) {
    if (step >= 86_400_000) return this.#date("day", { day: "numeric", month: "short" }, ms);
    const time = this.#date(step < 60_000 ? "second" : "minute", { timeStyle: step < 60_000 ? "medium" : "short" }, ms);
    const isMidnight = this.#date("hour", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, ms) === "00:00";
    return isFirst || isMidnight ? `${time}\n${this.#date("day", { day: "numeric", month: "short" }, ms)}` : time;
  }

  #date(name, options, ms) {
    const { timeZone, hourCycle } = this;
    return this.#format(name, () => new Intl.DateTimeFormat(this.locale, { hourCycle, ...options, timeZone })).format(ms);
  }

  #format(name, make) {
    const found = this.formats.get(name) ?? make();
    this.formats.set(name, found);
    return found;
  }
}

/**
 * Return a duration as H:mm or H:mm:ss; hours are not wrapped at 24.
 * @param {number} seconds
 * @param {boolean} hasSeconds
 * @returns {string}
 */
export function span(seconds, hasSeconds) {
  const whole = Math.trunc(Math.abs(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const text = `${Math.floor(minutes / 60)}:${two(minutes % 60)}${hasSeconds ? `:${two(whole % 60)}` : ""}`;
  return seconds <= -1 ? `-${text}` : text;
}

/** @param {string} locale @returns {string} the locale, or English where the browser does not know it */
function known(locale) {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}
