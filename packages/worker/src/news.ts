/** One value that changes, for whoever subscribes, now or later. */
export interface News<T> {
  tell(news: T): void;
  /** Calls back at once with the last that was told, if anything was. @returns the function that ends it. */
  subscribe(listener: (news: T) => void): () => void;
}

export const createNews = <T>(): News<T> => {
  const listeners = new Set<(news: T) => void>();
  let last: { readonly news: T } | undefined;
  return {
    tell: (news) => {
      last = { news };
      for (const listener of [...listeners]) listener(news);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (last !== undefined) listener(last.news);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};
