/**
 * Public page of a shared report: where modules show it, the rows for browsers without them go; of others the
 * charts are drawn, which the document holds as lists of values.
 * @module
 */

import { categoryChart } from "./bars.js";
import { ValueTexts } from "./values.js";

if (document.getElementById("report")) document.getElementById("static")?.remove();

for (const place of document.querySelectorAll("[data-chart]")) {
  const { chart, locale, timeZone } = /** @type {HTMLElement} */ (place).dataset;
  const texts = new ValueTexts(locale, timeZone);
  place.replaceChildren(categoryChart(JSON.parse(chart ?? "{}"), texts));
}

const select = document.getElementById("period");
if (select instanceof HTMLSelectElement) {
  select.addEventListener("change", () => {
    if (select.value) select.form?.requestSubmit();
  });
}
