// What a terminal shows, as SVG: a frame, and text in the colours that its escape sequences ask for.

const LINE = 18;
const CHAR = 8.43;
const PAD = 20;
const HEAD = 36;
const COLOURS = {
  31: '#e88388',
  32: '#a8cc8c',
  33: '#dbab79',
  34: '#71bef2',
  35: '#d290e4',
  36: '#66c2cd',
  90: '#6f7683',
};

const SEQUENCES = /\x1b\[[\d;]*m/g;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** SGR parameters upon what was in force. @see ECMA-48, 8.3.117 */
function restyle(style, parameters) {
  let next = style;
  for (const parameter of parameters.split(';').map(Number)) {
    if (parameter === 0) next = {};
    else if (parameter === 1) next = { ...next, bold: true };
    else if (parameter === 2) next = { ...next, dim: true };
    else if (parameter === 22) next = { ...next, bold: false, dim: false };
    else if (parameter === 39) next = { ...next, colour: undefined };
    else next = { ...next, colour: COLOURS[parameter] };
  }
  return next;
}

function attributes({ bold = false, dim = false, colour }) {
  const fill = colour ?? (dim ? COLOURS[90] : undefined);
  return `${bold ? ' font-weight="700"' : ''}${fill === undefined ? '' : ` fill="${fill}"`}`;
}

/** One line of the picture: spans of text, each with a style. */
function spans(line) {
  let style = {};
  let text = '';
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    const sequence = /^\x1b\[([\d;]*)m$/.exec(part);
    if (sequence !== null) style = restyle(style, sequence[1] || '0');
    else if (part !== '') text += `<tspan${attributes(style)}>${escape(part)}</tspan>`;
  }
  return text;
}

/**
 * @param {readonly { prompt: string, output: string }[]} runs a command, and what it has printed
 * @param {string} title
 * @returns {string} SVG, as wide as its longest line
 */
export function terminalPicture(runs, title) {
  const lines = runs.flatMap(({ prompt, output }) => [
    `\x1b[90mPS C:\\> \x1b[0m\x1b[1m${prompt}\x1b[0m`,
    ...output.trimEnd().split(/\r?\n/),
    '',
  ]);
  const columns = Math.max(...lines.map((line) => line.replaceAll(SEQUENCES, '').length));
  const width = Math.ceil(columns * CHAR + 2 * PAD);
  const height = HEAD + lines.length * LINE + PAD;
  const rows = lines.map(
    (line, i) => `<text x="${PAD}" y="${HEAD + LINE * (i + 1) - 4}">${spans(line)}</text>`,
  );
  const dots = ['#ff5f58', '#ffbd2e', '#18c132'].map(
    (fill, i) => `<circle cx="${20 + 20 * i}" cy="18" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`,
    `<rect width="100%" height="100%" rx="6" fill="#282d35"/>${dots.join('')}`,
    `<g font-family="Consolas,Menlo,'DejaVu Sans Mono',monospace" font-size="14" fill="#b9c0cb" xml:space="preserve">`,
    ...rows,
    '</g></svg>',
    '',
  ].join('\n');
}
