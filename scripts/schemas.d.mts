/** JSON Schema (draft 2020-12) of the configuration file, made from the code's own schema. */
export declare function configJsonSchema(): Promise<Record<string, unknown>>;
/** AsyncAPI 3.0 document of the relay protocol, made from the code's own schema. */
export declare function relayAsyncapiDocument(): Promise<Record<string, unknown>>;
