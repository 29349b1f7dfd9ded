/**
 * Dialogs: a title, content and buttons over the document; Esc and the cross close them.
 * @module
 */

import { el, newId } from "./elements.js";
import { _ } from "./words.js";

/**
 * Open a dialog and return it. It is removed when it closes, and the focus goes back to where it was.
 * @param {string} title
 * @param {Node} content
 * @param {{class?: string, foot?: Node[], closable?: () => boolean}} [options] `closable` may refuse that Esc and the
 *   cross close it
 * @returns {HTMLDialogElement}
 */
export function open(title, content, options = {}) {
  const id = newId("dialog");
  const close = el("button", { type: "button", class: "icon-button", "aria-label": _("Close") }, "×");
  const head = el("header", {}, el("h2", { id }, title), close);
  const foot = options.foot?.length ? el("footer", {}, ...options.foot) : null;
  const dialog = /** @type {HTMLDialogElement} */ (
    el("dialog", { class: options.class ?? "", "aria-labelledby": id }, head, el("div", { class: "content" }, content), foot)
  );
  const may = () => !options.closable || options.closable();
  close.addEventListener("click", () => may() && dialog.close());
  dialog.addEventListener("cancel", (event) => {
    if (!may()) event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @returns {boolean} whether a dialog is open, which gives the focus back to where it was */
export function isDialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * Ask whether something may be done.
 * @param {string} title
 * @param {string} text
 * @param {string} action name of the button that does it
 * @returns {Promise<boolean>} whether the button was pressed
 */
export function confirm(title, text, action) {
  return new Promise((resolve) => {
    let agreed = false;
    const yes = el("button", { type: "button", class: "danger" }, action);
    const no = el("button", { type: "button", autofocus: true }, _("Keep"));
    const dialog = open(title, el("p", {}, text), { class: "small-dialog", foot: [no, yes] });
    yes.addEventListener("click", () => {
      agreed = true;
      dialog.close();
    });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(agreed));
  });
}

/**
 * Tell something that must be read.
 * @param {string} title
 * @param {string} text
 */
export function tell(title, text) {
  const close = el("button", { type: "button", autofocus: true }, _("Close"));
  const dialog = open(title, el("p", {}, text), { class: "small-dialog", foot: [close] });
  close.addEventListener("click", () => dialog.close());
}
