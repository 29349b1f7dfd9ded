/**
 * Periods of civil days in the account's zone: presets, and the step to the next and the one before.
 * The browser's own zone plays no part.
 * @module
 */

const DAY_MS = 86_400_000;

/** @typedef {{from: string, to: string}} Period first and last day as yyyy-MM-dd; both belong to it */

/**
 * @param {string} day
 * @returns {number} the day as a number
 */
const number = (day) => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/**
 * @param {number} value
 * @returns {string} the day of a number
 */
const dayOf = (value) => new Date(value * DAY_MS).toISOString().slice(0, 10);

/**
 * Return the day that it is in a zone.
 * @param {string} timeZone IANA name
 * @param {Date} [now]
 * @returns {string}
 */
export function today(timeZone, now = new Date()) {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
}

/**
 * @param {string} day
 * @param {number} months
 * @returns {string} the first day of the month that lies so many months later
 */
function monthStart(day, months = 0) {
  const [year, month] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/**
 * @param {string} first first day of a month
 * @returns {string} its last day
 */
const monthEnd = (first) => dayOf(number(monthStart(first, 1)) - 1);

/**
 * @param {string} day
 * @param {number} weekStart 1 for Monday to 7 for Sunday
 * @returns {number} the number of the first day of its week
 */
function weekStartOf(day, weekStart) {
  const value = number(day);
  const weekday = ((((value + 3) % 7) + 7) % 7) + 1; // 1970-01-01 was a Thursday
  return value - ((weekday - weekStart + 7) % 7);
}

/**
 * Return the period of a preset, null for one that is not known.
 * @param {string} name today, yesterday, this_week, last_week, this_month, last_month, last_7_days or last_30_days
 * @param {string} day the present day
 * @param {number} [weekStart] 1 for Monday to 7 for Sunday
 * @returns {Period | null}
 */
export function preset(name, day, weekStart = 1) {
  const value = number(day);
  const week = weekStartOf(day, weekStart);
  /** @type {Record<string, [number, number]>} */
  const days = {
    today: [value, value],
    yesterday: [value - 1, value - 1],
    this_week: [week, week + 6],
    last_week: [week - 7, week - 1],
    last_7_days: [value - 6, value],
    last_30_days: [value - 29, value],
  };
  if (days[name]) return { from: dayOf(days[name][0]), to: dayOf(days[name][1]) };
  if (name !== "this_month" && name !== "last_month") return null;
  const from = monthStart(day, name === "this_month" ? 0 : -1);
  return { from, to: monthEnd(from) };
}

/**
 * Return the period one step later or earlier: whole months by a month, whole weeks by 7 days, another one by its own
 * number of days.
 * @param {Period} period
 * @param {1 | -1} direction
 * @param {number} [weekStart]
 * @returns {Period}
 */
export function shift(period, direction, weekStart = 1) {
  const { from, to } = period;
  if (from === monthStart(from) && to === monthEnd(monthStart(to))) {
    return { from: monthStart(from, direction), to: monthEnd(monthStart(to, direction)) };
  }
  const length = number(to) - number(from) + 1;
  const isWeeks = length % 7 === 0 && weekStartOf(from, weekStart) === number(from);
  const step = direction * (isWeeks ? 7 : length);
  return { from: dayOf(number(from) + step), to: dayOf(number(to) + step) };
}

/**
 * Return whether a text is a day that exists.
 * @param {string} day
 * @returns {boolean}
 */
export function isDay(day) {
  const value = /^\d{4}-\d\d-\d\d$/.test(day) ? number(day) : NaN;
  return !Number.isNaN(value) && dayOf(value) === day;
}
