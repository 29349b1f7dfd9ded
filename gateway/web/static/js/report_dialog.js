/**
 * The dialog for a new report: kinds, what the report is about, and its settings side by side.
 * @module
 */

import { open } from "./dialog.js";
import { el, newId } from "./elements.js";
import { clearFaults, showFault } from "./faults.js";
import { objectForm } from "./form.js";
import { periodField } from "./period_field.js";
import { picker, records } from "./picker.js";
import { Refused, request } from "./request.js";
import { keep, kept } from "./storage.js";
import { windowField } from "./window_field.js";
import { _, locale, ngettext } from "./words.js";

const TITLE_LENGTH = 100;
const MOST_NAMED = 3; // objects
const ENTITY_LISTS = { tracker: "trackers", employee: "employees" };

let isOpening = false; // asked for twice while its kinds are fetched, it opens once

/** @typedef {{id: number, title: string, description: string, entity: string, max_entities: number, max_days: number, schema: any}} Kind */
/**
 * @typedef {{kind?: number, title?: string, trackers?: number[], employees?: number[], from?: string, to?: string,
 *   options?: Record<string, any>, time_filter?: {from: string, to: string, weekdays: number[]}}} Wanted
 */
/** @typedef {{report: Record<string, any>, title: string, kind: string, objects: string}} Chosen */

/**
 * Open the dialog.
 * @param {Record<string, string | undefined>} query `again`: id of a report whose request fills it; else `kind`,
 *   `trackers`, `employees`, `from`, `to`, `title`, and `options` and `time_filter` as JSON
 * @param {(chosen: Chosen) => void} [choose] takes what is chosen, without a period, in the place of a new report
 */
export async function openReportDialog(query, choose) {
  if (isOpening) return;
  isOpening = true;
  try {
    const [{ groups }, wanted] = await Promise.all([request(`/page/kinds?lang=${locale}`), wantedBy(query)]);
    new ReportDialog(groups, wanted, choose).show();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    open(_("New report"), el("p", {}, error.message), { class: "small-dialog" });
  } finally {
    isOpening = false;
  }
}

/**
 * @param {Record<string, string | undefined>} query
 * @returns {Promise<Wanted>}
 */
async function wantedBy(query) {
  if (query.again) return request(`/page/reports/${query.again}/request`);
  const ids = (/** @type {string | undefined} */ text) => text?.split(",").map(Number).filter(Number.isInteger);
  const { title, from, to } = query;
  const [options, time_filter] = [parsed(query.options), parsed(query.time_filter)];
  return { kind: Number(query.kind) || undefined, trackers: ids(query.trackers), employees: ids(query.employees), title, from, to, options, time_filter };
}

/**
 * @param {string | undefined} text
 * @returns {any} the value of a JSON text, undefined for anything else
 */
function parsed(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

class ReportDialog {
  /**
   * @param {{title: string, kinds: Kind[]}[]} groups
   * @param {Wanted} wanted
   * @param {(chosen: Chosen) => void} [chosen]
   */
  constructor(groups, wanted, chosen) {
    this.groups = groups;
    this.chosen = chosen;
    this.wanted = wanted;
    this.kinds = groups.flatMap((group) => group.kinds);
    /** @type {Kind | undefined} */
    this.kind = undefined;
    /** @type {ReturnType<typeof picker> | null} */
    this.entities = null;
    /** @type {ReturnType<typeof objectForm> | null} */
    this.options = null;
    this.period = periodField(wanted, () => this.told());
    this.window = windowField(wanted.time_filter);
    this.title = /** @type {HTMLInputElement} */ (el("input", { type: "text", maxlength: TITLE_LENGTH, value: wanted.title ?? null, autocomplete: "off" }));
    this.message = el("p", { class: "error", role: "alert", tabindex: "-1", hidden: true });
    this.entityPlace = el("div", { class: "pane-body", "data-path": "trackers" });
    this.optionPlace = el("div", { class: "options", "data-path": "plugin" });
    this.create = /** @type {HTMLButtonElement} */ (el("button", { type: "submit", class: "primary" }, chosen ? _("Choose") : _("Create report")));
    this.summary = el("span", { class: "faint small summary" });
    this.form = /** @type {HTMLFormElement} */ (el("form", { class: "panes", id: newId("form"), novalidate: true, onsubmit: (/** @type {Event} */ event) => this.submit(event) }));
    this.create.setAttribute("form", this.form.id);
  }

  show() {
    const panes = [
      this.pane("kind", _("Kind"), this.kindPane()),
      this.pane("entities", _("Objects"), this.entityPlace),
      this.pane("settings", _("Settings"), this.settingsPane()),
    ];
    this.form.append(this.steps(), ...panes);
    this.go("kind");
    this.dialog = open(this.chosen ? _("Report of the schedule") : _("New report"), this.form, { class: "report-dialog", foot: [this.summary, this.create] });
    this.dialog.addEventListener("close", () => this.kind && this.remember(this.kind)); // closed by mistake, it opens again as it was
    const remembered = Number(this.wanted.kind ?? kept("kind"));
    this.choose(this.kinds.find((one) => one.id === remembered) ?? this.kinds[0]);
    const radio = /** @type {HTMLElement | null} */ (this.form.querySelector("input[type=radio]:checked"));
    radio?.focus();
    radio?.scrollIntoView({ block: "nearest" });
  }

  /** Buttons of the steps, for narrow screens, where one pane is seen at a time. */
  steps() {
    const names = { kind: _("Kind"), entities: _("Objects"), settings: _("Settings") };
    const buttons = Object.entries(names).map(([step, name]) => el("button", { type: "button", "data-go": step, onclick: () => this.go(step) }, name));
    return el("div", { class: "steps", role: "group", "aria-label": _("Steps") }, ...buttons);
  }

  /** @param {string} step */
  go(step) {
    this.form.dataset.step = step;
    for (const one of this.form.querySelectorAll("[data-go]")) {
      if (/** @type {HTMLElement} */ (one).dataset.go === step) one.setAttribute("aria-current", "step");
      else one.removeAttribute("aria-current");
    }
  }

  /**
   * @param {string} step
   * @param {string} title
   * @param {Node} content
   */
  pane(step, title, content) {
    const id = newId("pane");
    return el("section", { class: "pane", "data-pane": step, "aria-labelledby": id }, el("h3", { id }, title), content);
  }

  kindPane() {
    const search = /** @type {HTMLInputElement} */ (el("input", { type: "search", placeholder: _("Search"), "aria-label": `${_("Search")}: ${_("Kind")}`, "data-search": true }));
    const name = newId("kind");
    const list = el("div", { class: "kinds" });
    for (const group of this.groups) {
      const lines = group.kinds.map((kind) => {
        const radio = el("input", { type: "radio", name, value: kind.id, onchange: () => this.choose(kind) });
        const text = el("span", {}, el("strong", {}, kind.title), el("span", { class: "hint" }, kind.description));
        return el("label", { class: "check kind" }, radio, text);
      });
      const title = el("legend", {}, group.title, " ", el("span", { class: "faint" }, group.kinds.length));
      list.append(el("fieldset", {}, title, ...lines));
    }
    search.addEventListener("input", () => {
      const text = search.value.trim().toLocaleLowerCase(locale);
      for (const set of list.querySelectorAll("fieldset")) {
        const lines = [...set.querySelectorAll("label")];
        for (const line of lines) line.hidden = !line.textContent?.toLocaleLowerCase(locale).includes(text);
        set.hidden = lines.every((line) => line.hidden);
      }
    });
    return el("div", { class: "pane-body" }, search, list);
  }

  settingsPane() {
    const counter = el("span", { class: "faint small", "aria-hidden": "true" });
    const count = () => (counter.textContent = `${this.title.value.length} / ${TITLE_LENGTH}`);
    this.title.addEventListener("input", count);
    this.title.id = newId("title");
    count();
    const title = el("div", { class: "field", "data-path": "title" }, el("label", { for: this.title.id }, _("Title"), " ", counter), this.title);
    return el("div", { class: "pane-body" }, this.message, title, this.chosen ? null : this.period.element, this.window.element, this.optionPlace);
  }

  /** @param {Kind} kind */
  choose(kind) {
    const before = this.kind;
    if (before) this.remember(before);
    this.kind = kind;
    const radio = /** @type {HTMLInputElement | null} */ (this.form.querySelector(`input[type=radio][value="${kind.id}"]`));
    if (radio) radio.checked = true;
    this.title.placeholder = kind.title;
    const isWanted = this.wanted.kind === kind.id;
    const known = (isWanted && this.wanted) || kept(`kind-${kind.id}`) || {};
    const ofSensors = (/** @type {string} */ _name, /** @type {any} */ one) => kind.entity === "sensor" && Boolean(one.items?.properties?.sensor_id);
    this.options = objectForm(kind.schema, known.options ?? {}, ofSensors);
    this.options.rename?.("plugin");
    this.optionPlace.replaceChildren(el("p", { class: "subhead" }, _("Options")), this.options.element);
    if (before?.entity !== kind.entity || isWanted) this.offer(kind, known);
    this.told();
  }

  /**
   * @param {Kind} kind
   * @param {any} known
   */
  async offer(kind, known) {
    this.entities = null;
    this.entityPlace.dataset.path = kind.entity === "sensor" ? "plugin.sensors" : (ENTITY_LISTS[kind.entity] ?? "trackers");
    this.entityPlace.replaceChildren(el("p", { class: "hint" }, _("Loading…")));
    try {
      const items = await records(kind.entity);
      if (this.kind?.entity !== kind.entity) return;
      this.entities = picker(_("Objects"), items, this.chosenBefore(kind, known), () => this.told());
      this.entityPlace.replaceChildren(this.entities.element);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.entityPlace.replaceChildren(el("p", { class: "error" }, error.message));
    }
    this.told();
  }

  /**
   * @param {Kind} kind
   * @param {any} known
   * @returns {number[]}
   */
  chosenBefore(kind, known) {
    if (kind.entity === "sensor") {
      const named = known.options?.sensors?.map((/** @type {any} */ one) => one.sensor_id);
      return named ?? known.ids ?? kept("ids-sensor") ?? [];
    }
    const wanted = this.wanted[/** @type {"trackers" | "employees"} */ (ENTITY_LISTS[kind.entity])];
    return wanted?.length ? wanted : (known.ids ?? kept(`ids-${kind.entity}`) ?? []);
  }

  /** Show in the foot what is chosen. */
  told() {
    if (!this.kind) return;
    const number = this.entities?.chosen().length ?? 0;
    this.summary.textContent = [this.kind.title, ngettext("{number} object", "{number} objects", number), this.chosen ? "" : this.period.text()].filter(Boolean).join(" · ");
  }

  /** @param {Kind} kind */
  remember(kind) {
    const ids = this.entities?.chosen().map((one) => one.id);
    const options = this.options?.read() ?? {};
    keep(`kind-${kind.id}`, { ids, options });
    keep("kind", kind.id);
    if (ids) keep(`ids-${kind.entity}`, ids);
    this.period.remember();
  }

  /** @returns {Record<string, any>} the body of the request */
  body() {
    const kind = /** @type {Kind} */ (this.kind);
    const chosen = this.entities?.chosen() ?? [];
    const plugin = { plugin_id: kind.id, ...this.options?.read() };
    if (kind.entity === "sensor") plugin.sensors = chosen.map((one) => ({ tracker_id: one.tracker, sensor_id: one.id }));
    const list = ENTITY_LISTS[/** @type {"tracker" | "employee"} */ (kind.entity)];
    const entities = list ? { [list]: chosen.map((one) => one.id) } : {};
    return { plugin, title: this.title.value.trim(), ...entities, ...(this.chosen ? {} : this.period.read()), ...this.window.read() };
  }

  /** @returns {{title: string, kind: string, objects: string}} what is chosen in words */
  words() {
    const kind = this.kind?.title ?? "";
    const title = this.title.value.trim();
    const labels = (this.entities?.chosen() ?? []).map((one) => one.label);
    const others = labels.length - MOST_NAMED;
    const objects = labels.slice(0, MOST_NAMED).join(", ") + (others > 0 ? ` +${others}` : "");
    return { title: title || kind, kind: title && title !== kind ? kind : "", objects };
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    clearFaults(this.form);
    this.message.hidden = true;
    this.remember(/** @type {Kind} */ (this.kind));
    if (!this.entities?.chosen().length) {
      this.fail([{ parameter: this.entityPlace.dataset.path ?? "", error: _("Choose at least one.") }]);
      return;
    }
    if (this.chosen) {
      this.chosen({ report: this.body(), ...this.words() });
      this.dialog?.close();
      return;
    }
    this.create.disabled = true;
    try {
      const { id } = await request("/page/reports", { method: "POST", body: this.body() });
      location.assign(`/page/reports/${id}`);
    } catch (error) {
      this.create.disabled = false;
      if (!(error instanceof Refused)) throw error;
      this.refused(error);
    }
  }

  /** @param {Refused} error */
  refused(error) {
    const places = { 211: "to", 217: this.entityPlace.dataset.path, 221: this.entityPlace.dataset.path };
    const place = places[/** @type {211 | 217 | 221} */ (error.code)];
    const faults = error.faults.length ? error.faults : place ? [{ parameter: place, error: error.message }] : [];
    this.fail(faults, error.message);
  }

  /**
   * Show faults at their fields, those without a field above the settings, and focus the first.
   * @param {{parameter: string, error: string}[]} faults
   * @param {string} [message]
   */
  fail(faults, message = "") {
    /** @type {HTMLElement | null} */
    let first = null;
    const rest = [];
    for (const fault of faults) {
      const control = showFault(this.form, fault.parameter, fault.error);
      if (control) first ??= control;
      else rest.push(`${fault.parameter}: ${fault.error}`);
    }
    if (!first || rest.length) {
      this.message.textContent = [message, ...rest].filter(Boolean).join(" ");
      this.message.hidden = false;
      first ??= this.message;
    }
    const pane = first.closest("[data-pane]");
    if (pane instanceof HTMLElement) this.go(pane.dataset.pane ?? "settings");
    first.focus();
  }
}
