/** Sessions opened in each second after a relay's return, as an SVG. */
import { CONTENDERS, type ContenderKey } from './policies.ts';
import { simulate } from './simulate.ts';
import { situations } from './situation.ts';

const WIDTH = 760;
const HEIGHT = 300;
const LEFT = 60;
const RIGHT = 210;
const TOP = 30;
const BOTTOM = 40;
const SECONDS = 120;

const LINES: readonly (readonly [ContenderKey, string])[] = [
  ['fixed', '#b2182b'],
  ['jittered', '#ef8a62'],
  ['doubling', '#777777'],
  ['alone', '#92c5de'],
  ['both', '#2166ac'],
];

const x = (second: number): number => LEFT + (second / SECONDS) * (WIDTH - LEFT - RIGHT);
const y = (share: number): number => HEIGHT - BOTTOM - (share / 1.2) * (HEIGHT - TOP - BOTTOM);
const text = (left: number, top: number, words: string, more = ''): string =>
  `<text x="${left}" y="${top.toFixed(1)}"${more}>${words}</text>`;

const axes = (): string =>
  [
    `<path d="M${LEFT} ${TOP}V${y(0)}H${x(SECONDS)}" stroke="#333" fill="none"/>`,
    `<path d="M${LEFT} ${y(1).toFixed(1)}H${x(SECONDS)}" stroke="#999" stroke-dasharray="4 3" fill="none"/>`,
    text(LEFT - 8, y(1) + 4, 'C', ' text-anchor="end"'),
    text(LEFT - 8, y(0) + 4, '0', ' text-anchor="end"'),
    ...[0, 30, 60, 90, 120].map((s) => text(x(s), HEIGHT - BOTTOM + 16, `${s}`, ' text-anchor="middle"')),
    text(x(SECONDS / 2), HEIGHT - 6, 'seconds since the relay is back', ' text-anchor="middle"'),
    text(LEFT, 18, 'Sessions opened in a second, after a crash of 10 s'),
  ].join('\n');

/** @param scale 1 for 100,000 agents. */
export const chartOf = (scale: number, seed: number): string => {
  const situation = situations(scale).crash;
  const lines = LINES.map(([key, colour], index) => {
    const { name, maker, hints } = CONTENDERS[key];
    const curve = simulate(situation, maker, hints, seed).curve();
    const points = Array.from(
      { length: SECONDS },
      (_, s) => `${x(s + 0.5).toFixed(1)},${y((curve[s] ?? 0) / situation.perSecond).toFixed(1)}`,
    );
    const top = TOP + 14 + 20 * index;
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
      text(WIDTH - RIGHT + 14, top, name, ` fill="${colour}"`),
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    axes(),
    ...lines,
    '</svg>\n',
  ].join('\n');
};
