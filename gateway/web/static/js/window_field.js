/**
 * Field of the daily window and the weekdays to which a period is narrowed.
 * @module
 */

import { el, newId } from "./elements.js";
import { _, locale } from "./words.js";

const ALL = [1, 2, 3, 4, 5, 6, 7];
const weekStart = Number(document.documentElement.dataset.weekStart) || 1;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/**
 * @param {number} weekday 1 for Monday to 7 for Sunday
 * @param {"short" | "long"} length
 */
function weekdayName(weekday, length) {
  return new Intl.DateTimeFormat(locale, { weekday: length, timeZone: "UTC" }).format(new Date(MONDAY + (weekday - 1) * DAY_MS));
}

/**
 * Return the field. Whole days on all weekdays are no window.
 * @param {{from: string, to: string, weekdays: number[]} | undefined} wanted
 * @returns {{element: HTMLElement, read: () => {time_filter?: {from: string, to: string, weekdays: number[]}}}}
 */
export function windowField(wanted) {
  const chosen = new Set(wanted?.weekdays?.length ? wanted.weekdays : ALL);
  const time = (/** @type {string} */ value) => /** @type {HTMLInputElement} */ (el("input", { type: "time", value, id: newId("time") }));
  const from = time((wanted?.from || "00:00").slice(0, 5));
  const to = time((wanted?.to || "23:59").slice(0, 5));
  const order = ALL.map((_one, place) => ((weekStart - 1 + place) % 7) + 1);
  const boxes = order.map((day) => {
    const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", value: day, "aria-label": weekdayName(day, "long") }));
    box.checked = chosen.has(day);
    return box;
  });
  const days = order.map((day, place) => el("label", { class: "weekday" }, boxes[place], el("span", { "aria-hidden": "true" }, weekdayName(day, "short"))));
  const isNarrow = Boolean(wanted) && !(from.value === "00:00" && to.value === "23:59" && chosen.size === 7);
  const element = el("details", { class: "window", open: isNarrow }, el("summary", {}, _("Hours and weekdays")),
    el("div", { class: "period-days" },
      el("div", { "data-path": "time_filter.from" }, el("label", { class: "small", for: from.id }, _("Each day from")), from),
      el("div", { "data-path": "time_filter.to" }, el("label", { class: "small", for: to.id }, _("until")), to)),
    el("fieldset", { class: "field weekdays", "data-path": "time_filter.weekdays" }, el("legend", { class: "small" }, _("Weekdays")), ...days));
  return {
    element,
    read() {
      const weekdays = boxes.filter((box) => box.checked).map((box) => Number(box.value)).sort();
      const isWhole = (from.value || "00:00") === "00:00" && (to.value || "23:59") === "23:59";
      if (isWhole && weekdays.length === 7) return {};
      return { time_filter: { from: from.value || "00:00", to: to.value || "23:59", weekdays } };
    },
  };
}
