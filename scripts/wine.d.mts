/** The environment of every Wine process of this prefix. */
export declare function wineEnvironment(prefix: string): NodeJS.ProcessEnv;

/** The file the prefix was booted on: the standard streams of its services end there. */
export declare function bootLog(prefix: string): string;

/** Makes the prefix if need be and leaves it booted: the service manager runs until `killPrefix`. */
export declare function bootPrefix(prefix: string): Promise<void>;

/** Ends everything in the prefix and boots it again; automatic services start. */
export declare function rebootPrefix(prefix: string): Promise<void>;

/** Ends every process of the prefix and waits until its registry is on disk. */
export declare function killPrefix(prefix: string): Promise<void>;

/** The same, synchronously, for exit handlers. */
export declare function killPrefixNow(prefix: string): void;
