/**
 * Elements that the rows of a sheet may have in the document, given to its tables one after the other.
 * @module
 */

const MOST = 1_000; // beside windows, heads, charts and the map a document stays below 2,000

/** Budget of elements. */
export class ElementBudget {
  constructor() {
    this.left = MOST;
  }

  /**
   * Take elements if there are so many left.
   * @param {number} count
   * @returns {boolean} whether they were taken
   */
  take(count) {
    if (count > this.left) return false;
    this.left -= count;
    return true;
  }
}
