/**
 * Tabs of the sheets of a report; of many sheets those around the one that is shown, and a search for the others.
 * @module
 */

import { open } from "./dialog.js";
import { el } from "./elements.js";
import { _, ngettext } from "./words.js";

const MOST_TABS = 12;
const MOST_FOUND = 100;

/** Tabs of the sheets of a report. */
export class SheetTabs {
  /**
   * @param {{header: string, is_empty: boolean}[]} sheets
   * @param {HTMLElement} panel
   * @param {(sheet: number) => void} onChoice
   */
  constructor(sheets, panel, onChoice) {
    this.sheets = sheets;
    this.panel = panel;
    this.onChoice = onChoice;
    this.list = el("div", { role: "tablist", class: "tabs", "aria-label": _("Sheets") });
    this.list.addEventListener("keydown", (event) => this.#onKey(event));
    const more = ngettext("All {number} sheet …", "All {number} sheets …", sheets.length);
    const all = el("button", { type: "button", class: "quiet", onclick: () => this.#openList() }, more);
    this.element = el("div", { class: "sheet-tabs" }, this.list, sheets.length > MOST_TABS ? all : null);
    this.element.hidden = sheets.length < 2;
  }

  /** @param {number} chosen place of the sheet that is shown */
  show(chosen) {
    this.chosen = chosen;
    const first = Math.max(0, Math.min(chosen - Math.floor(MOST_TABS / 2), this.sheets.length - MOST_TABS));
    const shown = this.sheets.slice(first, first + MOST_TABS);
    const hadFocus = this.list.contains(document.activeElement);
    this.list.replaceChildren(...shown.map((sheet, place) => this.#tab(sheet, first + place)));
    this.panel.setAttribute("aria-labelledby", `sheet-${chosen}`);
    const tab = document.getElementById(`sheet-${chosen}`);
    if (hadFocus) tab?.focus();
    if (tab) this.list.scrollLeft = Math.max(0, tab.offsetLeft - this.list.offsetLeft - 40);
  }

  /** @param {number} step */
  move(step) {
    const next = this.chosen + step;
    if (next >= 0 && next < this.sheets.length) this.onChoice(next);
  }

  #tab({ header, is_empty: isEmpty }, place) {
    const isChosen = place === this.chosen;
    return el(
      "button",
      {
        type: "button", role: "tab", id: `sheet-${place}`, class: isEmpty ? "empty-tab" : "", "aria-selected": String(isChosen),
        "aria-controls": this.panel.id, tabindex: isChosen ? "0" : "-1", title: header.length > 24 ? header : null,
        onclick: () => this.onChoice(place),
      },
      el("bdi", {}, header || String(place + 1)),
    );
  }

  #onKey(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    const ends = { Home: 0, End: this.sheets.length - 1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key in ends) this.onChoice(ends[event.key]);
    else return;
    event.preventDefault();
  }

  #openList() {
    const search = /** @type {HTMLInputElement} */ (el("input", { type: "search", "aria-label": _("Search") }));
    const found = el("ul", { class: "sheet-list" });
    const dialog = open(_("Sheets"), el("div", {}, search, found));
    const write = () => {
      const wanted = search.value.trim().toLowerCase();
      const fitting = this.sheets.flatMap((sheet, place) => (sheet.header.toLowerCase().includes(wanted) ? [{ ...sheet, place }] : []));
      const entries = fitting.slice(0, MOST_FOUND).map(({ header, place }) =>
        el("li", {}, el("button", { type: "button", class: "quiet", onclick: () => { dialog.close(); this.onChoice(place); } }, el("bdi", {}, header))),
      );
      const rest = fitting.length - entries.length;
      found.replaceChildren(...entries, rest > 0 ? el("li", { class: "hint" }, ngettext("and {number} more", "and {number} more", rest)) : "");
    };
    search.addEventListener("input", write);
    write();
    search.focus();
  }
}
