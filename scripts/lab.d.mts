/** The directory of the built lab programs. */
export declare const labPrograms: string;

/** The fetched Windows node.exe; on Windows nothing is fetched and this file does not exist. */
export declare const windowsNode: string;

export declare function buildLab(): void;

export declare function fetchWindowsNode(): void;
