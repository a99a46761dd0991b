// A function as Lambda runs it: its bundle imported into a process of its own and called with the events on stdin, a line each.
import { createInterface } from 'node:readline';

const [, , file] = process.argv;
const context = { getRemainingTimeInMillis: () => 300_000 };

const say = (answer) => process.stdout.write(`=> ${JSON.stringify(answer)}\n`);

try {
  const { handler } = await import(file);
  for await (const line of createInterface({ input: process.stdin })) {
    const started = performance.now();
    const answered = await handler(JSON.parse(line), context).then(
      (value) => ({ value }),
      (error) => ({ error: `${error.name}: ${error.message}` }),
    );
    say({ ...answered, ms: performance.now() - started });
  }
} catch (error) {
  say({ error: `${error.name}: ${error.message}`, ms: 0 });
}
