/**
 * SVG elements without any markup as text.
 * @module
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return a new SVG element.
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} content
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...content) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...content);
  return element;
}

/**
 * Draw anew whenever an element gets another width.
 * @param {HTMLElement} element
 * @param {(width: number) => SVGElement} draw
 */
export function drawWide(element, draw) {
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    element.replaceChildren(draw(width));
  }).observe(element);
}

/**
 * Return a text that fits into so many pixels, cut with an ellipsis.
 * @param {string} text
 * @param {number} width
 * @param {number} [size] pixels of the letters
 * @returns {string}
 */
export function fitted(text, width, size = 11) {
  const most = Math.max(1, Math.floor(width / (size * 0.58)));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
