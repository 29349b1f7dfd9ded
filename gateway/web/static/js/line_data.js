/**
 * Points of line charts as the chart library takes them: one list of x and one of values for each line, with gaps.
 * @module
 */

const LONGEST_STEP_MS = 30 * 60 * 1000; // between two points of a line over time; a longer one is a gap

/** @typedef {{name: string, color: string, axis: number, step: boolean, x: number[], y: (number | null)[]}} Series */
/** @typedef {{kind: string, label: string, quantity: import("./values.js").Quantity}} XAxis */

/**
 * Return a line with an unknown value in each of its gaps; of points with the same x each keeps its place.
 * @param {Series} series
 * @param {[number, number][]} gaps stretches without data, ascending
 * @param {boolean} isTime
 * @returns {[number[], (number | null)[]]}
 */
export function withGaps(series, gaps, isTime) {
  const x = [];
  const y = [];
  let gap = 0;
  for (let i = 0; i < series.x.length; i++) {
    const at = series.x[i];
    if (i) {
      const before = series.x[i - 1];
      while (gap < gaps.length && gaps[gap][1] <= before) gap++;
      const isBroken = gap < gaps.length && gaps[gap][0] < at && gaps[gap][1] > before;
      if (isBroken || (isTime && at - before > LONGEST_STEP_MS)) {
        x.push(before + (at - before) / 2);
        y.push(null);
      }
    }
    x.push(x.length && at <= x[x.length - 1] ? next(x[x.length - 1]) : at);
    y.push(series.y[i] ?? null);
  }
  return [x, y];
}

/** @param {number} x @returns {number} a number behind x that no pixel tells from it */
function next(x) {
  return x + Math.max(Math.abs(x) * 1e-15, 1e-6) * 4;
}

/**
 * Return all lines over one list of x, undefined where a line has no point.
 * @param {[number[], (number | null)[]][]} lines
 * @returns {[number[], ...(number | null | undefined)[][]]}
 */
export function aligned(lines) {
  const [first] = lines;
  if (lines.every(([x]) => x.length === first[0].length && x.every((at, i) => at === first[0][i]))) {
    return [first[0], ...lines.map(([, y]) => y)];
  }
  const all = Float64Array.from(new Set(lines.flatMap(([x]) => x))).sort();
  return [Array.from(all), ...lines.map(([x, y]) => spread(all, x, y))];
}

/**
 * @param {Float64Array} all
 * @param {number[]} x
 * @param {(number | null)[]} y
 */
function spread(all, x, y) {
  const values = new Array(all.length).fill(undefined);
  let i = 0;
  for (let place = 0; place < all.length && i < x.length; place++) if (all[place] === x[i]) values[place] = y[i++];
  return values;
}

/**
 * Return the values of a chart as a table.
 * @param {{x_axis: XAxis, y_axes: (import("./values.js").Quantity & {label: string})[], series: Series[]}} chart
 * @param {import("./values.js").ValueTexts} texts
 * @param {string} xTitle
 * @returns {import("./table_data.js").TablePiece}
 */
export function tableOf(chart, texts, xTitle) {
  const [x, ...lines] = aligned(chart.series.map((one) => [one.x, one.y.map((value) => value ?? NaN)]));
  const isTime = chart.x_axis.kind === "time";
  const columns = [
    {
      field: "x", title: chart.x_axis.label || xTitle, align: "left", kind: isTime ? "moment" : "number", unit: "", decimals: 0,
      text: x.map((at) => (isTime ? texts.moment(at) : texts.number(at, 3))), raw: x,
    },
    ...chart.series.map((one, place) => {
      const quantity = chart.y_axes[one.axis] ?? chart.y_axes[0];
      const values = lines[place].map((value) => value ?? NaN);
      return {
        field: `y${place}`, title: one.name, align: "right", kind: quantity.kind, unit: quantity.unit, decimals: quantity.decimals,
        text: values.map((value) => texts.text(quantity, value)), raw: values,
      };
    }),
  ];
  return {
    header: "", first_row: 0, row_count: x.length, row_track: null, total_row_count: 0, entity_ids: [], column_groups: [],
    facts: [], groups: [], columns,
  };
}
