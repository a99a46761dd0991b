// One run of the function that computes, in a process of its own as Lambda starts one: its bundle imported and called once. Prints what it
// answered, seconds, seconds of processor, and MB at most.
const [, , file] = process.argv;
const started = performance.now();
const { handler } = await import(file);
const value = await handler({}, { getRemainingTimeInMillis: () => 900_000 });
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
const figures = { seconds, processorSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(`=> ${JSON.stringify({ value, ...figures })}\n`);
