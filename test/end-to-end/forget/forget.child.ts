import { forget } from '../../../app/forget.ts';
import { createPremises } from '../../../local/premises.ts';
import { watchOperations } from '../crash/operations.ts';
import { at } from './home.ts';

/** Forgets somebody and kills itself with SIGKILL at the step given by number; prints how many steps there were when it came to the end. */
const [dataDir = '', shiftMs = '0', away = '', userId = '', fatal = '0'] = process.argv.slice(2);
let step = 0;

function count(): void {
  step += 1;
  if (step === Number(fatal)) process.kill(process.pid, 'SIGKILL');
}

/** Counts before and after each call of an object whose calls change what is kept, or wait. */
function counted<T extends object>(subject: T): T {
  return new Proxy(subject, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]): unknown => {
        count();
        const result: unknown = Reflect.apply(value, target, parameters);
        if (result instanceof Promise) return result.finally(count);
        return result;
      };
    },
  });
}

await at(dataDir, Number(shiftMs), away, async (runtime) => {
  watchOperations(count);
  const { state, objects, vault } = runtime;
  const watched = { ...runtime, state: counted(state), objects: counted(objects), vault: counted(vault) };
  await forget(watched, counted(createPremises(dataDir)), userId);
  process.stdout.write(`${step}\n`);
});
