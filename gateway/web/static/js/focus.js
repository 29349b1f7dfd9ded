/**
 * The focus where content is replaced: it stays at the same control, else at the one that has come in its place.
 * @module
 */

const FOCUSABLE = "a[href], button, summary, input, select, textarea, [tabindex='0']";
const RECORD = "[data-report], [data-schedule], [data-run], [data-link]";

/**
 * @param {ParentNode} root
 * @returns {HTMLElement[]} the controls that the Tab key reaches
 */
function controls(root) {
  const found = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(FOCUSABLE)]);
  return found.filter((one) => one.getClientRects().length && !one.matches(":disabled"));
}

/**
 * @param {HTMLElement} control
 * @returns {string} what tells a control from the others
 */
function nameOf(control) {
  const record = JSON.stringify({ .../** @type {HTMLElement | null} */ (control.closest(RECORD))?.dataset });
  const name = control.id || control.getAttribute("href") || control.getAttribute("aria-label") || control.textContent;
  return `${record} ${control.tagName} ${name}`;
}

/**
 * Replace content and keep the focus, if it is there: at the control of the same record and name, else at the one in
 * the same place, else at the first of what surrounds it.
 * @param {HTMLElement} old
 * @param {() => HTMLElement} replace returns the element that holds the new content
 */
export function keepFocus(old, replace) {
  const active = document.activeElement;
  const before = controls(old);
  const place = before.findIndex((one) => one === active);
  const name = place < 0 ? "" : nameOf(before[place]);
  const fresh = replace();
  if (active === old) fresh.focus();
  if (place < 0) return;
  const after = controls(fresh);
  const found = after.find((one) => nameOf(one) === name) ?? after[Math.min(place, after.length - 1)];
  (found ?? controls(fresh.closest("dialog, main") ?? document.body)[0])?.focus();
}
