/**
 * Words of modules in the document's language. Importing the module waits until they are loaded.
 * @module
 */

const root = document.documentElement;

/** Locale of the document, such as "ru". */
export const locale = root.lang || "en";

/** IANA time zone of the account, in which all dates are meant. */
export const timeZone = root.dataset.timeZone || "UTC";

const rules = new Intl.PluralRules(locale);

/** @type {Record<string, string | Record<string, string>>} */
let words = {};
const coming = root.dataset.words ? fetch(root.dataset.words).catch(() => null) : null;
const numbers = new Intl.NumberFormat(locale); // the first of a document takes as long as drawing a table
const answer = await coming;
if (answer?.ok) words = await answer.json();

/**
 * Return a whole number with the separators of the document's language.
 * @param {number} number
 * @returns {string}
 */
export function numberText(number) {
  return numbers.format(number);
}

/**
 * Return a text in the document's language, with values in the place of `{name}`.
 * @param {string} msgid
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function _(msgid, values = {}) {
  const found = words[msgid];
  return filled(typeof found === "string" ? found : msgid, values);
}

/**
 * Return the form of a text for a number, which stands for `{number}`.
 * @param {string} one
 * @param {string} many
 * @param {number} number
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function ngettext(one, many, number, values = {}) {
  const forms = words[one];
  const own = number === 1 ? one : many;
  const form = typeof forms === "object" ? (forms[rules.select(number)] ?? forms.other) : own;
  return filled(form, { number: numberText(number), ...values });
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
