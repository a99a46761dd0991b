/** Breaks a line at spaces so that none is longer than `width` characters; a longer word is cut. Later lines are indented like a list. */
export function wrap(line: string, width: number): readonly string[] {
  const indent = line.startsWith('- ') ? '  ' : '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ').flatMap((one) => pieces(one, width - indent.length))) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (joined.length <= width) {
      current = joined;
      continue;
    }
    lines.push(current);
    current = `${indent}${word}`;
  }
  return [...lines, current];
}

/** One line of printable ASCII of at most `length` characters: accents are dropped, what else is foreign becomes `?`. */
export function asciiLine(text: string, length: number): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim()
    .slice(0, length);
}

function pieces(word: string, width: number): readonly string[] {
  const cut: string[] = [''];
  // By what a reader sees as one letter: an accent is never parted from it.
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(word)) {
    const last = cut.length - 1;
    if (`${cut[last]}${segment}`.length <= width) cut[last] += segment;
    else cut.push(segment);
  }
  return cut;
}
