import type { Term } from './bill.ts';
import { DAYS, findCosts } from './found.ts';
import { floodOf, keyCosts } from './keys.ts';
import { callerS, functionS, habits, type Load, loads, measured, reckoned } from './load.ts';
import { prices, type Price } from './prices.ts';
import type { Stack } from '../rules/rule.ts';
import { linesOf, times, totalOf, totalWithoutFree } from './sum.ts';

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
/** Three digits that count, and no more. */
const number = (n: number): string => (n >= 100 ? whole(n) : String(Number(n.toPrecision(3))));
const dollars = (usd: number): string => (usd >= 100 ? whole(usd) : usd.toFixed(2));

const reason = (term: Term): string =>
  `${term.what}: ${term.factors.map(([n, of]) => `${number(n)} ${of}`).join(' × ')} = ${number(times(term))}`;
const pays = ({ usd, per, free }: Price): string =>
  `$${usd} ${per === 1 ? 'each' : `a ${per === 1_000_000 ? 'million' : whole(per)}`}${free === 0 ? '' : `, ${whole(free)} free`}`;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
/** What the seconds of the function that computes would cost without any that are free. */
const computingOf = ({ runsADay, found }: Load): number =>
  runsADay * DAYS * functionS * ((found.memoryMb['transform'] ?? 0) / 1024) * prices.computing.usd;
const crowd = ({ people }: Load): string => (people === 1 ? 'One person' : `${whole(people)} people`);

function section(load: Load): readonly string[] {
  const lines = linesOf(load);
  const shown = lines.filter(({ usd }) => usd >= 0.005);
  const rest = lines.filter(({ usd, quantity }) => usd < 0.005 && quantity > 0);
  return [
    `## ${crowd(load)}`,
    '',
    `With ${load.says}. **${dollars(totalOf(load))} dollars a month**${load.people === 1 ? '' : `, ${dollars(totalOf(load) / load.people)} a person`}.`,
    '',
    '| what | how much of it | price | dollars |',
    '|---|---|---|---|',
    ...shown.map(({ price, terms, usd }) =>
      row(`${price.service}: ${price.unit}`, terms.map(reason).join('<br>'), pays(price), dollars(usd)),
    ),
    row(
      'below half a cent, all together',
      rest.map(({ price }) => `${price.service}: ${price.unit}`).join(', '),
      '',
      dollars(rest.reduce((sum, { usd }) => sum + usd, 0)),
    ),
    row('**sum**', '', '', `**${dollars(totalOf(load))}**`),
    '',
  ];
}

const habitLines: readonly string[] = [
  `- ${habits.pushes} deliveries with data and ${habits.notices} that only announce, each of which is fetched; ${habits.objectKb} KB an object.`,
  `- ${habits.grants} connections with a grant, whose tokens are renewed ${habits.renewals} times a day; ${habits.pages} pages, ${habits.questions} questions to Athena, one morning text.`,
];

const reckonedLines: readonly string[] = [
  `- A call takes ${reckoned.ms.receive} ms (\`receive\`, \`web\`), ${reckoned.ms.collect / 1000} s (\`collect\`, by the clock), ${reckoned.ms.readings / 1000} s (\`readings\`).`,
  `- One fetch reads ${reckoned.fetch.stateReads} and writes ${reckoned.fetch.stateWrites} units of the state; one run writes ${reckoned.run.s3Writes} and reads ${reckoned.run.s3Reads} files of tables.`,
  `- With \`engine=small\` the job that waits for the function is paid ${callerS} s: the function's ${functionS} s and ${reckoned.callerStartS} s to start and to see its answer.`,
  `- Lambda waits at the work queue with five long polls: ${whole(reckoned.polls)} requests a month, which a second stack of the account pays for ($0.26).`,
];

const { small } = measured;
const measuredLines: readonly string[] = [
  `- \`npm run bench:transform\`: the bundle of the function against moto, in a new process each time, one made-up person with a year of days behind (2,204 objects, 19 MB; six a day where the habits above say a hundred, each of them larger), runs of three objects each. ${small.processorS} s of processor a run (25 to 30), ${small.peakMb} MB at most, ${small.s3Writes} writing and ${small.s3Reads} reading requests to S3; two shared cores of a general machine, rounded up. The first run over the whole year: 49 s of processor, 992 MB.`,
  `- Lambda gives processor time by memory: a whole processor at 1769 MB, which is what the function has. So its seconds are those ${small.processorS} and the ${small.waitingS} s it waits for requests: ${small.processorS} + ${small.waitingS} = ${functionS}. That its processor is as fast as the one measured on is not known.`,
  '- A run computes all of the past: of 20 days it took 9 s of processor, of a year 27. By these two a run of five years takes 100 s, and the job that waits for it half a dollar more a month.',
];

/** What a stack costs, as a document: from the recorded stack with every key at its default, and from `spark`, one with that engine. */
export function costPage(stack: Stack, spark: Stack): string {
  const found = findCosts(stack);
  const other = findCosts(spark);
  const all = loads(found, other);
  const [one] = all;
  const usdOf = (name: string): string => dollars(linesOf(one).find((line) => line.name === name)?.usd ?? 0);
  const changed = keyCosts(one, other);
  const moreFor = (name: string): string => dollars(changed.find(({ key }) => key === name)?.usd ?? 0);
  const engine = Number(usdOf('caller')) + computingOf(one);
  return `${[
    '# What a stack costs',
    '',
    'Written by `node --import tsx test/infra/cost.ts` from the recorded program (what there is), a count of requests (`infra/cost/calls.ts`, which a test counts against moto),',
    'assumptions (`infra/cost/load.ts`) and prices (`infra/cost/prices.ts`); a test holds it to them. No stack has run on an account yet: this is arithmetic, not a bill.',
    '',
    row('people', ...all.map(({ people }) => whole(people))),
    '|---|---|---|---|',
    row('dollars a month', ...all.map((load) => dollars(totalOf(load)))),
    row('dollars a person', ...all.map((load) => dollars(totalOf(load) / load.people))),
    row('dollars a month, nothing free', ...all.map((load) => dollars(totalWithoutFree(load)))),
    '',
    `A single person's tables are made by the small engine (\`engine=small\`, the default): a function that runs the models on DuckDB, ${one.runsADay} runs a day. The job that calls it and the function's seconds would be ${dollars(engine)} dollars without Lambda's free seconds, ${usdOf('caller')} with them.`,
    'What is free every month, for good, is free to an account and not to a stack: the last line is what one pays whose account has used all of it up (dashboards, metrics, alarms, the seconds of functions).',
    `With \`engine=spark\` each run starts two Spark jobs instead, ${moreFor('engine=spark')} dollars a month more. Both keep the same tables, and one may follow the other. A hundred people and more are reckoned with Spark: what one function can hold is in [scaling.md](scaling.md).`,
    'Fewer runs are the way to pay less with either: a run that is not started costs nothing, and nothing is lost while it waits.',
    '',
    '## What is assumed',
    '',
    'Of every person, each day:',
    '',
    ...habitLines,
    '',
    'Measured:',
    '',
    ...measuredLines,
    '',
    'Reckoned, because only an account shows it:',
    '',
    ...reckonedLines,
    '',
    'A month has 30 days. Prices are those of us-east-1; taxes, data transfer (the first 100 GB a month are free) and the free first year of a new account are left out. Stored is what a year leaves.',
    '',
    ...all.flatMap(section),
    '## What each key costs',
    '',
    "Against one person's defaults, in dollars a month.",
    '',
    '| key | dollars | why |',
    '|---|---|---|',
    ...changed.map(({ key, usd, says }) => row(`\`${key}\``, `${usd < 0 ? '−' : '+'}${dollars(Math.abs(usd))}`, says)),
    '',
    `- **crawlMode**: ten minutes of two units are paid at least, ${dollars((prices.crawler.usd * 20) / 60)} a crawl; the default, weekly, is ${usdOf('crawler')} a month. Nothing of the program reads what the crawler writes.`,
    `- **providers**: an address costs nothing. A connection with a grant is a secret, ${prices.secret.usd.toFixed(2)} a person and provider; the stack has ${found.secrets} of its own.`,
    `- **Alarms** have no key: ${found.alarms}, of which ${prices.alarm.free} are free in an account, 0.10 each after that. **emails**, the budget and its mails cost nothing.`,
    '- **batchWindowSeconds** below 900 makes more runs of the same objects; **samples=false** makes runs shorter, by how much is not measured.',
    '- **logRetentionDays** costs next to nothing; what is paid is what is written.',
    `- **apiRate** is what a stranger can make you pay: 25 requests a second for a whole month, all refused, are ${dollars(floodOf(25))} dollars; the budget's mail comes long before.`,
    '- **firstFetchDays**, **lookbackDays** ask providers for more and AWS for little more.',
    '',
    '## Prices',
    '',
    '| price | dollars | read in |',
    '|---|---|---|',
    ...Object.values(prices).map((price) => row(`${price.service}: ${price.unit}`, pays(price), price.source)),
  ].join('\n')}\n`;
}
