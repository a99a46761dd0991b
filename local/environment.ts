/** The variables of this process by name. The one place that reads them: everything else is handed what it needs. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A snapshot of the environment this process was started with. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
