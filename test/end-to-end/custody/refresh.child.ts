import { obtain } from '../../../app/refresh/obtain.ts';
import { ID, openStand } from './stand.ts';

/** Asks once for the access token of a data directory's connection; its parent kills it at a moment of its choice. */
const [dataDir = '', baseUrl = '', shiftMs = '0', graceS = '0'] = process.argv.slice(2);

const custody = openStand(dataDir, baseUrl, { ms: Number(shiftMs) }, Number(graceS));
process.stdout.write('ready\n');
const answer = await obtain(custody, ID, {});
process.stdout.write(`${answer.ok ? 'ok' : answer.reason}\n`);
