/** Ends a switch over a union: a compile error while a case is missing, a throw should one arrive anyway. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
