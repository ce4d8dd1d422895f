/** The source of the message table, made from the supervisor's table of events. */
export declare function messageSource(): Promise<string>;
/** The rows of the table of events in docs/operations.md, a line each. */
export declare function eventRows(): Promise<string>;
/** Finds those rows; the second group. */
export declare const EVENT_ROWS: RegExp;
