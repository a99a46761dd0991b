type Row = Readonly<Record<string, unknown>>;

const words = (text: string): readonly string[] => text.split(' ');

/** What is answered without `data_fields`. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  'sleep-get': [],
  'sleep-getsummary': words(
    'wakeupduration lightsleepduration deepsleepduration remsleepduration wakeupcount durationtosleep durationtowakeup ' +
      'total_timeinbed total_sleep_time sleep_latency wakeup_latency waso sleep_efficiency nb_rem_episodes out_of_bed_count',
  ),
};

/** Of a row itself these are always there; the rest is asked for. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  getactivity: words('date timezone deviceid hash_deviceid brand is_tracker modelid model modified'),
  getintradayactivity: words('model model_id deviceid hash_deviceid'),
  'sleep-get': words('startdate enddate state model model_id hash_deviceid'),
};

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

const only = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));

/** The row with the fields that were asked for, comma-separated; the usual ones when nothing was. */
export function narrow(type: string, row: Row, dataFields: string | undefined): Row {
  const names = dataFields === undefined ? USUAL[type] : dataFields.split(',');
  if (names === undefined) return row;
  const fixed = FIXED[type];
  if (fixed !== undefined) return only(row, [...fixed, ...names]);
  const { data } = row;
  return isRow(data) ? { ...row, data: only(data, names) } : row;
}

/** Of a group of measures those of the types asked for; undefined when none is left. */
export function measuresOf(group: Row, types: readonly string[]): Row | undefined {
  const { measures } = group;
  if (types.length === 0 || !Array.isArray(measures)) return group;
  const left = measures.filter((one: unknown) => isRow(one) && types.includes(String(one['type'])));
  return left.length === 0 ? undefined : { ...group, measures: left };
}
