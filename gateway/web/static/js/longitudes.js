/**
 * Longitudes on a flat map, which go on over the date line instead of round the earth.
 * @module
 */

const NEAR_DATE_LINE = 150; // degrees; what lies beyond is drawn on both sides

/**
 * @param {number} lng
 * @param {number} other
 * @returns {number} the longitude in degrees, turned by 360 to where it is nearest to another
 */
export function near(lng, other) {
  return lng + 360 * Math.round((other - lng) / 360);
}

/**
 * Return the longitudes of a line, each nearest to the one before, the first to another.
 * @param {number[]} lngs
 * @param {number} other
 * @returns {number[]}
 */
export function goingOn(lngs, other) {
  let before = other;
  return lngs.map((lng) => (before = near(lng, before)));
}

/**
 * @param {number} lng
 * @returns {number[]} degrees by which a thing is turned for each place at which it is drawn
 */
export function turnsOf(lng) {
  if (Math.abs(lng) <= NEAR_DATE_LINE) return [0];
  return lng > 0 ? [0, -360] : [0, 360];
}
