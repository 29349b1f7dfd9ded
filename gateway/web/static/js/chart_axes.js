/**
 * Axes of line charts: their ranges, the digits of their ticks, the points under the pointer.
 * @module
 */

/** @returns the range of an axis: zero belongs to it unless the values are far from it, and so do its thresholds */
export function paddedRange(chart, place) {
  const bounds = chart.thresholds.filter((one) => one.axis === place).map((one) => one.y);
  return (_self, low, high) => {
    if (low === null || high === null) return [0, 1];
    let [min, max] = [Math.min(low, ...bounds), Math.max(high, ...bounds)];
    if (min > 0 && (max - min) / max > 0.3) min = 0;
    if (min === max) [min, max] = min === 0 ? [0, 1] : [Math.min(0, min), Math.max(0, max)];
    const room = (max - min) * 0.06;
    return [min < 0 || (min > 0 && min - room > 0) ? min - room : Math.max(min - room, 0), max + room];
  };
}

/** @param {number} step @returns {number} digits after the point that tell two ticks apart */
export function decimalsOf(step) {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
}

/** @returns the place of the point of a line that is nearest to another place, itself where the line has none near it */
export function nearest(values, index) {
  if (!values || values[index] !== undefined) return index;
  for (let distance = 1; distance < 100; distance++) {
    if (values[index - distance] !== undefined) return index - distance;
    if (values[index + distance] !== undefined) return index + distance;
  }
  return index;
}
