/**
 * What Shopify puts into the global scope of every extension, as far as they share code that uses it.
 */
interface Host {
  sessionToken: { get(): Promise<string> };
  storage: {
    read<T>(key: string): Promise<T | null>;
    write(key: string, data: unknown): Promise<void>;
    delete(key: string): Promise<void>;
  };
}

export const { shopify } = globalThis as unknown as { shopify: Host };
