/**
 * Form of a schedule: the report that is chosen, days, time, receivers and files, sent as one object.
 * @module
 */

import { clearFaults, showFault } from "./faults.js";
import { announce } from "./page.js";
import { openReportDialog } from "./report_dialog.js";
import { Refused, request } from "./request.js";
import { showSecret } from "./secret.js";
import { _ } from "./words.js";

const TOO_LONG = 211; // a period

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
    ...(saved ? { saved, override_saved_period: isChecked("override") } : { report: report ?? {} }),
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

/**
 * Show each fault at its field and give the first one the focus; faults without a field stand above the form.
 * @param {Refused} refused
 */
function showFaults(refused) {
  const homeless = [];
  /** @type {HTMLElement | null} */
  let first = null;
  const isAboutReport = (/** @type {string} */ parameter) => parameter.startsWith("schedule.parameters.report");
  const missing = !report && !saved && refused.faults.find((one) => isAboutReport(one.parameter));
  const place = refused.code === TOO_LONG ? [{ parameter: "schedule.parameters.period", error: refused.message }] : [];
  for (const { parameter, error } of [...place, ...refused.faults]) {
    if (missing && isAboutReport(parameter) && parameter !== missing.parameter) continue; // told once
    const line = parameter.match(/emails\[(\d+)\]/);
    const address = line ? body().schedule.parameters.emails[Number(line[1])] : "";
    const text = missing && isAboutReport(parameter) ? _("Choose the report") : error;
    const control = showFault(form, parameter, address ? `${address}: ${text}` : text);
    if (control) first ??= control;
    else homeless.push(`${parameter}: ${error}`);
  }
  failure.textContent = [refused.message, ...homeless].join(" ");
  failure.hidden = false;
  (first ?? failure).focus();
  announce(failure.textContent);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearFaults(form);
  failure.hidden = true;
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

/** @returns {Record<string, string | undefined>} the report as the dialog begins with it */
function present() {
  if (!report) return {};
  const { plugin_id: kind, ...options } = report.plugin ?? {};
  const { trackers, employees, title, time_filter } = report;
  return {
    kind: kind && String(kind), trackers: trackers?.join(), employees: employees?.join(), title,
    options: JSON.stringify(options), time_filter: time_filter && JSON.stringify(time_filter),
  };
}

/** @returns {Record<string, any>} those parts of the report that the dialog does not show: they stay with another choice */
function unshown() {
  const { plugin, trackers, employees, title, time_filter, ...others } = report ?? {};
  return others;
}

form.querySelector("[data-choose]")?.addEventListener("click", () =>
  openReportDialog(present(), (chosen) => {
    report = { ...unshown(), ...chosen.report };
    for (const part of /** @type {const} */ (["title", "kind", "objects"])) {
      /** @type {HTMLElement} */ (form.querySelector(`[data-chosen-${part}]`)).textContent = chosen[part];
    }
  }),
);
form.addEventListener("change", showChosen);
showChosen();
/** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]")).disabled = false; // without the module nothing would be sent
