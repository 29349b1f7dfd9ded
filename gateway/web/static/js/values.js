/**
 * Values of charts as texts in the report's language and zone; cells of tables come worded from the server.
 * @module
 */

import { Clock, DAY, dateText } from "./clock.js";

const UNKNOWN = "\u2014";
const NARROWEST_TICK = 60; // pixels between two ticks
const CHARACTER = 6.8;
const TICK_GAP = 16;

/**
 * @typedef {object} Quantity
 * @property {string} kind
 * @property {string} unit
 * @property {number} decimals
 * @property {boolean} [seconds]
 */

/** Writer of values in a language, a zone and the form of dates that the report has. */
export class ValueTexts {
  /**
   * @param {string} locale such as "ru_RU"
   * @param {string} timeZone IANA name
   * @param {{hour_cycle?: "h12" | "h23" | null, date_pattern?: string}} [forms] form of times of day and CLDR pattern of dates
   */
  constructor(locale, timeZone, forms = {}) {
    this.locale = known(locale.replace("_", "-"));
    this.hourCycle = forms.hour_cycle ?? "h23";
    this.datePattern = forms.date_pattern || "y-MM-dd";
    this.clock = new Clock(timeZone || "UTC");
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
    const reading = this.clock.reading(ms);
    return `${this.day(reading)} ${this.#time(reading, "medium")}`;
  }

  /** @param {number} ms @returns {string} date and time to the minute */
  minute(ms) {
    const reading = this.clock.reading(ms);
    return `${this.day(reading)} ${this.#time(reading, "short")}`;
  }

  /** @param {number} reading of the clock @returns {string} its date */
  day(reading) {
    return dateText(this.datePattern, reading, this.locale);
  }

  /**
   * Return round moments of a time axis with their texts; where a day begins its date stands in a second line.
   * @param {number} low
   * @param {number} high
   * @param {number} width pixels of the axis
   * @returns {{x: number, text: string}[]}
   */
  timeTicks(low, high, width) {
    const room = Math.max(NARROWEST_TICK, this.day(this.clock.reading(low)).length * CHARACTER + TICK_GAP);
    const { step, ticks } = this.clock.ticks(low, high, Math.max(1, Math.floor(width / room)));
    return ticks.map(({ x, reading }, place) => {
      if (step >= DAY) return { x, text: this.day(reading) };
      const isNewDay = !place || Math.floor(ticks[place - 1].reading / DAY) !== Math.floor(reading / DAY);
      const time = this.#time(reading, "short");
      return { x, text: isNewDay ? `${time}\n${this.day(reading)}` : time };
    });
  }

  #time(reading, timeStyle) {
    const { hourCycle } = this;
    const twoDigits = hourCycle === "h12" ? {} : { hour: "2-digit" };
    const parts = { hour: "numeric", minute: "2-digit", ...(timeStyle === "medium" ? { second: "2-digit" } : {}), ...twoDigits };
    return this.#format(timeStyle, () => new Intl.DateTimeFormat(this.locale, { ...parts, hourCycle, timeZone: "UTC" })).format(reading);
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
