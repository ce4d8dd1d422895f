/** Text that somebody else chose, made fit for a terminal. */

/** Control, format, private and separator characters but the space. */
const UNFIT = /(?! )[\p{C}\p{Z}]/gu;

/** `\uXXXX` for every UTF-16 unit that could steer a terminal, forge a line or hide text. */
export const printable = (text: string): string =>
  text.replace(UNFIT, (character) =>
    Array.from({ length: character.length }, (_unit, at) => {
      const unit = character.charCodeAt(at);
      return `\\u${unit.toString(16).padStart(4, '0')}`;
    }).join(''),
  );
