import { openEngine, takeIn } from './lake.ts';

// One batch; whoever started it may kill it at any moment after it has said that it begins.
const [directory = '', data = '', upTo = '', batchId = ''] = process.argv.slice(2);
process.stdout.write('begun\n');
await takeIn(openEngine(directory), data, upTo, batchId);
process.stdout.write('done\n');
