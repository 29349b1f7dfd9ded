/**
 * State of the report view in the address bar: sheet, sort, hidden columns, search, filters. An address that is sent to a
 * colleague or reloaded shows the same.
 * @module
 */

const FILTER = "f-";

/**
 * @typedef {object} View
 * @property {number} sheet place of the sheet, from 0
 * @property {string} sort field of the column, with "-" in front for descending; empty for the order of the report
 * @property {string[]} hide fields of the columns that are not shown
 * @property {string} q search over all columns
 * @property {Record<string, string>} filters filter of a column by its field
 */

/**
 * Return the view that an address describes.
 * @param {string} query such as "?sheet=2&sort=-length"
 * @returns {View}
 */
export function readView(query) {
  const found = new URLSearchParams(query);
  /** @type {Record<string, string>} */
  const filters = {};
  for (const [name, value] of found) if (name.startsWith(FILTER) && value) filters[name.slice(FILTER.length)] = value;
  return {
    sheet: Math.max(0, (Number.parseInt(found.get("sheet") ?? "", 10) || 1) - 1),
    sort: found.get("sort") ?? "",
    hide: (found.get("hide") ?? "").split(",").filter(Boolean),
    q: found.get("q") ?? "",
    filters,
  };
}

/**
 * Return the query of a view; what is as at first is left out.
 * @param {View} view
 * @returns {string}
 */
function queryOf(view) {
  const query = new URLSearchParams();
  if (view.sheet) query.set("sheet", String(view.sheet + 1));
  if (view.sort) query.set("sort", view.sort);
  if (view.hide.length) query.set("hide", view.hide.join(","));
  if (view.q) query.set("q", view.q);
  for (const [field, value] of Object.entries(view.filters)) if (value) query.set(FILTER + field, value);
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/**
 * Write a view to the address bar.
 * @param {View} view
 * @param {boolean} [isStep] true where Back should lead to the view before
 */
export function writeView(view, isStep = false) {
  const lang = new URLSearchParams(location.search).get("lang");
  const query = queryOf(view);
  const address = location.pathname + (lang ? `${query || "?"}${query && "&"}lang=${encodeURIComponent(lang)}` : query);
  if (address === location.pathname + location.search) return;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
