/**
 * Libraries that are loaded when they are first needed.
 * @module
 */

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/**
 * Load a script and the styles beside it.
 * @param {string} script path below the assets, such as "uplot/uPlot.iife.min.js"
 * @param {string} [styles]
 * @returns {Promise<void>}
 */
export function load(script, styles) {
  const found = loading.get(script) ?? Promise.all([append(script), styles ? append(styles) : null]).then(() => undefined);
  loading.set(script, found);
  return found;
}

/** @param {string} path @returns {string} the address of a file beside the folder of modules */
export function assetAddress(path) {
  return new URL(`../${path}`, import.meta.url).href;
}

/** @param {string} path @returns {Promise<void>} */
function append(path) {
  return new Promise((resolve, reject) => {
    const isStyle = path.endsWith(".css");
    const element = document.createElement(isStyle ? "link" : "script");
    if (element instanceof HTMLLinkElement) {
      element.rel = "stylesheet";
      element.href = assetAddress(path);
    } else element.src = assetAddress(path);
    element.addEventListener("load", () => resolve());
    element.addEventListener("error", () => reject(new Error(`cannot load ${path}`)));
    document.head.append(element);
  });
}

/**
 * Call a function whenever the colours of the document change, until its element has left it.
 * @param {Element} element
 * @param {() => void} redraw
 */
export function onThemeChange(element, redraw) {
  const call = () => {
    if (element.isConnected) redraw();
  };
  new MutationObserver(call).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", call);
}

/**
 * Return the colour that a custom property has where an element stands.
 * @param {Element} element
 * @param {string} name such as "--ink"
 * @returns {string}
 */
export function colour(element, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  probe.hidden = true;
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
