/**
 * Picker of several records: search, tags, check boxes for each, for a group and for all.
 * @module
 */

import { el, newId } from "./elements.js";
import { request } from "./request.js";
import { _, locale, ngettext, numberText } from "./words.js";

const SHOWN = 300; // check boxes at once; the search narrows the rest
const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });

/** @typedef {{id: number | string, label: string, group?: string, tags?: string[], tracker?: number, group_id?: number}} Item */

/** @type {Map<string, Promise<Item[]>>} */
const loaded = new Map();

/**
 * Return all records of a kind, which are read once; sensors are grouped by what they are mounted on.
 * @param {string} kind tracker, employee, vehicle, zone, place or sensor
 * @returns {Promise<Item[]>}
 */
export function records(kind) {
  let found = loaded.get(kind);
  if (!found) {
    found = kind === "sensor" ? sensors() : kind === "tracker" ? trackers() : all(kind);
    loaded.set(kind, found);
    found.catch(() => loaded.delete(kind));
  }
  return found;
}

/**
 * @param {string} kind
 * @returns {Promise<Item[]>}
 */
async function all(kind) {
  const items = [];
  let token = "";
  do {
    const page = await request(`/page/entities/${kind}?page_token=${encodeURIComponent(token)}`);
    items.push(...page.items.map((/** @type {any} */ one) => ({ ...one, group: "", group_id: one.group })));
    token = page.next_page_token;
  } while (token);
  return items.sort((one, other) => collator.compare(one.label, other.label));
}

/** @returns {Promise<Item[]>} */
async function trackers() {
  const found = await all("tracker");
  if (!found.some((one) => one.group_id)) return found;
  const titles = new Map((await all("tracker_group")).map((one) => [one.id, one.label]));
  return found.map((one) => ({ ...one, group: titles.get(/** @type {number} */ (one.group_id)) ?? "" }));
}

/** @returns {Promise<Item[]>} */
async function sensors() {
  const [found, trackers] = await Promise.all([all("sensor"), records("tracker")]);
  const labels = new Map(trackers.map((one) => [one.id, one.label]));
  return found.map((one) => ({ ...one, group: labels.get(/** @type {number} */ (one.tracker)) ?? "" }));
}

/** @param {Item} one */
const placeName = (one) => `${one.group ?? ""}\n${one.label}`;

/**
 * Return a picker.
 * @param {string} name what is picked, for readers of the screen
 * @param {Item[]} items
 * @param {Iterable<number | string>} chosen ids; unknown ones are dropped
 * @param {() => void} [changed]
 * @returns {{element: HTMLElement, chosen: () => Item[]}}
 */
export function picker(name, items, chosen, changed = () => {}) {
  const wanted = new Set(chosen);
  /** @type {Set<Item>} */
  const picked = new Set(items.filter((one) => wanted.has(one.id)));
  const tags = [...new Set(items.flatMap((one) => one.tags ?? []))].sort(collator.compare);
  const search = el("input", { type: "search", placeholder: _("Search"), "aria-label": `${_("Search")}: ${name}` });
  const tag = tags.length
    ? el("select", { "aria-label": _("Tag") }, el("option", { value: "" }, _("All tags")), ...tags.map((one) => el("option", {}, one)))
    : null;
  const whole = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
  const count = el("span", { class: "faint small", "aria-live": "polite" });
  const list = el("div", { class: "picks", role: "group", "aria-label": name });
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const one of items) times.set(placeName(one), (times.get(placeName(one)) ?? 0) + 1);

  function matching() {
    const text = /** @type {HTMLInputElement} */ (search).value.trim().toLocaleLowerCase(locale);
    const only = tag ? /** @type {HTMLSelectElement} */ (tag).value : "";
    return items.filter(
      (one) =>
        (!text || one.label.toLocaleLowerCase(locale).includes(text) || one.group?.toLocaleLowerCase(locale).includes(text)) &&
        (!only || one.tags?.includes(only)),
    );
  }

  /**
   * @param {Item[]} some
   * @param {boolean} on
   */
  function pick(some, on) {
    for (const one of some) {
      if (on) picked.add(one);
      else picked.delete(one);
    }
    show();
    changed();
  }

  /**
   * @param {HTMLInputElement} box
   * @param {Item[]} some
   */
  function mark(box, some) {
    const number = some.filter((one) => picked.has(one)).length;
    box.checked = number > 0 && number === some.length;
    box.indeterminate = number > 0 && number < some.length;
  }

  /**
   * @param {string} label
   * @param {Item[]} some
   * @param {string} className
   * @param {string} [hint] tells equal labels apart
   */
  function line(label, some, className, hint = "") {
    const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", id: newId("pick") }));
    mark(box, some);
    box.addEventListener("change", () => {
      const focused = box.dataset.key;
      pick(some, box.checked);
      const again = list.querySelector(`[data-key="${CSS.escape(focused ?? "")}"]`);
      if (again instanceof HTMLElement) again.focus();
    });
    box.dataset.key = `${className} ${some[0]?.id ?? ""}`;
    return el("label", { class: `check ${className}` }, box, el("bdi", {}, label), hint && el("span", { class: "faint small" }, hint));
  }

  /** @param {Item} one */
  const hintOf = (one) => ((times.get(placeName(one)) ?? 0) > 1 ? `#${one.id}` : "");

  function show() {
    const found = matching();
    const groups = new Map();
    for (const one of found) groups.set(one.group ?? "", [...(groups.get(one.group ?? "") ?? []), one]);
    const isGrouped = groups.size > 1 || !groups.has("");
    list.replaceChildren();
    let left = SHOWN;
    for (const [group, some] of isGrouped ? [...groups].sort((one, other) => collator.compare(one[0], other[0])) : groups) {
      if (left <= 0) break;
      if (isGrouped) list.append(line(group || _("Without a group"), some, "group"));
      for (const one of some.slice(0, left)) list.append(line(one.label, [one], isGrouped ? "member" : "", hintOf(one)));
      left -= some.length;
    }
    if (found.length > SHOWN) list.append(el("p", { class: "hint" }, _("{shown} of {all} are shown; search to narrow the list.", { shown: SHOWN, all: numberText(found.length) })));
    if (!found.length) list.append(el("p", { class: "hint" }, items.length ? _("Nothing matches.") : _("There is nothing to choose from.")));
    mark(whole, found);
    whole.disabled = !found.length;
    count.textContent = ngettext("{number} chosen", "{number} chosen", picked.size);
  }

  search.addEventListener("input", show);
  tag?.addEventListener("change", show);
  whole.addEventListener("change", () => pick(matching(), whole.checked));
  show();
  const head = el("div", { class: "pick-head" }, el("label", { class: "check" }, whole, el("span", {}, _("All"))), count);
  return {
    element: el("div", { class: "picker" }, el("div", { class: "pick-search" }, search, tag), head, list),
    chosen: () => items.filter((one) => picked.has(one)),
  };
}
