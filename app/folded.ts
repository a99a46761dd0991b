/** A segment `.` or `..`, written plainly or encoded. */
const FOLDED = /\/(\.|%2e){1,2}(\/|$)/i;

/** Whether a reader of addresses would fold segments of this path away before any route is asked; such a path is nobody's. */
export function isFolded(target: string): boolean {
  return FOLDED.test(target.replace(/[?#].*$/, ''));
}
