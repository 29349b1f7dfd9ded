/**
 * Forms of the account that is signed in: its zone, its form of dates and of times of day.
 * @module
 */

import { ValueTexts } from "./values.js";
import { locale, timeZone } from "./words.js";

/** @returns {ValueTexts} a writer of moments on the account's clock */
export function accountTexts() {
  const { datePattern, hourCycle } = document.documentElement.dataset;
  return new ValueTexts(locale, timeZone, { date_pattern: datePattern, hour_cycle: hourCycle === "h12" ? "h12" : "h23" });
}
