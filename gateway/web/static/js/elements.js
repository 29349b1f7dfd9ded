/**
 * Elements with attributes, listeners and content, without any markup as text.
 * @module
 */

/**
 * Return a new element.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] an attribute by its name, a listener as `onclick`; false and null leave
 *   one out, true gives one without a value
 * @param {...(Node | string | number | null | undefined | false)} content nodes and texts; null and false are left out
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const one of content) {
    if (one !== null && one !== undefined && one !== false) element.append(typeof one === "number" ? String(one) : one);
  }
  return element;
}

let count = 0;

/**
 * Return an id that no other element has.
 * @param {string} stem
 * @returns {string}
 */
export function newId(stem) {
  count += 1;
  return `${stem}-${count}`;
}
