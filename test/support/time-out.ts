/**
 * Of calls over real lines, in ms: enough for a machine that stands still for a moment to open a line, be asked and answer. Only what is about
 * silence waits for it.
 */
export const TIME_OUT_MS = 5_000;
