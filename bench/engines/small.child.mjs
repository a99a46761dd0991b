// One batch of the function that computes, in a process of its own as Lambda starts one: its bundle imported and called once. Prints what it
// answered, or the code it refused with.
const [, , file, timeoutMs] = process.argv;
const until = Number(timeoutMs);
const { handler } = await import(file);
// Lambda counts from the start of the process, too.
const context = { getRemainingTimeInMillis: () => Math.floor(until - process.uptime() * 1000) };
const peakMb = () => process.resourceUsage().maxRSS / 1024;
try {
  const { outcome, objects } = await handler({}, context);
  process.stdout.write(`=> ${JSON.stringify({ outcome, objects, peakMb: peakMb() })}\n`);
} catch (error) {
  process.stdout.write(`=> ${JSON.stringify({ outcome: error.message, objects: 0, peakMb: peakMb() })}\n`);
}
