import type { BodyDay } from './body.ts';
import type { Chance } from './chance.ts';
import type { Holding } from './holding.ts';
import type { Beat } from './oura-day.ts';
import type { Person } from './person.ts';
import { dressDay, wearsDressWatch } from './withings-day.ts';
import { matBeats, matNight } from './withings-night.ts';
import { holdMeasures } from './withings-scale.ts';

/** Everything the maker of a person's scale comes to know: also of their cuff, their mat, their thermometer and their other watch. */
export function holdScale(person: Person, bodies: readonly BodyDay[], chance: Chance): Holding {
  const nights = person.habits.mat
    ? bodies.flatMap((body) => {
        return body.night === undefined ? [] : matNight(person, body, body.night, chance.fork(body.day.date));
      })
    : [];
  const days = bodies.filter((body) => wearsDressWatch(person, body)).flatMap((body) => dressDay(person, body));
  const records = [...holdMeasures(person, bodies, chance.fork('measures')), ...nights, ...days];
  return { provider: 'withings', externalId: person.scaleId, person: person.index, zone: person.zone, records };
}

/** The day as the usual watch saw it: nothing, when the other one was worn. */
export function inTheDrawer(person: Person, body: BodyDay): BodyDay {
  return wearsDressWatch(person, body) ? { ...body, plot: { ...body.plot, watchForgotten: true } } : body;
}

/** The heart rates of all nights on the mat, from the chance `holdScale` is given; none of somebody without a mat. */
export function matHeartRates(person: Person, bodies: readonly BodyDay[], chance: Chance): Beat[] {
  if (!person.habits.mat) return [];
  return bodies.flatMap((body) => {
    return body.night === undefined ? [] : matBeats(body, body.night, chance.fork(body.day.date).fork('mat beats'));
  });
}
