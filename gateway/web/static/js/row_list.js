/**
 * List of entries of a form that are added and removed.
 * @module
 */

import { el } from "./elements.js";
import { _ } from "./words.js";

const MOST = 100;

/** @typedef {import("./form.js").Field} Field */

/**
 * Return the list.
 * @template T
 * @param {(value: T) => Field} make returns the fields of an entry
 * @param {T[]} values
 * @param {{empty: T, least?: number, most?: number}} options `empty` is the value of an entry that is added; bounds of
 *   the number of entries
 * @returns {{element: HTMLElement, read: () => any[], rename: (path: string) => void}}
 */
export function rowList(make, values, { empty, least = 0, most = MOST }) {
  /** @type {Field[]} */
  let rows = [];
  let path = "";
  const list = el("div", {});
  const add = /** @type {HTMLButtonElement} */ (el("button", { type: "button" }, _("Add")));

  function renumber() {
    rows.forEach((row, place) => {
      row.element.dataset.path = `${path}[${place}]`;
      row.rename?.(`${path}[${place}]`);
    });
    add.disabled = rows.length >= most;
  }

  /** @param {T} value */
  function insert(value) {
    const made = make(value);
    const drop = el("button", { type: "button", class: "quiet" }, _("Remove"));
    const row = { ...made, element: el("div", { class: "entry" }, made.element, drop) };
    drop.addEventListener("click", () => {
      rows = rows.filter((one) => one !== row);
      row.element.remove();
      renumber();
      add.focus();
    });
    rows.push(row);
    list.append(row.element);
    renumber();
    return made.element;
  }

  add.addEventListener("click", () => /** @type {HTMLElement | null} */ (insert(empty).querySelector("input, select, textarea"))?.focus());
  for (const one of values) insert(one);
  while (rows.length < least) insert(empty);
  return {
    element: el("div", {}, list, add),
    read: () => rows.map((one) => one.read()),
    rename(name) {
      path = name;
      renumber();
    },
  };
}
