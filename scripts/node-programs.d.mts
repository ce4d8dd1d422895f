/** The version of Node that the product is made of. */
export declare const NODE_VERSION: string;

/** This machine's Node of that version; there once it has been fetched. */
export declare const sameNode: string;

/** From npm, unless it is there. @throws Error where npm fails */
export declare function fetchSameNode(): void;

export declare const windowsNode: string;

export declare function fetchWindowsNode(): void;
