/** An option of a command line, for whoever parses, explains or completes it. */
export interface OptionDescription {
  /** Without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help; a switch has none. */
  readonly value?: string;
  readonly summary: string;
  /** Values worth completing. Which ones are valid is judged elsewhere. */
  readonly choices?: readonly string[];
  readonly completes?: 'file' | 'folder';
  /** Of no use to a person: taken, and not told of. */
  readonly hidden?: boolean;
}
