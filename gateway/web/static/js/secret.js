/**
 * Secret of a webhook, shown the one time that it is told.
 * @module
 */

import { open } from "./dialog.js";
import { el } from "./elements.js";
import { _ } from "./words.js";

/**
 * Show a secret in a dialog and return the dialog.
 * @param {string} secret
 * @returns {HTMLDialogElement}
 */
export function showSecret(secret) {
  const told = _("Keep it: it is shown this one time. Notices are signed with it, and for 24 hours with a former one, too.");
  const content = el("div", {}, el("p", {}, el("code", { class: "secret" }, secret)), el("p", {}, told));
  return open(_("Secret of the webhook"), content, { class: "small-dialog" });
}
