import { ProviderFailure } from './provider-failure.ts';

/**
 * Work that may not take longer than `limitMs`. It gets a signal that aborts then, and its late answer is ignored.
 *
 * @param what begins the message of the failure: 'Speech synthesis'.
 */
export async function within<T>(limitMs: number, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const failure = new ProviderFailure(`${what} took longer than ${limitMs} ms`);
    late.reject(failure);
    controller.abort(failure);
  }, limitMs);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
