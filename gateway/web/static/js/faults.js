/**
 * Faults of a form: each is shown at its field, and the first one gets the focus.
 * @module
 */

import { el, newId } from "./elements.js";

const FAULT = "fault";

/**
 * Change what describes a control to readers of the screen.
 * @param {Element} control
 * @param {(ids: string[]) => string[]} change
 */
function describe(control, change) {
  const ids = change((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * Take all faults away.
 * @param {HTMLElement} form
 */
export function clearFaults(form) {
  for (const one of form.querySelectorAll(".fault")) one.remove();
  for (const one of form.querySelectorAll("[aria-invalid]")) {
    one.removeAttribute("aria-invalid");
    describe(one, (ids) => ids.filter((id) => !id.startsWith(FAULT)));
  }
}

/**
 * Show a fault at the field with the longest path that the parameter's name begins with.
 * @param {HTMLElement} form
 * @param {string} parameter such as `plugin.shifts[0].name`
 * @param {string} text
 * @returns {HTMLElement | null} the control to focus, null when no field has such a path
 */
export function showFault(form, parameter, text) {
  /** @type {HTMLElement | null} */
  let found = null;
  for (const one of form.querySelectorAll("[data-path]")) {
    const path = /** @type {HTMLElement} */ (one).dataset.path ?? "";
    const fits = parameter === path || parameter.startsWith(`${path}.`) || parameter.startsWith(`${path}[`);
    if (fits && path.length >= (found?.dataset.path?.length ?? 0)) found = /** @type {HTMLElement} */ (one);
  }
  if (!found) return null;
  const control = /** @type {HTMLElement | null} */ (found.querySelector("input, select, textarea, button"));
  const id = newId(FAULT);
  found.append(el("p", { class: "fault", id }, text));
  for (let fold = found.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  if (control && !control.matches("button")) {
    control.setAttribute("aria-invalid", "true");
    describe(control, (ids) => [id, ...ids]);
  }
  return control;
}
