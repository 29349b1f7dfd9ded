/**
 * Requests of modules: JSON to the page's own routes, with failures in the document's language.
 * @module
 */

import { _, locale } from "./words.js";

/** A request that was refused: its HTTP status, the public code, and the fault of each field. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {number} status 0 when there was no answer
   * @param {{code?: number, faults?: {parameter: string, error: string}[], body?: any}} [more]
   */
  constructor(message, status, more = {}) {
    super(message);
    this.status = status;
    this.code = more.code ?? 0;
    this.faults = more.faults ?? [];
    this.body = more.body ?? null;
  }
}

/**
 * Send a request and return the JSON of the answer.
 * @param {string} path
 * @param {{method?: string, body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} null for an answer without content
 * @throws {Refused} when it is refused or there is no answer
 */
export async function request(path, options = {}) {
  const { method = "GET", body, signal } = options;
  const headers = { "Accept-Language": locale, ...(method === "GET" ? {} : { "Content-Type": "application/json" }) };
  let answer;
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(_("Daybook does not answer. Check the connection and try again."), 0);
  }
  const text = await answer.text();
  const found = text && answer.headers.get("Content-Type")?.startsWith("application/json") ? JSON.parse(text) : null;
  if (answer.ok) return found;
  const code = found?.status?.code ?? 0;
  throw new Refused(messageOf(answer.status, code, found), answer.status, { code, faults: found?.errors, body: found });
}

/**
 * @param {number} status
 * @param {number} code
 * @param {any} body
 * @returns {string}
 */
function messageOf(status, code, body) {
  /** @type {Record<number, string>} */
  const texts = {
    3: _("Your session has ended. Sign in again in another tab, then go on here."),
    4: _("Your session has ended. Sign in again in another tab, then go on here."),
    7: _("Some of the entries are not right."),
    13: _("Your account has no right to do this."),
    14: _("Daybook cannot reach one of its services. Try again in a moment."),
    15: _("Too much at once. Wait a moment and try again."),
    101: _("A demo account cannot do this."),
    204: _("It is no longer there."),
    211: _("The period is too long."),
    217: _("Some of the chosen objects are no longer there."),
    221: _("Too many objects are chosen."),
    222: _("This kind of report is not known."),
    268: _("There are as many schedules as there may be."),
    236: _("The tariff of one of the objects does not include reports."),
  };
  if (body?.reason === "TOO_MANY_REPORTS") {
    return _("As many reports are being made as your account may have at once. Wait until one is finished, or cancel one.");
  }
  if (code === 211 && body.max_time_span) {
    return _("The period is longer than the {days} days that are allowed.", { days: Number.parseInt(body.max_time_span.slice(1), 10) });
  }
  if (texts[code]) return texts[code];
  return body?.status?.description ?? _("Something went wrong ({status}).", { status });
}
