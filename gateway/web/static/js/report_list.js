/**
 * The list of reports: it follows reports that are made, and cancels, deletes and repeats reports.
 * @module
 */

import { confirm, isDialogOpen, tell } from "./dialog.js";
import { keepFocus } from "./focus.js";
import { announce } from "./page.js";
import { openReportDialog } from "./report_dialog.js";
import { Refused, request } from "./request.js";
import { _ } from "./words.js";

const EVERY_MS = 3000;

/** @returns {HTMLElement} */
const list = () => /** @type {HTMLElement} */ (document.getElementById("reports"));

/** Ask for the list again and show what is new; the focus stays where it is. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  if (answer.redirected) {
    location.reload(); // the session has ended
    return;
  }
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("reports");
  if (!found || found.isEqualNode(list())) return;
  keepFocus(list(), () => {
    list().replaceWith(document.adoptNode(found));
    return list();
  });
}

async function poll() {
  if (!document.hidden && !isDialogOpen() && Number(list().dataset.unfinished) > 0) await refresh();
  setTimeout(poll, EVERY_MS);
}

/**
 * @param {string} path
 * @param {string} method
 * @param {string} done
 */
async function change(path, method, done) {
  try {
    await request(path, { method });
    announce(done);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(_("Not done"), error.message);
  }
  await refresh();
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const row = button.closest("tr[data-report]");
  const id = row instanceof HTMLElement ? row.dataset.report : "";
  const title = row?.querySelector(".title a")?.textContent ?? "";
  if ("newReport" in button.dataset) await openReportDialog({});
  else if ("again" in button.dataset) await openReportDialog({ again: id });
  else if ("cancel" in button.dataset) await change(`/page/reports/${id}/cancel`, "POST", _("Cancelled"));
  else if ("delete" in button.dataset) {
    const agreed = await confirm(
      _("Delete the report?"), _("“{title}” and its links are deleted for good.", { title }), _("Delete"),
    );
    if (agreed) await change(`/page/reports/${id}`, "DELETE", _("Deleted"));
  }
});

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && "submit" in event.target.dataset) event.target.form?.requestSubmit();
});

const query = new URLSearchParams(location.search);
if (query.has("again") || query.has("kind") || query.has("new")) {
  const wanted = Object.fromEntries(query);
  history.replaceState(null, "", location.pathname);
  openReportDialog(wanted);
}
setTimeout(poll, EVERY_MS);
