/**
 * Behaviour of every document: the switch of the theme, the list of keys, and lines of status.
 * @module
 */

import { el } from "./elements.js";
import { isDialogOpen, open } from "./dialog.js";
import { _ } from "./words.js";

const THEMES = ["system", "light", "dark"];
const THEME = "daybook-theme";
const root = document.documentElement;

/** @returns {string} */
function theme() {
  return root.dataset.theme ?? "system";
}

/** @param {string} chosen */
function setTheme(chosen) {
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  try {
    localStorage.setItem(THEME, chosen);
  } catch {
    // the choice then holds for this document
  }
}

/** @returns {Record<string, string>} */
function themeNames() {
  return { system: _("Theme: as the system"), light: _("Theme: light"), dark: _("Theme: dark") };
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const name = button.querySelector("[data-theme-name]");
  const show = () => {
    const text = themeNames()[theme()];
    button.title = text;
    if (name) name.textContent = text;
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
    show();
  });
}

/** @type {[string, string][]} */
const keys = [
  ["/", _("Search")],
  ["n", _("New report")],
  ["Esc", _("Close")],
  ["?", _("This list")],
];

/**
 * Add lines to the list of keys, in front of the general ones.
 * @param {[string, string][]} more keys with what they do
 */
export function addKeys(more) {
  keys.unshift(...more);
}

function showKeys() {
  const list = el("dl", { class: "keys" });
  for (const [key, meaning] of keys) list.append(el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, meaning)));
  open(_("Keys"), list);
}

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}

/**
 * Return whether a key press belongs to a field, so that no key of the page may take it.
 * @param {KeyboardEvent} event
 * @returns {boolean}
 */
export function isTyping(event) {
  const target = event.target;
  return (
    event.ctrlKey || event.metaKey || event.altKey ||
    (target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea")))
  );
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || isDialogOpen()) return;
  if (event.key === "?" && document.querySelector("[data-keys]")) {
    event.preventDefault();
    showKeys();
  } else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search instanceof HTMLElement) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "n") {
    const button = document.querySelector("[data-new-report]");
    if (button instanceof HTMLElement) {
      event.preventDefault();
      button.click();
    }
  }
});

/**
 * Tell a text to screen readers alone.
 * @param {string} text
 */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}
