// One cold start: imports the bundle of a function, asks it once, and says how long both took in ms.
const [, , file, event] = process.argv;
const started = performance.now();
const { handler } = await import(file);
const imported = performance.now();
const { statusCode } = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 5000 });
const answered = performance.now();
process.stdout.write(
  `=> ${JSON.stringify({ importMs: imported - started, requestMs: answered - imported, statusCode })}\n`,
);
