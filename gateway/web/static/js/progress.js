/**
 * Progress of a report: a bar that follows the events of the server, and the button that stops the report.
 * @module
 */

import { announce } from "./page.js";
import { Refused, request } from "./request.js";
import { _ } from "./words.js";

const SAID_EVERY_MS = 2000;

/**
 * Follow a report until it is over. Nothing is asked while the tab is hidden.
 * @param {number | string} id
 * @param {{progress: (event: {percent: number, state: string}) => void, over: () => void, lost: () => void}} listener
 *   `over` is told once: the report is finished, failed, cancelled or deleted
 */
export function follow(id, listener) {
  /** @type {EventSource | null} */
  let source = null;
  let isOver = false;

  function close() {
    source?.close();
    source = null;
  }

  function over() {
    isOver = true;
    close();
    listener.over();
  }

  function open() {
    if (source || isOver || document.hidden) return;
    source = new EventSource(`/page/reports/${id}/progress`);
    source.addEventListener("progress", (event) => listener.progress(JSON.parse(event.data)));
    for (const name of ["done", "failed", "gone"]) source.addEventListener(name, over);
    source.addEventListener("lost", listener.lost);
    source.addEventListener("error", () => {
      listener.lost();
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, SAID_EVERY_MS);
      }
    });
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  open();
}

/** @returns {Record<string, string>} */
function stateTexts() {
  return { queued: _("Waiting"), running: _("In progress") };
}

function show(/** @type {HTMLElement} */ section) {
  const bar = /** @type {HTMLProgressElement} */ (section.querySelector("progress"));
  const percent = /** @type {HTMLElement} */ (section.querySelector("[data-percent]"));
  const text = /** @type {HTMLElement} */ (section.querySelector("[data-text]"));
  const cancel = /** @type {HTMLButtonElement} */ (section.querySelector("[data-cancel]"));
  let said = 0;
  follow(section.dataset.report ?? "", {
    progress(event) {
      bar.value = event.percent;
      percent.textContent = `${event.percent} %`;
      text.textContent = stateTexts()[event.state] ?? "";
      if (Date.now() - said >= SAID_EVERY_MS) {
        said = Date.now();
        announce(`${text.textContent}, ${event.percent} %`);
      }
    },
    over: () => location.reload(),
    lost() {
      text.textContent = _("Daybook does not answer at the moment; the report goes on being made when it is back.");
    },
  });
  cancel.addEventListener("click", async () => {
    cancel.disabled = true;
    try {
      await request(`/page/reports/${section.dataset.report}/cancel`, { method: "POST" });
    } catch (error) {
      cancel.disabled = false;
      if (error instanceof Refused) text.textContent = error.message;
      else throw error;
    }
  });
}

const section = document.querySelector(".progress[data-running='true']");
if (section instanceof HTMLElement) show(section);
