import { anomaliesOf } from '../anomalies.ts';
import { isTotal } from '../card.ts';
import { dayOf } from '../cells.ts';
import { shortDay } from '../format.ts';
import { metricOf } from '../metrics.ts';
import { type Found, isNew, type Look, type LookRuntime, sinceConnected } from './look.ts';

/** The values of today and yesterday far from the person's own normal. */
export async function anomaliesNew(runtime: LookRuntime, look: Look): Promise<readonly Found[]> {
  const { user, yesterday: from, today: to } = look;
  const rows = await runtime.readings.anomalies({ userId: user.user_id, from, to });
  const found = rows.flatMap((one) => {
    const local_date = dayOf(one);
    return anomaliesOf([one]).flatMap(({ metric, sentence }) => {
      const row = { kind: 'anomaly', table: 'anomalies', local_date, metric } as const;
      const isTold = runtime.mailDetail !== 'totals' || isTotal(metricOf(metric));
      return isNew(look, row) ? [{ row, line: isTold ? `${shortDay(local_date)}: ${sentence}` : undefined }] : [];
    });
  });
  return sinceConnected(look, found);
}
