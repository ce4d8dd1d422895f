/** The few elements that the pictures are made of. Pure. */

export const WIDTH = 1000;
export const COLOUR = {
  text: '#1f2933',
  faint: '#7b8794',
  grid: '#e4e7eb',
  axis: '#9aa5b1',
  spread: '#323f4b',
  product: '#2563a8',
  floor: '#8bb174',
  peer: '#c9b79c',
} as const;
/** Lines of a plot, in turn; told apart in grey as well, and by those who see no red. */
export const LINES = ['#2563a8', '#d9822b', '#5c8d3f', '#8e4585', '#7b8794'] as const;

/** To a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: true;
  /** Degrees, about its own place. */
  readonly turn?: number;
}

export const text = (x: number, y: number, words: string, style: TextStyle = {}): string => {
  const { size = 12, fill = COLOUR.text, anchor = 'start', bold, turn } = style;
  const more = [
    anchor === 'start' ? '' : ` text-anchor="${anchor}"`,
    bold ? ' font-weight="600"' : '',
    turn === undefined ? '' : ` transform="rotate(${turn} ${px(x)} ${px(y)})"`,
  ].join('');
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${fill}"${more}>${escape(words)}</text>`;
};

export const line = (
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  stroke: string,
  width = 1,
  dashes = '',
): string =>
  `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}" stroke="${stroke}" stroke-width="${width}"${
    dashes === '' ? '' : ` stroke-dasharray="${dashes}"`
  }/>`;

export const box = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${px(x)}" y="${px(y)}" width="${px(Math.max(0, width))}" height="${px(height)}" rx="1.5" fill="${fill}"/>`;

/** About as wide as such a text is: nobody measures it before it is drawn. */
export const widthOf = (words: string, size = 12): number => words.length * size * 0.56;

export interface Drawing {
  readonly height: number;
  readonly body: string;
}

/** @param x @param y of its upper left corner */
export const place = (x: number, y: number, body: string): string =>
  `<g transform="translate(${px(x)} ${px(y)})">\n${body}\n</g>`;

export const svg = (height: number, body: string): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${px(height)}" width="${WIDTH}" height="${px(height)}"` +
      ` font-family="system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif">`,
    `<rect width="${WIDTH}" height="${px(height)}" fill="#fff"/>`,
    body,
    '</svg>\n',
  ].join('\n');
