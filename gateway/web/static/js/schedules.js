/**
 * Schedules: run, test, pause, resume and delete one, follow its runs, and decide about deliveries.
 * @module
 */

import { confirm, isDialogOpen, open, tell } from "./dialog.js";
import { el, newId } from "./elements.js";
import { keepFocus } from "./focus.js";
import { clearFaults, showFault } from "./faults.js";
import { announce } from "./page.js";
import { Refused, request } from "./request.js";
import { showSecret } from "./secret.js";
import { _ } from "./words.js";

const EVERY_MS = 2000;

/**
 * Send a change; a refusal is told.
 * @param {string} path
 * @param {{method?: string, body?: unknown}} options
 * @returns {Promise<any>} the answer, false for a refusal
 */
async function send(path, options) {
  try {
    return (await request(path, { method: "POST", body: {}, ...options })) ?? true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const faults = error.faults.map((one) => `${one.parameter}: ${one.error}`);
    tell(_("Not done"), [error.message, ...faults].join(" "));
    return false;
  }
}

/** Ask for the document again and show its main part anew, with what was unfolded. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  if (answer.redirected) {
    location.reload(); // the session has ended
    return;
  }
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const fresh = /** @type {HTMLElement} */ (found.getElementById("main"));
  const unfolded = new Set([...main.querySelectorAll("details[open]")].map((one) => /** @type {HTMLElement} */ (one).dataset.key));
  for (const details of fresh.querySelectorAll("details")) details.open = unfolded.has(details.dataset.key);
  if (main.isEqualNode(fresh)) return;
  keepFocus(main, () => {
    main.replaceWith(document.adoptNode(fresh));
    return fresh;
  });
}

async function follow() {
  if (!document.hidden && !isDialogOpen() && Number(document.getElementById("runs")?.dataset.unfinished) > 0) await refresh();
  setTimeout(follow, EVERY_MS);
}

/**
 * Ask for the addresses of a test and send it.
 * @param {string} path
 */
function askForTest(path) {
  const id = newId("test");
  const input = /** @type {HTMLTextAreaElement} */ (
    el("textarea", { id, rows: 2, spellcheck: "false", autocapitalize: "none", "aria-describedby": `${id}-hint` })
  );
  const hint = el("p", { class: "hint", id: `${id}-hint` }, _("One address on each line; your own without any."));
  const go = el("button", { type: "button", class: "primary" }, _("Send"));
  const content = el("div", { class: "field", "data-path": "emails" }, el("label", { for: id }, _("E-mail addresses")), input);
  const dialog = open(_("Send a test"), el("div", {}, content, hint), { class: "small-dialog", foot: [go] });
  go.addEventListener("click", async () => {
    const emails = input.value.split(/[\s,;]+/).filter(Boolean);
    clearFaults(dialog);
    try {
      await request(`${path}/test`, { method: "POST", body: { emails } });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const { parameter, error: text } of error.faults) {
        const address = emails[Number(parameter.match(/\[(\d+)\]/)?.[1])];
        showFault(dialog, parameter, address ? `${address}: ${text}` : text);
      }
      if (!error.faults.length) showFault(dialog, "emails", error.message);
      input.focus();
      return;
    }
    dialog.close();
    announce(_("The test is on its way."));
    await showRuns(path);
  });
}

/**
 * Go to the runs of a schedule, where one that was begun can be watched.
 * @param {string} path
 */
async function showRuns(path) {
  if (location.pathname === path) await refresh();
  else location.href = path;
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const delivery = button.closest("li[data-number]");
  if (delivery instanceof HTMLElement && "resolve" in button.dataset) {
    const schedule = location.pathname.split("/")[3];
    const { run, number } = delivery.dataset;
    const path = `/page/schedules/${schedule}/runs/${run}/deliveries/${number}`;
    if (await send(path, { body: { resolution: button.dataset.resolve } })) await refresh();
    return;
  }
  const holder = button.closest("[data-schedule]");
  if (!(holder instanceof HTMLElement)) {
    if (button.dataset.secret) await renewSecret(button.dataset.secret);
    return;
  }
  const path = `/page/schedules/${holder.dataset.schedule}`;
  const title = holder.querySelector(".title a, .title")?.textContent?.trim() ?? "";
  if ("run" in button.dataset) {
    if (await send(`${path}/run`, {})) await showRuns(path);
  } else if ("test" in button.dataset) askForTest(path);
  else if ("enable" in button.dataset) {
    if (await send(path, { body: { enabled: button.dataset.enable === "true" } })) await refresh();
  } else if ("delete" in button.dataset) {
    const agreed = await confirm(
      _("Delete the schedule?"), _("“{title}” is no longer made and sent; its reports stay.", { title }), _("Delete"),
    );
    if (agreed && (await send(path, { method: "DELETE" }))) location.href = button.dataset.then ?? location.href;
  }
});

/** @param {string} webhook its address, which stays */
async function renewSecret(webhook) {
  const answer = await send(location.pathname, { body: { webhook, new_webhook_secret: true } });
  if (answer) showSecret(answer.webhook_secret).addEventListener("close", refresh);
}

setTimeout(follow, EVERY_MS);
