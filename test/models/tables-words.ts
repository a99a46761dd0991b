/** Unit and meaning of the columns of `batches`, which no model makes. */
export const BATCHES: Readonly<Record<string, readonly [unit: string, what: string]>> = {
  batch_id: ['', 'The batch; ids sort by time.'],
  started_at: ['', 'When it began.'],
  finished_at: ['', 'When its tables were written, just before they were published.'],
  n_objects: ['', 'Raw objects it took in.'],
  n_observations: ['', 'Values that stand in what it read.'],
  n_quarantined: ['', 'Refusals in what it read.'],
  n_days: ['', 'Pairs of a person and a local day that what it read is about.'],
  seconds: ['s', 'How long it took.'],
  tables: ['', 'Rows by table, as a JSON object: here of the whole table, in the cloud of what changed in it.'],
  model_version: ['', 'Hash of the models it ran by; of a stack without samples `-no-samples` follows.'],
};

const NUMBERS: Readonly<Record<number, string>> = { 16: 'sixteen' };

/** What docs/tables.md says before the tables; `buckets`: in how many files of a period the rows of people lie on one machine. */
export const headOf = (buckets: number): readonly string[] => [
  '# The tables',
  '',
  'Written by `node --import tsx test/models/tables.ts` from the `.yml` beside each model; a test holds the two together. The names are the same in',
  '`wellspring query`, in the folders of `tables/` (which the two views lack) and in Athena, and they stay. [queries.md](queries.md) has questions to begin with.',
  '',
  '- **Units** stand in the name of a column or metric, and in the tables here. `canonical` is the unit of the metric the row is about (`dim_metric.unit`), `scale` the brand’s own scale.',
  '- **Days** (`local_date`) are the person’s own; **instants** (`…_utc`, `…_at`) are UTC.',
  '- **Null** is "nobody said". 0 is a value.',
  '- **The star**: `fact_daily` (a column a metric), `fact_daily_metric` (a row a metric) and `fact_workout` join `dim_user` (by `user_id`, `local_date between valid_from and valid_to`),',
  '  `dim_date` (by `date`), `dim_metric`, `dim_source` (by `user_id` and `source` = `winner_source`, or by account and device) and `dim_activity` (by `sport`).',
  '  [Decision 023](decisions/023-the-star.md) says why it is cut so.',
  '',
  '## How they are kept, and why so',
  '',
  `- **On one machine** a table about people or accounts has at most one Parquet file for each of ${NUMBERS[buckets] ?? buckets} buckets (a hash of the person or account) and period, however many people there are`,
  '  ([decision 028](decisions/028-days-by-themselves.md)). A period is a month, or, until ten days after the month’s end, the days of it whose dates begin alike (`2026-06-1`: the 10th to the 19th).',
  '  What has no day has a file a bucket. A batch makes anew the days it touches, writes those files anew in which rows go or come, and keeps the others by name: a day of late costs ten days to write and not a month,',
  '  and what is read over all years is in files of months. Forgetting somebody writes the files of their bucket anew without them. One file a person and month would be a quarter of a million small files for a thousand people and a year.',
  '- **In the cloud** a table with a `local_date` is parted by its month. What arrives is about the last days, so a MERGE rewrites files of one or two months whatever the history is; a question about a span of days opens those months alone;',
  '  and there are twelve parts a year, however many people there are. A part for each person would be a million small files, each opened for one row.',
  '  What has no day is spread over a fixed number of parts by whose it is: a MERGE rewrites the parts of whoever changed, and everything of a person is in one of them.',
  '  What is about nobody is one part: it changes with the program.',
  '- **Sort order**: none is set. On one machine only files of more than one group of rows are sorted, by person and day. In the cloud every batch would have to sort what it merges, in a run of its own of a minute, to spare a question some files of a month;',
  '  the weekly compaction joins those. Where questions about one person read too much all the same, `write ordered by user_id, local_date` on `daily_metrics`, `observations` and `samples` is the first thing to try.',
  '- **Reach** is how far a change of one day of somebody’s data changes their rows of other days.',
  '',
];
