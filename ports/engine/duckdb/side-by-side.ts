/**
 * Does `work` with each of `all`, as many at a time as `most` says. After a failure nothing more is begun; what has begun is waited for,
 * as it may still write, and the first failure thrown.
 */
export async function sideBySide<T>(all: Iterable<T>, most: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const failures: unknown[] = [];
  const goOn = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      try {
        await work(one);
      } catch (error) {
        failures.push(error);
        left.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: most }, goOn));
  if (failures.length > 0) throw failures[0];
}
