/**
 * Choices of a visitor that the browser remembers, under the id of the account: ids and settings, no names.
 * @module
 */

const account = document.documentElement.dataset.account ?? "";

/**
 * Return what was kept under a name, null without it.
 * @param {string} name
 * @returns {any}
 */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(`daybook:${account}:${name}`) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Keep a value under a name. Where the browser stores nothing, the choice is forgotten.
 * @param {string} name
 * @param {unknown} value
 */
export function keep(name, value) {
  try {
    localStorage.setItem(`daybook:${account}:${name}`, JSON.stringify(value));
  } catch {
    // full or forbidden
  }
}
