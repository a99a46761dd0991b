import type { Metric } from './metrics.ts';
import type { Units } from './people.ts';

/** A number and its unit as a person reads them, such as `8,423` and `steps`. */
export interface Shown {
  readonly text: string;
  readonly unit: string;
}

interface Scale {
  readonly unit: string;
  readonly factor: number;
  readonly offset?: number;
  readonly decimals?: number;
}

const WORDS: Readonly<Record<string, string>> = {
  count: '',
  '1': '',
  degC: '°C',
  'degC delta': '°C',
  y: 'years',
};

const IMPERIAL: Readonly<Record<string, Scale>> = {
  kg: { unit: 'lb', factor: 1 / 0.45359237 },
  m: { unit: 'in', factor: 1 / 0.0254, decimals: 0 },
  cm: { unit: 'in', factor: 1 / 2.54 },
  degC: { unit: '°F', factor: 1.8, offset: 32 },
  'degC delta': { unit: '°F', factor: 1.8 },
  mL: { unit: 'fl oz', factor: 1 / 29.5735295625 },
};

/** A canonical value for a reader, converted here and only here: durations as `7 h 12 min`, distances in km or miles, the rest by `Intl`. */
export function show(value: number, metric: Metric, units: Units): Shown {
  if (metric.unit === 's') return { text: duration(value), unit: '' };
  if (metric.unit === 'm' && metric.metric.startsWith('distance')) return distance(value, units);
  const scale = units === 'imperial' ? IMPERIAL[metric.unit] : undefined;
  if (scale === undefined) return { text: number(value, metric.decimals), unit: WORDS[metric.unit] ?? metric.unit };
  return {
    text: number(value * scale.factor + (scale.offset ?? 0), scale.decimals ?? metric.decimals),
    unit: scale.unit,
  };
}

/** The same as one text, `8,423` or `52 bpm`. */
export function say(value: number, metric: Metric, units: Units): string {
  const { text, unit } = show(value, metric, units);
  return unit === '' ? text : unit === '%' ? `${text}%` : `${text} ${unit}`;
}

/** Seconds as hours and minutes, rounded to the minute; under a minute in seconds. */
export function duration(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  if (size > 0 && size < 60) return `${sign}${Math.round(size)} s`;
  const minutes = Math.round(size / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${sign}${rest} min`;
  return rest === 0 ? `${sign}${number(hours, 0)} h` : `${sign}${number(hours, 0)} h ${rest} min`;
}

/** A local date in words, `Tuesday 4 March 2026`. */
export function longDay(day: string): string {
  return dayWith(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** A local date in short, `Tue 4 Mar`. */
export function shortDay(day: string): string {
  return dayWith(day, { weekday: 'short', day: 'numeric', month: 'short' });
}

function dayWith(day: string, options: Intl.DateTimeFormatOptions): string {
  // en-GB puts the day before the month; its comma after the weekday is left out.
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`)).replace(',', '');
}

function distance(metres: number, units: Units): Shown {
  if (units === 'imperial') return { text: number(metres / 1609.344, 2), unit: 'mi' };
  return { text: number(metres / 1000, 2), unit: 'km' };
}

function number(value: number, decimals: number): string {
  const text = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  // A value that rounds to nothing is zero, not "-0".
  return text.format(value).replace(/^-(?=[0.,]*$)/, '');
}
