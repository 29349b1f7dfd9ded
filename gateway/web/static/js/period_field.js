/**
 * Field of a period: presets, the days, and arrows to the next period and the one before.
 * @module
 */

import { accountTexts } from "./account.js";
import { el, newId } from "./elements.js";
import { isDay, preset, shift, today } from "./period.js";
import { keep, kept } from "./storage.js";
import { _, timeZone } from "./words.js";

const MIDNIGHT = "00:00:00";
const LAST_SECOND = "23:59:59";
const FALLBACK = "yesterday";
const texts = accountTexts();
const weekStart = Number(document.documentElement.dataset.weekStart) || 1;

/** @returns {Record<string, string>} */
function presets() {
  return {
    today: _("Today"),
    yesterday: _("Yesterday"),
    this_week: _("This week"),
    last_week: _("Last week"),
    this_month: _("This month"),
    last_month: _("Last month"),
    last_7_days: _("Last 7 days"),
    last_30_days: _("Last 30 days"),
    custom: _("Own period"),
  };
}

/**
 * @param {string} day
 * @returns {string} the day in the account's form of dates
 */
const dayOf = (day) => texts.day(Date.parse(`${day}T00:00:00Z`));

/**
 * Return the field.
 * @param {{from?: string, to?: string}} wanted civil times that fill it; without them the preset that was last used
 * @param {() => void} changed
 * @returns {{element: HTMLElement, read: () => {from: string, to: string}, text: () => string, remember: () => void}}
 */
export function periodField(wanted, changed) {
  const id = newId("period");
  const select = /** @type {HTMLSelectElement} */ (el("select", { id }));
  for (const [name, text] of Object.entries(presets())) select.append(el("option", { value: name }, text));
  const [from, to] = ["from", "to"].map((name) => {
    const input = /** @type {HTMLInputElement} */ (el("input", { type: "date", required: true, id: newId(name), min: "2000-01-01", max: "2100-12-31" }));
    input.addEventListener("input", () => {
      select.value = "custom";
      changed();
    });
    return input;
  });
  let times = { from: MIDNIGHT, to: LAST_SECOND };
  const timesText = el("p", { class: "hint", hidden: true });

  /** @param {{from: string, to: string}} period */
  function show(period) {
    from.value = period.from;
    to.value = period.to;
    const isWhole = times.from === MIDNIGHT && times.to === LAST_SECOND;
    timesText.hidden = isWhole;
    timesText.textContent = isWhole ? "" : _("From {from} on the first day to {to} on the last.", times);
    changed();
  }

  function choose() {
    const found = preset(select.value, today(timeZone), weekStart);
    if (found) {
      times = { from: MIDNIGHT, to: LAST_SECOND };
      show(found);
    } else from.focus();
  }

  /** @param {1 | -1} direction */
  function step(direction) {
    if (!isDay(from.value) || !isDay(to.value)) return;
    select.value = "custom";
    show(shift({ from: from.value, to: to.value }, direction, weekStart));
  }

  const arrow = (/** @type {1 | -1} */ direction, /** @type {string} */ sign, /** @type {string} */ name) =>
    el("button", { type: "button", class: "icon-button", "data-step": direction, "aria-label": name, title: name, onclick: () => step(direction) }, sign);
  select.addEventListener("change", choose);
  const element = el("div", { class: "field period" },
    el("label", { for: id }, _("Period"), " ", el("span", { class: "faint small" }, timeZone)),
    el("div", { class: "period-line" }, arrow(-1, "‹", _("Earlier period")), select, arrow(1, "›", _("Later period"))),
    el("div", { class: "period-days" },
      el("div", { "data-path": "from" }, el("label", { class: "small", for: from.id }, _("First day")), from),
      el("div", { "data-path": "to" }, el("label", { class: "small", for: to.id }, _("Last day")), to)),
    timesText);
  element.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || (event.key !== "," && event.key !== ".")) return;
    event.preventDefault();
    step(event.key === "," ? -1 : 1);
  });

  fill();
  function fill() {
    const [first, start] = (wanted.from ?? "").split(/[ T]/);
    const [last, end] = (wanted.to ?? "").split(/[ T]/);
    if (isDay(first) && isDay(last ?? "")) {
      times = { from: start || MIDNIGHT, to: end || LAST_SECOND };
      select.value = "custom";
      show({ from: first, to: last });
      return;
    }
    select.value = kept("period") ?? FALLBACK;
    if (select.value === "custom" || !select.value) select.value = FALLBACK;
    choose();
  }

  return {
    element,
    read: () => ({ from: from.value && `${from.value} ${times.from}`, to: to.value && `${to.value} ${times.to}` }),
    text: () => {
      if (!isDay(from.value) || !isDay(to.value)) return "";
      return from.value === to.value ? dayOf(from.value) : `${dayOf(from.value)} – ${dayOf(to.value)}`;
    },
    remember: () => keep("period", select.value),
  };
}
