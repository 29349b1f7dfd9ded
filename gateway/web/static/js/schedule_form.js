/**
 * Form of a schedule: the report that is chosen, days, time, receivers and files, sent as one object.
 * @module
 */

import { open } from "./dialog.js";
import { el, newId } from "./elements.js";
import { announce } from "./page.js";
import { openReportDialog } from "./report_dialog.js";
import { Refused, request } from "./request.js";
import { _ } from "./words.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("schedule"));
const failure = /** @type {HTMLElement} */ (document.getElementById("failure"));

/** @type {Record<string, any> | null} */
let report = JSON.parse(form.dataset.report ?? "null");
const saved = JSON.parse(form.dataset.saved ?? "null");

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** @type {HTMLSelectElement} */
const period = byId("period");
/** @type {HTMLInputElement} */
const ownPeriod = byId("own-period");

/**
 * @param {string} name
 * @returns {string[]} the values of the boxes or of the button that are checked
 */
function checked(name) {
  return [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((one) => /** @type {HTMLInputElement} */ (one).value);
}

/**
 * @param {string} id
 * @returns {string}
 */
const text = (id) => /** @type {HTMLInputElement} */ (byId(id)).value.trim();

/**
 * @param {string} id
 * @returns {boolean}
 */
const isChecked = (id) => /** @type {HTMLInputElement} */ (byId(id)).checked;

/** Show the fields that belong to what is chosen. */
function showChosen() {
  const rule = checked("rule")[0];
  for (const group of form.querySelectorAll("[data-rule]")) {
    const element = /** @type {HTMLElement} */ (group);
    element.hidden = element.dataset.rule !== rule;
  }
  const isOwn = period.value === "";
  ownPeriod.hidden = !isOwn;
  byId("own-period-hint").hidden = !isOwn;
}

/** @returns {Record<string, unknown>} the schedule as it is sent */
function body() {
  const type = checked("rule")[0];
  const days = { weekdays: checked("weekdays").map(Number), month_days: checked("month_days").map(Number) };
  const parameters = {
    ...(saved ? { saved } : { report: report ?? {} }),
    period: period.value || ownPeriod.value.trim(),
    schedule: { type, ...(type === "weekdays" || type === "month_days" ? { [type]: days[type] } : {}) },
    sending_time: text("time"),
    emails: text("emails").split(/[\s,;]+/).filter(Boolean),
    members: checked("members").map(Number),
    formats: checked("formats"),
    email_zip: isChecked("zip"),
    delivery: checked("delivery")[0] ?? "file",
    skip_empty: isChecked("skip-empty"),
    subject: text("subject"),
    message: /** @type {HTMLTextAreaElement} */ (byId("message")).value,
    webhook: text("webhook"),
  };
  return { schedule: { enabled: form.dataset.enabled === "true", parameters } };
}

function clearFaults() {
  failure.hidden = true;
  for (const one of form.querySelectorAll(".fault")) one.remove();
  for (const one of form.querySelectorAll("[aria-invalid]")) {
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-errormessage");
  }
}

/**
 * Find the field that a fault is about: the one whose name is the longest beginning of the parameter.
 * @param {string} parameter
 * @returns {HTMLElement | null}
 */
function fieldOf(parameter) {
  let [best, length] = [/** @type {HTMLElement | null} */ (null), 0];
  for (const one of form.querySelectorAll("[data-parameter]")) {
    for (const name of /** @type {HTMLElement} */ (one).dataset.parameter?.split(" ") ?? []) {
      if (parameter.startsWith(name) && name.length > length) [best, length] = [/** @type {HTMLElement} */ (one), name.length];
    }
  }
  return best;
}

/**
 * Show each fault at its field and give the first one the focus; faults without a field stand above the form.
 * @param {Refused} refused
 */
function showFaults(refused) {
  const homeless = [];
  /** @type {HTMLElement | null} */
  let first = null;
  for (const { parameter, error } of refused.faults) {
    const field = fieldOf(parameter);
    if (!field) {
      homeless.push(`${parameter}: ${error}`);
      continue;
    }
    const id = newId("fault");
    const place = parameter.match(/emails\[(\d+)\]/);
    const address = place ? body().schedule.parameters.emails[Number(place[1])] : "";
    field.closest("details")?.setAttribute("open", "");
    (field.closest(".field") ?? field).append(el("p", { class: "fault", id }, address ? `${address}: ${error}` : error));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", id);
    first ??= field;
  }
  failure.textContent = [refused.message, ...homeless].join(" ");
  failure.hidden = false;
  const target = first?.matches("input, select, textarea") ? first : first?.querySelector("input, button");
  (/** @type {HTMLElement | null | undefined} */ (target) ?? form).focus();
  announce(failure.textContent);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearFaults();
  const id = Number(form.dataset.id);
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  button.disabled = true;
  try {
    const answer = await request(id ? `/page/schedules/${id}` : "/page/schedules", { method: "POST", body: body() });
    const path = `/page/schedules/${answer.id}`;
    if (!answer.webhook_secret) location.href = path;
    else showSecret(answer.webhook_secret).addEventListener("close", () => (location.href = path));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    showFaults(error);
  } finally {
    button.disabled = false;
  }
});

/**
 * Show the secret of a new webhook, which is told this one time.
 * @param {string} secret
 */
function showSecret(secret) {
  const told = _("Keep it: it is shown this one time. Receivers check the signature of notices with it.");
  const content = el("div", {}, el("p", {}, el("code", { class: "secret" }, secret)), el("p", {}, told));
  return open(_("Secret of the webhook"), content, { class: "small-dialog" });
}

form.querySelector("[data-choose]")?.addEventListener("click", () =>
  openReportDialog({
    report,
    choose(chosen) {
      report = chosen.report;
      /** @type {HTMLElement} */ (form.querySelector("[data-chosen-title]")).textContent = chosen.title;
      /** @type {HTMLElement} */ (form.querySelector("[data-chosen-kind]")).textContent = chosen.kind;
      /** @type {HTMLElement} */ (form.querySelector("[data-chosen-objects]")).textContent = chosen.objects;
    },
  }),
);
form.addEventListener("change", showChosen);
showChosen();
