/** The only source of time. `now` is Unix ms and never goes back within a process. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
