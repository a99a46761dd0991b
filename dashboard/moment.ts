/** An instant (ISO 8601 or Unix ms) where the person is, `Wed 4 Mar, 21:05`. */
export function moment(at: string | number, zone: string): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const text = new Intl.DateTimeFormat('en-GB', { ...parts, hourCycle: 'h23', timeZone: zone }).format(new Date(at));
  // "Wed, 4 Mar, 21:05" with some versions of the data, without the first comma in others.
  return text.replace(/^(\w{3}),/, '$1').replace(/ at /, ', ');
}
