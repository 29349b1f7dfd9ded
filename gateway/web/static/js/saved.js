/**
 * A saved time report: the period that it is run over, and how it is shared.
 * @module
 */

import { confirm } from "./dialog.js";
import { keepFocus } from "./focus.js";
import { announce } from "./page.js";
import { Refused, request } from "./request.js";
import { _ } from "./words.js";

const run = /** @type {HTMLFormElement} */ (document.getElementById("run-form"));
const share = /** @type {HTMLFormElement} */ (document.getElementById("share-form"));

/** @returns {HTMLInputElement | null} the field of the link, where there is one */
const link = () => /** @type {HTMLInputElement | null} */ (document.getElementById("link"));

/** Show the whole address of the link. */
function showLink() {
  const field = link();
  if (field) field.value = location.origin + field.dataset.path;
}

/** Put the chosen period into the addresses of the report and of its files. */
function showPeriod() {
  const fields = new FormData(run);
  const query = new URLSearchParams({ workspace: run.dataset.workspace ?? "" });
  const isCustom = fields.get("period") === "custom";
  if (isCustom) {
    for (const name of ["from", "to"]) if (fields.get(name)) query.set(name, String(fields.get(name)));
  } else if (fields.get("period")) query.set("period", String(fields.get("period")));
  for (const one of run.querySelectorAll("[data-custom]")) /** @type {HTMLElement} */ (one).hidden = !isCustom;
  for (const one of run.querySelectorAll("a[data-open], a[data-file]")) {
    const anchor = /** @type {HTMLAnchorElement} */ (one);
    const suffix = anchor.dataset.file ? `.${anchor.dataset.file}` : "";
    anchor.href = `/page/saved/${run.dataset.id}/run${suffix}?${query}`;
  }
}

/** Ask for the document again and show how the report is shared now. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) {
    location.reload();
    return;
  }
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("share-form");
  keepFocus(share, () => {
    share.replaceChildren(...document.adoptNode(/** @type {HTMLElement} */ (found)).childNodes);
    return share;
  });
  showLink();
}

/**
 * Send a change and show what has become of it; a refusal is told above the form.
 * @param {Record<string, unknown>} change
 */
async function send(change) {
  const failure = /** @type {HTMLElement} */ (document.getElementById("failure"));
  failure.hidden = true;
  try {
    const body = { workspace_id: Number(share.dataset.workspace), ...change };
    await request(`/page/saved/${share.dataset.id}`, { method: "POST", body });
    await refresh();
    announce(_("Saved"));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    failure.textContent = [error.message, ...error.faults.map((one) => one.error)].join(" ");
    failure.hidden = false;
    const box = /** @type {HTMLInputElement} */ (document.getElementById("public"));
    if ("public" in change) box.checked = !box.checked;
  }
}

run.addEventListener("change", showPeriod);
run.addEventListener("submit", (event) => event.preventDefault());
share.addEventListener("submit", (event) => event.preventDefault());
share.addEventListener("change", (event) => {
  const box = /** @type {HTMLInputElement} */ (event.target);
  if (box.id === "public") send({ public: box.checked });
});
share.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const field = link();
  if ("copy" in button.dataset && field) {
    field.select();
    await navigator.clipboard?.writeText(field.value).catch(() => document.execCommand("copy"));
    announce(_("The link is copied."));
  } else if ("renew" in button.dataset) {
    const agreed = await confirm(_("Make a new link?"), _("The present link stops working at once."), _("New link"));
    if (agreed) await send({ regenerate_token: true });
  } else if ("expire" in button.dataset) {
    const day = /** @type {HTMLInputElement} */ (document.getElementById("expires"));
    await send({ expire_date: day.value });
  }
});
showPeriod();
showLink();
