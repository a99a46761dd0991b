/** Something a test opens by hand: `passed` resolves when `open` has been called. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let resolve: (() => void) | undefined;
  const passed = new Promise<void>((done) => {
    resolve = done;
  });
  return { passed, open: () => resolve?.() };
}
