// The text form of an installer database's tables: three lines that describe the columns, then the rows, tabs between the fields.
// https://learn.microsoft.com/windows/win32/msi/archive-file-format

/** @typedef {{ head: string[], rows: string[][] }} Table */

/** @param {string} text @returns {Table} */
export function parseIdt(text) {
  const lines = text.split('\r\n').filter((line) => line !== '');
  return { head: lines.slice(0, 3), rows: lines.slice(3).map((line) => line.split('\t')) };
}

/** In an order of its own: that of a database depends on where in memory its strings were. @param {Table} table */
export function formatIdt({ head, rows }) {
  const lines = rows.map((row) => row.join('\t')).sort();
  return [...head, ...lines, ''].join('\r\n');
}

/** @param {Table} table @returns {(row: string[], name: string, value: string) => void} */
export function columnSetter({ head: [names = ''] }) {
  const columns = names.split('\t');
  return (row, name, value) => {
    const at = columns.indexOf(name);
    if (at === -1) throw new Error(`no column ${name} among ${names}`);
    row[at] = value;
  };
}
